"""The services of this city's folder: who stands in a case that their answers open, and what they leave open."""

from typing import Any

import pytest

from stadt.apps.services.applying import parties_of
from stadt.civic.cases.services import PartyData
from stadt.civic.forms.definition import FormDefinition
from stadt.civic.forms.loading import city_forms
from stadt.civic.forms.open_texts import open_in_form
from stadt.civic.forms.validation import clean
from stadt.core.people.actor import Actor

CHILD = {
    "for_whom": "child",
    "child": {"given_name": "Bo", "family_name": "Muster"},
    "born": "2020-02-29",
    "home": {"street": "Weg", "house_number": "1", "postal_code": "45879", "town": "Gelsenkirchen"},
    "guardian": {"given_name": "Ada", "family_name": "Muster"},
    "guardian_lives_elsewhere": False,
    "guardian_email": "ada@example.org",
    "guardian_consent": True,
    "guardian_mail": True,
    "terms": True,
    "data_use": True,
}


@pytest.fixture
def card() -> FormDefinition:
    return next(form for form in city_forms() if form.key == "library_card")


def parties(card: FormDefinition, answers: dict[str, Any], **more: Any) -> list[PartyData]:
    found = clean(card, answers)
    assert found.errors == []
    return parties_of(card, found.answers, more.pop("actor", Actor.anonymous()), **more)


def test_for_a_child_the_guardian_is_a_party_and_gets_the_mail(card: FormDefinition) -> None:
    guardian, child = parties(card, CHILD)
    assert (child.role, child.name, child.email, child.wants_mail) == ("applicant", "Bo Muster", "", False)
    assert (guardian.role, guardian.name, guardian.email) == ("guardian", "Ada Muster", "ada@example.org")
    assert guardian.wants_mail
    assert guardian.consents == ("guardian_mail", "guardian_consent")
    assert "guardian_consent" not in child.consents


def test_without_consent_the_guardian_gets_no_mail(card: FormDefinition) -> None:
    guardian, _ = parties(card, {**CHILD, "guardian_mail": None})
    assert not guardian.wants_mail


def test_the_account_is_that_of_the_guardian_who_fills_it_in(card: FormDefinition) -> None:
    guardian, child = parties(card, CHILD, actor=Actor(kind="user", identifier="7"), prefilled=["guardian"])
    assert (child.user_id, guardian.user_id) == (None, 7)


def test_a_young_person_names_the_guardian(card: FormDefinition) -> None:
    own = {"applicant": {"given_name": "Cem", "family_name": "Muster"}, "email": "cem@example.org"}
    names = {"guardian_name": {"given_name": "Ada", "family_name": "Muster"}}
    me, guardian = parties(card, {**CHILD, **own, **names, "for_whom": "self"})
    assert (me.name, me.email, guardian.name) == ("Cem Muster", "cem@example.org", "Ada Muster")


def test_a_grown_up_needs_nobody(card: FormDefinition) -> None:
    own = {"applicant": {"given_name": "Cem", "family_name": "Muster"}, "reduction": "none"}
    [me] = parties(card, {**CHILD, **own, "for_whom": "self", "born": "1990-01-01"})
    assert me.role == "applicant"


def test_fee_and_terms_are_told_as_open(card: FormDefinition) -> None:
    assert {where for where, _ in open_in_form(card)} == {"fee", "terms"}
