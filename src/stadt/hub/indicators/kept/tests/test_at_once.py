"""Two people at once: one of them wins, the other is told."""

import pytest

from stadt.core.errors import Conflict
from stadt.hub.datasets.kept.tests.test_at_once import at_once
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.drafts import ValueDraft
from stadt.hub.indicators.kept.rights import CONFIRM, ENTER
from stadt.hub.indicators.kept.tests.office import Office, person
from stadt.hub.indicators.models import Entry, IndicatorValue

pytestmark = pytest.mark.django_db(transaction=True)
KEY, PEOPLE = "city.deaths", 259_645


def test_two_who_confirm_at_once_make_one_value(office: Office) -> None:
    office.define()
    entry = office.enter(numerator=3, denominator=PEOPLE)
    second = person(402, office.organisation, CONFIRM)
    refused = at_once(
        lambda: services.confirm_value(office.confirmer, entry.pk),
        lambda: services.confirm_value(second, entry.pk),
    )
    assert [type(error) for error in refused if error] == [Conflict]
    assert IndicatorValue.objects.filter(key=KEY).count() == 1


def test_a_confirmation_beside_a_refusal_leaves_one_of_the_two(office: Office) -> None:
    office.define()
    entry = office.enter(numerator=3, denominator=PEOPLE)
    refused = at_once(
        lambda: services.confirm_value(office.confirmer, entry.pk),
        lambda: services.refuse_value(office.enterer, entry.pk, "Vertippt."),
    )
    assert sum(error is not None for error in refused) == 1
    entry.refresh_from_db()
    assert IndicatorValue.objects.filter(key=KEY).exists() == (entry.decision == "confirmed")


def test_two_who_enter_the_same_period_at_once_leave_one_entry(office: Office) -> None:
    office.define()
    second = person(403, office.organisation, ENTER)
    draft = ValueDraft("2024", numerator=3, denominator=PEOPLE)
    refused = at_once(
        lambda: services.enter_value(office.enterer, KEY, draft),
        lambda: services.enter_value(second, KEY, draft),
    )
    assert [type(error) for error in refused if error] == [Conflict]
    assert Entry.objects.count() == 1
