"""A case is opened: placed, routed, timed and written down, or refused with nothing left behind."""

from datetime import date
from typing import Any

import pytest

from stadt.civic.cases.models import Case, Entry
from stadt.civic.cases.services import PartyData, Spot, open_case, opening
from stadt.civic.cases.services.opening import SIGNS
from stadt.core.city import current
from stadt.core.errors import Forbidden, Invalid, NotFound, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.hub.places.services import seed_city_areas

from .conftest import Town

NOBODY = Actor.anonymous()


def test_a_case_begins_in_the_first_state_with_one_entry(town: Town) -> None:
    case = town.open(text="  Vor der Tür.\r\nTief. ")
    assert (case.state, case.face, case.text, case.title) == (
        "new",
        "received",
        "Vor der Tür.\nTief.",
        "Flaches Loch",
    )
    (entry,) = Entry.objects.filter(case=case)
    assert (entry.kind, entry.to_state, entry.actor_kind) == ("opened", "new", "anonymous")
    assert entry.public_text == "Ihre Meldung ist da."


def test_the_audit_holds_ids_and_keys_only(town: Town) -> None:
    case = town.open(text="Geheim", party=PartyData(name="Anna", email="anna@example.org"))
    row = AuditEntry.objects.get(verb="open_case", subject=case.subject)
    assert row.changes == {"type": "hole", "category": "flat", "source": "web"}


def test_a_rule_sends_a_deep_hole_to_its_office_with_priority(town: Town) -> None:
    assert town.open().organisation_id == town.roads.pk
    deep = town.open(category="deep")
    assert (deep.organisation_id, deep.priority) == (town.deep.pk, 1)


def test_an_office_that_is_no_more_is_the_city(town: Town) -> None:
    town.deep.delete()
    case = town.open(category="deep")
    assert case.organisation_id is None


def test_the_categorys_days_take_the_place_of_the_types(town: Town) -> None:
    flat, deep = town.open(), town.open(category="deep")
    assert flat.due_at is not None
    assert deep.due_at is not None
    assert deep.due_at < flat.due_at


def test_references_are_random_and_easy_to_read_out(town: Town) -> None:
    references = {opening.make_reference() for _ in range(200)}
    assert len(references) == 200
    assert {sign for one in references for sign in one} <= {*SIGNS, "-"}
    assert len(SIGNS) == 32


def test_a_taken_reference_is_drawn_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = town.open().reference
    drawn = iter([taken, taken, "ABCD-2345"])
    monkeypatch.setattr(opening, "make_reference", lambda: next(drawn))
    assert town.open().reference == "ABCD-2345"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"category": ""}, "category"),
        ({"category": "unheard"}, "category"),
        ({"category": "gas"}, "category"),
        ({"category": "summer"}, "category"),
        ({"place": None}, "place"),
        ({"place": Spot(0.0, 0.0)}, "place"),
        ({"place": Spot(float("nan"), 51.0)}, "place"),
        ({"place": Spot(7.0, None, "x")}, "place"),
        ({"text": "x\x00y"}, "text"),
        ({"text": "x" * 6000}, "text"),
        ({"title": "x" * 300}, "title"),
        ({"source": "smoke"}, "source"),
        ({"answers": {"a": "\x00"}}, "answers"),
        ({"answers": {"a": float("nan")}}, "answers"),
        ({"party": PartyData(email="nobody")}, "email"),
        ({"party": PartyData(email="a@example.org\nBcc: b@example.org")}, "email"),
        ({"party": PartyData(role="king")}, "role"),
    ],
)
def test_wrong_input_is_named_and_leaves_nothing(town: Town, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        town.open(**more)
    assert [error.field for error in refused.value.fields] == [field]
    assert not Case.objects.exists()


def test_a_type_that_wants_an_account_refuses_strangers(town: Town) -> None:
    with pytest.raises(SignInNeeded):
        open_case(NOBODY, "wish")
    assert open_case(town.person(None), "wish").case.title == "Wunsch äußern"


def test_the_offices_sources_need_a_right(town: Town) -> None:
    with pytest.raises(SignInNeeded):
        town.open(source="phone")
    with pytest.raises(Forbidden):
        town.open(town.person(None), source="phone")
    assert town.open(town.person(town.parks, "handle"), source="phone").source == "phone"


def test_an_unknown_type_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        open_case(NOBODY, "nothing")


def test_the_same_submission_opens_one_case(town: Town) -> None:
    class Frozen:
        pk = 7
        answers = {"depth": 3}

    first, second = town.open(submission=Frozen()), town.open(submission=Frozen())
    assert first.pk == second.pk
    assert first.answers == {"depth": 3}


def test_a_campaign_can_be_told_while_it_runs(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 7, 1))
    assert town.open(category="summer").category == "summer"


def test_a_place_gets_its_district_and_quarter(town: Town) -> None:
    seed_city_areas(Actor.system("test"))
    lon, lat = current().centre
    case = town.open(place=Spot(lon, lat))
    assert case.district_id is not None
