"""Figures of people: entered by one, confirmed by another, revised with a reason, never silently."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.hub.indicators import queries
from stadt.hub.indicators.events import FigureRevised
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.drafts import DefinitionDraft, ValueDraft
from stadt.hub.indicators.kept.tests.office import AIDED, DEATHS, SHARE, Office, districts
from stadt.hub.indicators.models import Entry, IndicatorValue
from stadt.hub.indicators.periods import PeriodKind
from stadt.hub.indicators.services import recompute
from stadt.hub.indicators.states import QualityClass, ValueState
from stadt.hub.indicators.statistics import Method, poisson

pytestmark = pytest.mark.django_db

KEY = "city.deaths"
PEOPLE = 259_645


def fields_of(refused: Any) -> set[str]:
    return {error.field for error in refused.value.fields}


def test_a_confirmed_figure_carries_everything_that_a_value_carries(office: Office) -> None:
    """M-03: numerator, denominator, period, source, method version, quality class, uncertainty, lineage."""
    office.define(code="K4.1-04")
    row = office.store(
        numerator=3, denominator=PEOPLE, quality_class=QualityClass.SURVEY, note="Vorläufige Zählung."
    )
    [value] = queries.history(KEY)
    assert (value.id, value.numerator, value.denominator, value.version) == (row.pk, 3, PEOPLE, 1)
    assert value.value == pytest.approx(3 / PEOPLE * 100_000)
    assert value.interval == poisson(3, PEOPLE, 100_000)
    assert (value.quality_class, value.note) == (QualityClass.SURVEY, "Vorläufige Zählung.")
    assert value.inputs[0]["entry"] == row.entry_id
    assert queries.latest_values([KEY])[KEY] == value
    assert recompute(value.id).value == value.value
    assert queries.kept_keys_for("K4.1-04") == (KEY,)
    assert queries.kept_keys() == {"K4.1-04": (KEY,)}


def test_whoever_entered_a_figure_cannot_confirm_it(office: Office) -> None:
    """R-16."""
    office.define()
    entry = services.enter_value(office.head, KEY, ValueDraft("2024", numerator=3, denominator=PEOPLE))
    with pytest.raises(Forbidden, match="jemand anderes"):
        services.confirm_value(office.head, entry.pk)
    assert queries.history(KEY) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(decision="confirmed", decided_by=entry.entered_by)


def test_a_token_enters_and_never_confirms_or_refuses(office: Office) -> None:
    office.define()
    entry = services.enter_value(office.machine, KEY, ValueDraft("2024", numerator=3, denominator=PEOPLE))
    other = office.enter(period="2023", numerator=1, denominator=PEOPLE)
    for pk in (entry.pk, other.pk):
        with pytest.raises(Forbidden, match="nur ein Mensch"):
            services.confirm_value(office.machine, pk)
    with pytest.raises(Forbidden, match="nur ein Mensch"):
        services.refuse_value(office.machine, other.pk, "Nein.")
    services.confirm_value(office.confirmer, entry.pk)


@pytest.mark.parametrize("who", ["definer", "confirmer", "stranger", "nobody"])
def test_only_who_may_enter_enters(office: Office, who: str) -> None:
    """Rights of the roles: R-06 and R-09 enter, R-14 and all others do not."""
    office.define()
    actor = getattr(office, who, Actor.anonymous())
    with pytest.raises((Forbidden, SignInNeeded)):
        services.enter_value(actor, KEY, ValueDraft("2024", value=1))


@pytest.mark.parametrize("who", ["definer", "enterer", "stranger", "nobody"])
def test_only_who_may_confirm_confirms_and_strangers_do_not_learn_that_it_is_there(
    office: Office, who: str
) -> None:
    office.define()
    entry = office.enter(numerator=1, denominator=PEOPLE)
    actor = getattr(office, who, Actor.anonymous())
    with pytest.raises(NotFound if who in {"stranger", "nobody"} else Forbidden):
        services.confirm_value(actor, entry.pk)


def test_a_decided_entry_is_not_decided_again(office: Office) -> None:
    office.define()
    entry = office.enter(numerator=1, denominator=PEOPLE)
    services.refuse_value(office.confirmer, entry.pk, "Falsches Jahr.")
    for verb in (services.confirm_value, services.refuse_value):
        with pytest.raises(Conflict):
            verb(office.confirmer, entry.pk, "Doch.")
    assert queries.history(KEY) == []
    assert office.enter(numerator=2, denominator=PEOPLE).pk != entry.pk


def test_one_takes_back_what_one_entered(office: Office) -> None:
    office.define()
    entry = office.enter(numerator=1, denominator=PEOPLE)
    services.refuse_value(office.enterer, entry.pk, "Vertippt.")
    with pytest.raises(NotFound):
        services.refuse_value(office.stranger, office.enter(numerator=2, denominator=PEOPLE).pk, "Nein.")


def test_a_second_figure_for_the_same_period_waits_for_the_first_and_then_is_a_revision(
    office: Office,
) -> None:
    office.define()
    office.enter(numerator=1, denominator=PEOPLE)
    with pytest.raises(Conflict, match="wartet schon"):
        office.enter(numerator=2, denominator=PEOPLE)
    services.confirm_value(office.confirmer, Entry.objects.get().pk)
    with pytest.raises(Conflict, match="berichtigt"):
        office.enter(numerator=2, denominator=PEOPLE)


def test_a_revision_says_why_and_the_old_value_stays_readable(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr("stadt.hub.indicators.kept.storing.publish", told.append)
    office.define()
    old = office.store(numerator=4, denominator=PEOPLE)
    with pytest.raises(Invalid) as refused:
        services.revise_value(
            office.enterer, old.pk, ValueDraft("2024", numerator=5, denominator=PEOPLE), " "
        )
    assert fields_of(refused) == {"reason"}
    with pytest.raises(Conflict, match="anderen Zeitraum"):
        services.revise_value(
            office.enterer, old.pk, ValueDraft("2023", numerator=5, denominator=PEOPLE), "Ja."
        )
    entry = services.revise_value(
        office.enterer,
        old.pk,
        ValueDraft("2024", numerator=5, denominator=PEOPLE),
        "Nachmeldung der Polizei.",
    )
    assert queries.history(KEY)[0].id == old.pk
    new = services.confirm_value(office.confirmer, entry.pk)
    [value] = queries.history(KEY)
    assert (value.id, value.numerator, value.revision, value.revises_id) == (new.pk, 5, 2, old.pk)
    assert value.revision_reason == "Nachmeldung der Polizei."
    first, second = queries.revisions_of(value)
    assert (first.id, first.numerator, first.superseded_at is not None, second.id) == (
        old.pk,
        4,
        True,
        new.pk,
    )
    assert recompute(old.pk).numerator == 4
    [revised] = [event for event in told if isinstance(event, FigureRevised)]
    assert (revised.key, revised.value_id, revised.old, revised.new) == (KEY, new.pk, old.value, new.value)


def test_of_two_revisions_only_the_one_of_the_standing_value_is_taken(office: Office) -> None:
    office.define()
    old = office.store(numerator=4, denominator=PEOPLE)
    entry = services.revise_value(
        office.enterer, old.pk, ValueDraft("2024", numerator=5, denominator=PEOPLE), "A."
    )
    services.confirm_value(office.confirmer, entry.pk)
    with pytest.raises(NotFound):
        services.revise_value(
            office.enterer, old.pk, ValueDraft("2024", numerator=6, denominator=PEOPLE), "B."
        )


def test_missing_is_a_state_and_never_zero(office: Office) -> None:
    """M-03."""
    office.define()
    row = office.store(state=ValueState.NOT_COLLECTED)
    assert (row.value, row.state) == (None, "not_collected")
    assert queries.history(KEY)[0].reason == "Für diesen Zeitraum wurde nicht erhoben."
    with pytest.raises(Invalid) as refused:
        office.enter(period="2023", state=ValueState.NOT_COLLECTED, value=0)
    assert fields_of(refused) == {"value"}
    with pytest.raises(Invalid) as refused:
        office.enter(period="2023")
    assert fields_of(refused) == {"value"}


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"unit": "kg"}, "unit"),
        ({"numerator": 1.5}, "numerator"),
        ({"numerator": -1}, "numerator"),
        ({"denominator": 0}, "denominator"),
        ({"numerator": float("nan")}, "numerator"),
        ({"numerator": 1e300}, "numerator"),
        ({"value": 7.0}, "value"),
        ({"denominator": None}, "denominator"),
        ({"period": "2024-07"}, "period"),
        ({"period": "2999"}, "period"),
        ({"period": "\x00"}, "period"),
        ({"period": "９９９９"}, "period"),
        ({"place": "nirgends"}, "place"),
        ({"place": "\x00"}, "place"),
        ({"series": "heat"}, "series"),
        ({"dimensions": {"type": "x"}}, "dimensions"),
        ({"dimensions": {"a;b": "x"}}, "dimensions"),
        ({"note": "a\x00b"}, "note"),
        ({"note": "x" * 2000}, "note"),
    ],
)
def test_what_cannot_be_right_is_refused_naming_the_field(
    office: Office, draft: dict[str, Any], field: str
) -> None:
    office.define()
    with pytest.raises(Invalid) as refused:
        office.enter(**{"numerator": 1, "denominator": PEOPLE, **draft})
    assert field in fields_of(refused)
    assert not Entry.objects.exists()


def test_rare_events_get_a_mean_of_years_with_a_narrower_interval(office: Office) -> None:
    """Notes 3.2.8: count, multi-year mean and a Poisson interval."""
    office.define(replace(DEATHS, mean_of=PeriodKind.THREE_YEARS))
    for year, count in ((2021, 2), (2022, 0), (2023, 4), (2024, 1)):
        office.store(period=str(year), numerator=count, denominator=PEOPLE)
    means = queries.history(KEY, period=PeriodKind.THREE_YEARS)
    assert [value.numerator for value in means] == [6, 5]
    assert means[0].interval == poisson(6, 3 * PEOPLE, 100_000)
    single = queries.history(KEY)
    assert len(single) == 4
    assert means[1].interval is not None
    assert single[-1].interval is not None
    assert means[1].interval.width < single[-1].interval.width
    assert recompute(means[1].id).value == means[1].value
    row = IndicatorValue.objects.get(pk=single[2].id)
    entry = services.revise_value(
        office.enterer, row.pk, ValueDraft("2023", numerator=5, denominator=PEOPLE), "Neu."
    )
    services.confirm_value(office.confirmer, entry.pk, "Geprüft.")
    assert [value.numerator for value in queries.history(KEY, period=PeriodKind.THREE_YEARS)] == [7, 6]
    assert recompute(means[1].id).value == means[1].value


def test_a_mean_of_a_sample_has_its_interval(office: Office) -> None:
    office.define(replace(DEATHS, interval=Method.MEAN, per=1, numerator="", denominator="Befragte"))
    row = office.store(value=3.5, denominator=100, deviation=1.0)
    assert (row.interval_low, row.interval_high) == pytest.approx((3.3016, 3.6984), abs=1e-4)


def test_small_cells_are_never_stored_as_published_values(office: Office) -> None:
    """S-4."""
    office.define(AIDED, "city.aided")
    row = office.store("city.aided", value=2)
    assert (row.value, row.numerator, row.denominator, row.state) == (None, None, None, "suppressed")
    assert recompute(row.pk).state is ValueState.SUPPRESSED
    assert row.entry is not None
    assert row.entry.value == 2
    assert office.store("city.aided", period="2023", value=0).value == 0
    assert office.store("city.aided", period="2022", value=3).value == 3


def test_a_year_that_is_hidden_later_is_told_by_no_mean_and_no_older_value(office: Office) -> None:
    """S-4: from the mean and the other years the hidden one could be worked out."""
    aided = replace(AIDED, additive=False, numerator="Menschen", denominator="alle", per=1000)
    office.define(replace(aided, interval=Method.POISSON, mean_of=PeriodKind.THREE_YEARS))
    for year in (2021, 2022, 2023):
        office.store(period=str(year), numerator=9, denominator=PEOPLE)
    [mean] = queries.history(KEY, period=PeriodKind.THREE_YEARS)
    assert mean.numerator == 27
    old = IndicatorValue.objects.get(key=KEY, period=PeriodKind.YEAR, period_start__year=2021)
    entry = services.revise_value(
        office.enterer, old.pk, ValueDraft("2021", numerator=1, denominator=PEOPLE), "Verzählt."
    )
    services.confirm_value(office.confirmer, entry.pk, "Geprüft.")
    [now] = queries.history(KEY, period=PeriodKind.THREE_YEARS)
    assert (now.value, now.numerator, now.state) == (None, None, ValueState.SUPPRESSED)
    for before in (old.pk, mean.id):
        told = queries.find_value(before)
        assert told is not None
        assert (told.value, told.numerator, told.denominator) == (None, None, None)
        assert recompute(before).value is None
        assert {value.value for value in queries.revisions_of(told)} == {None}
    other = IndicatorValue.objects.get(key=KEY, period=PeriodKind.YEAR, period_start__year=2022)
    entry = services.revise_value(
        office.enterer, other.pk, ValueDraft("2022", numerator=8, denominator=PEOPLE), "Auch verzählt."
    )
    services.confirm_value(office.confirmer, entry.pk, "Geprüft.")
    told = queries.find_value(mean.id)
    assert told is not None
    assert (told.value, told.state) == (None, ValueState.SUPPRESSED)


def test_a_second_hidden_part_takes_its_means_along(office: Office) -> None:
    office.define(replace(AIDED, numerator="Menschen", mean_of=PeriodKind.TWO_YEARS), "city.aided")
    one, other = districts(2)
    for year in ("2021", "2022"):
        office.store("city.aided", period=year, place=other.key, numerator=7)
    [mean] = queries.history("city.aided", place_id=other.pk, period=PeriodKind.TWO_YEARS)
    assert mean.value is not None
    office.store("city.aided", period="2022", place=one.key, numerator=1)
    [mean] = queries.history("city.aided", place_id=other.pk, period=PeriodKind.TWO_YEARS)
    assert (mean.value, mean.numerator) == (None, None)


def test_the_statistics_office_sets_from_how_many_on_figures_are_shown(office: Office, actor: Actor) -> None:
    office.define(AIDED, "city.aided")
    with pytest.raises(Forbidden):
        services.set_smallest_cell(office.definer, 5, "Satzung.")
    for wrong in (0, 101):
        with pytest.raises(Invalid):
            services.set_smallest_cell(actor, wrong, "Satzung.")
    services.set_smallest_cell(actor, 5, "Satzung.")
    row = office.store("city.aided", value=4)
    assert row.value is None
    services.set_smallest_cell(actor, 2, "Neue Satzung.")
    assert recompute(row.pk).state is ValueState.SUPPRESSED


def test_shares_add_a_series_and_a_breakdown(office: Office) -> None:
    office.define(SHARE, "city.green")
    office.store("city.green", numerator=30, denominator=100)
    office.store("city.green", numerator=5, denominator=50, series="heat")
    office.store("city.green", numerator=3, denominator=10, dimensions={"type": "Wind"})
    assert queries.history("city.green")[0].value == 30
    assert queries.history("city.green", series="heat")[0].value == 10
    assert queries.history("city.green", breakdown={"type": "Wind"})[0].interval is None
    known = queries.figures_of(["city.green", "city.nothing"])
    assert list(known) == ["city.green"]
    assert known["city.green"].definition.title_of("heat") == "Wärme"


def test_parts_of_the_city_add_up_to_the_city(office: Office) -> None:
    """S-2 and notes §6 row 24: area values add up to the city's."""
    office.define(replace(AIDED, protects_people=False), "city.aided")
    areas = districts()
    for number, area in enumerate(areas, start=10):
        office.store("city.aided", value=number, place=area.key)
    total = office.store("city.aided", value=10 + 11 + 12 + 13)
    parts = [queries.history("city.aided", place_id=area.id)[0].value or 0 for area in areas]
    assert len(parts) == 4
    assert sum(parts) == total.value


def test_a_hidden_part_cannot_be_computed_from_the_total(office: Office) -> None:
    """S-4: with one hidden district a second one is hidden, the smallest that is shown."""
    office.define(AIDED, "city.aided")
    areas = districts()
    for number, area in enumerate(areas):
        office.store("city.aided", value=2 if number == 0 else 20 + number, place=area.key)
    stored = [queries.history("city.aided", place_id=area.id)[0] for area in areas]
    assert [value.state is ValueState.SUPPRESSED for value in stored[:3]] == [True, True, False]
    assert [recompute(value.id).value for value in stored] == [value.value for value in stored]


def test_a_figure_of_the_running_period_is_provisional(office: Office) -> None:
    office.define()
    now = datetime.now(UTC)
    row = office.store(period=str((now - timedelta(days=1)).year), numerator=1, denominator=PEOPLE)
    assert row.quality == ("provisional" if row.as_of < row.period_end else "final")


@given(
    st.sampled_from([DEATHS, SHARE, AIDED]),
    st.integers(0, 5000),
    st.integers(1, 300_000),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_is_computed_again_to_the_same(
    office: Office, draft: DefinitionDraft, numerator: int, more: int
) -> None:
    key = f"city.h_{draft.title.split()[0].lower()}"
    if not queries.versions_of(key):
        office.define(draft, key)
    said: dict[str, Any] = (
        {"value": numerator} if draft is AIDED else {"numerator": numerator, "denominator": numerator + more}
    )
    period = str(1901 + IndicatorValue.objects.count() % 120)
    row = office.store(key, period=period, **said)
    again = recompute(row.pk)
    assert (again.value, again.numerator, again.denominator) == (row.value, row.numerator, row.denominator)
    if row.value is not None and row.interval_low is not None and row.interval_high is not None:
        assert row.interval_low <= row.value <= row.interval_high
