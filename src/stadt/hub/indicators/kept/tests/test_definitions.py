"""What a kept indicator is: defined by those who may, in versions, old values staying under theirs."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stadt.core.errors import Conflict, Forbidden, Invalid
from stadt.hub.indicators import queries
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.forms import DefinitionForm, VersionForm
from stadt.hub.indicators.kept.tests.office import DEATHS, Office
from stadt.hub.indicators.periods import PeriodKind
from stadt.hub.indicators.services import recompute
from stadt.hub.indicators.statistics import Method

KEY = "city.deaths"
PEOPLE = 259_645


def fields_of(refused: Any) -> set[str]:
    return {error.field for error in refused.value.fields}


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0.125, 1.125, 1234567.0, 2.5, 100_000.0, -3.0])
def test_a_new_version_begins_with_the_numbers_of_the_last(office: Office, number: float) -> None:
    """A form that is sent as it was shown changes no bound, and no number is taken for another."""
    office.define(replace(DEATHS, valid_low=number, valid_high=number, per=abs(number)), KEY)
    shown = DefinitionForm.initial_of(queries.versions_of(KEY)[0])
    form = VersionForm({**shown, "valid_from": "2030-01-01", "reason": "Geprüft."})
    assert form.is_valid(), form.errors
    draft = form.as_draft()
    assert (draft.valid_low, draft.valid_high, draft.per) == (number, number, abs(number))


@pytest.mark.parametrize("who", ["enterer", "confirmer", "stranger"])
def test_only_who_may_define_defines(office: Office, who: str) -> None:
    with pytest.raises(Forbidden):
        services.define_indicator(
            getattr(office, who), office.organisation.pk, KEY, DEATHS, valid_from=date(2020, 1, 1)
        )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit": "Stück"}, "unit"),
        ({"unit": ""}, "unit"),
        ({"title": " "}, "title"),
        ({"title": "a\x00"}, "title"),
        ({"interval": Method.WILSON}, "interval"),
        ({"numerator": ""}, "numerator"),
        ({"per": 0}, "per"),
        ({"mean_of": PeriodKind.YEAR}, "mean_of"),
        ({"period": PeriodKind.DAY, "mean_of": PeriodKind.FIVE_YEARS}, "mean_of"),
        ({"valid_low": 2, "valid_high": 1}, "valid_high"),
        ({"digits": 40}, "digits"),
        ({"dimensions": {"Typ": "x"}}, "dimensions"),
    ],
)
def test_a_definition_that_cannot_hold_is_refused(office: Office, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        office.define(replace(DEATHS, **change))
    assert field in fields_of(refused)


@pytest.mark.parametrize(
    "key", ["waste.monitored_share", "city.", "city.Ä", "city.a\x00", "other.name", "city.deaths"]
)
def test_a_key_is_in_the_area_of_kept_ones_and_free(office: Office, key: str) -> None:
    office.define()
    with pytest.raises(Invalid) as refused:
        office.define(key=key)
    assert fields_of(refused) == {"key"}


def test_old_values_stay_under_their_definition_and_a_break_is_told(office: Office) -> None:
    """M-04."""
    office.define()
    old = office.store(period="2019", numerator=4, denominator=PEOPLE)
    draft = replace(DEATHS, title="Verkehrstote (30 Tage)", reason="Neue Zählweise.", is_break=True)
    with pytest.raises(Invalid) as refused:
        services.change_definition(
            office.definer, KEY, replace(draft, reason=""), valid_from=date(2020, 1, 1)
        )
    assert fields_of(refused) == {"reason"}
    services.change_definition(office.definer, KEY, draft, valid_from=date(2020, 1, 1))
    new = office.store(period="2020", numerator=5, denominator=PEOPLE)
    assert [value.version for value in queries.history(KEY)] == [1, 2]
    assert queries.definition_of(KEY, date(2019, 6, 1)).title == "Verkehrstote"
    assert queries.definition_of(KEY).is_break
    assert queries.definition_of(KEY, date(1950, 1, 1)).version == 1
    assert (recompute(old.pk).numerator, recompute(new.pk).numerator) == (4, 5)
    with pytest.raises(Invalid) as refused:
        services.change_definition(office.definer, KEY, draft, valid_from=date(2020, 1, 1))
    assert fields_of(refused) == {"valid_from"}


def test_a_definition_does_not_change_under_figures_that_wait(office: Office) -> None:
    office.define()
    office.enter(period="2021", numerator=1, denominator=PEOPLE)
    with pytest.raises(Conflict):
        services.change_definition(
            office.definer, KEY, replace(DEATHS, reason="Neu."), valid_from=date(2020, 1, 1)
        )
