"""Reporters hold a link, are told what happens, and may do what their type lets them, until the case is anonymised."""

import pytest
from django.core import mail
from django.utils import translation

from stadt.civic.cases import queries, services
from stadt.civic.cases.models import Case, Entry
from stadt.civic.cases.placeholders import title_in
from stadt.civic.cases.services import PartyData, Spot, move_by_link, move_case, open_case
from stadt.civic.cases.versions import type_of
from stadt.civic.messages.queries import thread_of
from stadt.core.city import current
from stadt.core.errors import Conflict, Forbidden, NotFound
from stadt.core.people.actor import Actor

from .conftest import Town

SYSTEM = Actor.system("test")


def tell(email: str = "anna@example.org") -> tuple[Case, str]:
    opened = open_case(
        Actor.anonymous(), "hole", category="flat", place=Spot(*current().centre), text="Tief",
        party=PartyData(name="Anna", email=email),
    )  # fmt: skip
    assert opened.secret is not None
    return opened.case, opened.secret


def said(case: Case) -> list[str]:
    return [letter.message.text for letter in thread_of(case.subject)]


def test_the_link_opens_the_case_and_a_guess_opens_nothing(town: Town) -> None:
    case, secret = tell()
    assert queries.case_of_link(secret) == case
    assert queries.case_of_link(secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None
    assert queries.case_of_link("\x00") is None


def test_the_secret_is_not_shown_by_accident(town: Town) -> None:
    opened = open_case(Actor.anonymous(), "hole", category="flat", place=Spot(*current().centre))
    assert opened.secret is not None
    assert opened.secret not in repr(opened)


def test_the_reporter_is_told_each_step(town: Town) -> None:
    case, _ = tell()
    move_case(SYSTEM, case.pk, "look", text="Wir sehen nach.")
    move_case(SYSTEM, case.pk, "refuse", reason="Kein Geld.")
    assert said(case) == [f"Danke für Ihre Meldung {case.reference}.", "Wir sehen nach.", "Kein Geld."]
    assert thread_of(case.subject)[0].message.plain_text == "Wir haben Ihre Meldung."


def test_mails_lead_to_the_case_and_do_not_hold_what_was_told(town: Town) -> None:
    case, _ = tell()
    services.write_citizen(SYSTEM, case.pk, "Liebe Anna, das Loch ist 2 m tief.")
    bodies = " ".join(str(message.body) for message in mail.outbox)
    assert mail.outbox
    assert not [word for word in ("Tief", "2 m tief") if word in bodies]


def test_the_link_says_not_fixed_and_takes_no_move_of_the_office(town: Town) -> None:
    case, secret = tell()
    with pytest.raises(Forbidden):
        move_by_link(secret, "look")
    move_case(SYSTEM, case.pk, "look")
    with pytest.raises(Conflict):
        move_by_link(secret, "not_fixed", text="Doch nicht.")
    move_case(SYSTEM, case.pk, "fix")
    assert [move.key for move in queries.moves_by_link(Case.objects.get())] == ["not_fixed"]
    again = move_by_link(secret, "not_fixed", text="Doch nicht, sagt Anna.")
    assert (again.state, again.reopened) == ("looking", 1)
    assert said(case)[-1] == "Doch nicht, sagt Anna."
    assert not Entry.objects.filter(public_text__contains="Anna").exists()


def test_who_reports_in_another_language_reads_no_german_title(town: Town) -> None:
    with translation.override("en"):
        case, _ = tell()
    assert said(case) == ["Thank you for your report: Shallow hole, new."]
    one = type_of(case)
    assert [title_in(case, one, language) for language in ("de", "en")] == ["Flaches Loch", "Shallow hole"]
    case.title = "Vor der Bäckerei"  # an officer's own words
    assert title_in(case, one, "en") == "Vor der Bäckerei"


def test_an_answer_by_link_goes_into_the_thread(town: Town) -> None:
    case, secret = tell()
    services.ask_citizen(SYSTEM, case.pk, "Wie tief?")
    services.answer(secret, case.pk, "Einen Meter.")
    assert said(case)[1:] == ["Wie tief?", "Einen Meter."]
    with pytest.raises(NotFound):
        services.answer(secret, case.pk + 1, "Einen Meter.")


def test_the_links_of_an_anonymised_case_open_nothing(town: Town) -> None:
    case, secret = tell()
    move_case(SYSTEM, case.pk, "look")
    move_case(SYSTEM, case.pk, "fix")
    services.anonymise_case(SYSTEM, case.pk)
    assert queries.case_of_link(secret) is None
    assert "".join(said(case)) == ""
    with pytest.raises(NotFound):
        move_by_link(secret, "not_fixed", text="x")
    with pytest.raises(NotFound):
        services.answer(secret, case.pk, "x")


def test_merged_reporters_are_told_so_and_then_the_same(town: Town) -> None:
    kept, other = tell()[0], tell("bert@example.org")[0]
    services.merge_cases(SYSTEM, kept.pk, [other.pk])
    move_case(SYSTEM, kept.pk, "look", text="Wir sehen nach.")
    assert kept.reference in said(other)[1]
    assert said(other)[2] == "Wir sehen nach."
