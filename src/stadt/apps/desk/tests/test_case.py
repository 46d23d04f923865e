"""The case page, its moves and changes: what is asked, what will be read, and what happened meanwhile."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stadt.apps.desk import forms
from stadt.apps.desk.actions import ACTIONS
from stadt.apps.desk.tests.office import HOME, SYSTEM, Office, fresh, said, spot
from stadt.civic.cases import services
from stadt.civic.cases.models import Case, Note, Party
from stadt.civic.files.limits import MOST_BYTES
from stadt.civic.files.tests.images import PDF
from stadt.civic.messages.queries import thread_of

IN_TEN_DAYS = timezone.localdate() + timedelta(days=10)


def page(case: Case, tail: str = "") -> str:
    return f"{HOME}{case.reference}/{tail}"


def test_a_case_is_seen_at_a_glance(office: Office) -> None:
    case = office.case()
    text = said(office.clerk.client.get(page(case)))
    for part in (
        case.title, case.reference, "Hecke wächst auf den Weg", "Schulweg 3", "Man kommt nicht mehr vorbei.",
        "Grünpflege", "noch niemand", "noch 3 Arbeitstage", "Schnitt einplanen", "Vor Ort ansehen",
    ):  # fmt: skip
        assert part in text


def test_a_move_opens_with_its_template_filled_in(office: Office) -> None:
    case = office.case()
    text = said(office.clerk.client.get(page(case, "schritt/plan/")))
    assert f"wir schneiden die Hecke ({case.reference})." in text
    assert 'name="planned_for"' in text
    assert 'name="reason"' not in text


def test_a_move_is_done_with_what_it_asks_for(office: Office) -> None:
    case = office.case()
    sent = {
        "do": "senden",
        "revision": case.revision,
        "planned_for": IN_TEN_DAYS.isoformat(),
        "text": "Wir kommen.",
    }
    assert office.clerk.client.post(page(case, "schritt/plan/"), sent).status_code == 302
    now = fresh(case)
    assert (now.state, now.planned_for) == ("planned", IN_TEN_DAYS)
    assert "Wir kommen." in said(office.clerk.client.get(page(case)))


def test_a_move_without_what_it_asks_for_is_refused_and_keeps_what_was_typed(office: Office) -> None:
    case = office.case()
    answer = office.clerk.client.post(
        page(case, "schritt/plan/"), {"do": "senden", "revision": case.revision, "text": "Wir kommen."}
    )
    assert answer.status_code == 422
    assert "Wir kommen." in said(answer)
    assert fresh(case).state == "new"


def test_a_preview_shows_both_readers_what_they_will_read_and_sends_nothing(office: Office) -> None:
    case = office.case()
    sent = {
        "do": "vorschau",
        "vorlage": "planned",
        "revision": case.revision,
        "planned_for": IN_TEN_DAYS.isoformat(),
        "text": "",
    }
    text = said(office.clerk.client.post(page(case, "schritt/plan/"), sent))
    assert "So wird es gelesen" in text
    assert f"Wir schneiden die Hecke {case.reference} bald." in text
    assert "Die Arbeit ist eingeplant." in text
    assert fresh(case).revision == case.revision


def test_a_preview_says_that_nobody_else_reads_what_is_not_public(office: Office) -> None:
    case = office.case(category="dead")
    sent = {"do": "vorschau", "revision": case.revision, "planned_for": IN_TEN_DAYS.isoformat(), "text": "x"}
    text = said(office.clerk.client.post(page(case, "schritt/plan/"), sent))
    assert "Nichts davon ist öffentlich." in text


def test_a_preview_keeps_a_question_back_between_the_office_and_whoever_is_asked(office: Office) -> None:
    case = office.case()
    sent = {"do": "vorschau", "revision": case.revision, "text": "Wie erreichen wir Sie?"}
    preview = office.clerk.client.post(page(case, "schritt/ask/"), sent).context["preview"]
    assert preview.text == "Wie erreichen wir Sie?"
    assert preview.is_public
    assert "Wie erreichen wir Sie?" not in preview.public


def test_a_note_that_no_account_wrote_is_not_said_to_be_of_a_deleted_one(office: Office) -> None:
    case = office.case()
    services.note_case(SYSTEM, case.pk, "Von der Schnittstelle")
    text = said(office.clerk.client.get(page(case)))
    assert "Von der Schnittstelle" in text
    assert "ohne Konto" in text


def test_another_template_replaces_the_text_and_nothing_else(office: Office) -> None:
    case = office.case()
    sent = {"do": "vorlage", "vorlage": "cut", "planned_for": "2030-01-02", "text": "alt"}
    text = said(office.clerk.client.post(page(case, "schritt/plan/"), sent))
    assert "Die Hecke ist geschnitten." in text
    assert "2030-01-02" in text


def test_a_lost_update_is_told_with_what_happened_meanwhile(office: Office) -> None:
    case = office.case()
    opened = office.clerk.client.get(page(case, "schritt/plan/"))
    seen = opened.context["form"].initial["seen"]
    services.set_priority(office.lead.actor, case.pk, 2)
    sent = {
        "do": "senden",
        "revision": case.revision,
        "seen": seen,
        "planned_for": IN_TEN_DAYS.isoformat(),
        "text": "Mein Text bleibt.",
    }
    answer = office.clerk.client.post(page(case, "schritt/plan/"), sent)
    text = said(answer)
    assert answer.status_code == 409
    assert fresh(case).state == "new"
    assert "Mein Text bleibt." in text
    assert "Dringlichkeit geändert" in text
    assert "Lead" in text
    again = {**sent, "revision": answer.context["form"].initial["revision"]}
    assert office.clerk.client.post(page(case, "schritt/plan/"), again).status_code == 302


def test_a_step_that_is_no_longer_possible_is_told(office: Office) -> None:
    case = office.case()
    services.move_case(SYSTEM, case.pk, "cut")
    assert office.clerk.client.get(page(case, "schritt/plan/")).status_code == 409
    assert office.clerk.client.get(page(case, "schritt/gibt-es-nicht/")).status_code == 404


def test_what_was_typed_stays_when_somebody_else_took_the_step_away(office: Office) -> None:
    case = office.case()
    seen = office.clerk.client.get(page(case, "schritt/plan/")).context["form"].initial["seen"]
    services.move_case(office.lead.actor, case.pk, "cut")
    sent = {"do": "senden", "revision": case.revision, "seen": seen, "text": "Mein Text bleibt."}
    for do in ("senden", "vorschau", "vorlage"):
        answer = office.clerk.client.post(page(case, "schritt/plan/"), {**sent, "do": do})
        text = said(answer)
        assert answer.status_code == 409
        assert "Mein Text bleibt." in text
        assert "Dieser Schritt ist jetzt nicht mehr möglich." in text
        assert "Lead" in text
        assert 'value="senden"' not in text
    assert fresh(case).state == "cut"


def test_a_case_with_a_place_stands_on_a_map_of_its_own(office: Office) -> None:
    assert "<stadt-map" in said(office.clerk.client.get(page(office.case())))
    without = office.case("Ohne Ort", place=None, category="dead")
    assert "<stadt-map" not in said(office.clerk.client.get(page(without)))


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.key)
def test_every_change_has_a_page(office: Office, action: object) -> None:
    case = office.case()
    answer = office.lead.client.get(page(case, f"aendern/{action.key}/"), follow=True)  # type: ignore[attr-defined]
    assert answer.status_code == 200


def test_changes_are_made_by_their_forms(office: Office) -> None:
    case = office.case()
    client = office.lead.client
    wanted: dict[str, dict[str, object]] = {
        "zuweisen": {"organisation": office.team.pk, "assignee": office.clerk.user.pk},
        "auftrag": {"organisation": office.firm.pk, "text": "Hinweis"},
        "kategorie": {"category": "dead"},
        "ort": {
            "address": "Ahornweg 1",
            "lat": str(spot().lat).replace(".", ","),
            "lon": str(spot().lon),
            "asset": "B 12",
        },
        "dringlichkeit": {"priority": "1"},
        "veroeffentlichen": {"text": "Die Hecke ist zu breit."},
    }
    for what, fields in wanted.items():
        sent = {"revision": fresh(case).revision, **fields}
        assert client.post(page(case, f"aendern/{what}/"), sent).status_code == 302, what
    now = fresh(case)
    assert (now.assignee_id, now.contractor_id, now.category) == (
        office.clerk.user.pk,
        office.firm.pk,
        "dead",
    )
    assert (now.address, now.lat, now.lon, now.asset, now.priority) == (
        "Ahornweg 1",
        spot().lat,
        spot().lon,
        "B 12",
        1,
    )
    assert now.published_text == "Die Hecke ist zu breit."


def test_an_address_is_found_on_the_map_before_it_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a script, and with one where no suggestion was taken: the old point is not kept for a new address."""
    case, there = office.case(), spot(0.001, 0.001)
    found = SimpleNamespace(lon=there.lon, lat=there.lat, line="Ahornweg 1, Mitte")
    monkeypatch.setattr(forms, "find_spots", lambda words, limit: [found] if "Ahorn" in words else [])
    client, where = office.clerk.client, page(case, "aendern/ort/")
    assert "<stadt-place" in said(client.get(where))
    sent = {
        "revision": case.revision,
        "address": "Ahornweg 1",
        "lat": f"{case.lat:.6f}",
        "lon": f"{case.lon:.6f}",
    }
    for more in ({}, {"lat": "", "lon": ""}):
        answer = client.post(where, {**sent, **more})
        assert answer.status_code == 422
        assert "Ahornweg 1, Mitte" in said(answer)
    assert client.post(where, {**sent, "spot": "nan|1"}).status_code == 422
    kept = f"{there.lon:.6f}|{there.lat:.6f}"
    assert client.post(where, {**sent, "spot": kept}).status_code == 302
    now = fresh(case)
    assert (now.address, f"{now.lon:.6f}|{now.lat:.6f}") == ("Ahornweg 1", kept)


def test_a_place_needs_both_degrees(office: Office) -> None:
    case = office.case()
    answer = office.lead.client.post(page(case, "aendern/ort/"), {"revision": case.revision, "lat": "51,5"})
    assert answer.status_code == 422
    assert fresh(case).revision == case.revision


def test_a_case_is_taken_over_with_one_press(office: Office) -> None:
    case = office.case()
    sent = {"revision": case.revision}
    assert office.clerk.client.post(page(case, "uebernehmen/"), sent).status_code == 302
    assert fresh(case).assignee_id == office.clerk.user.pk


def test_a_task_is_ticked_and_opened_again(office: Office) -> None:
    case = office.case()
    for sent, mark in (("1", "(erledigt)"), ("0", "abhaken")):
        office.clerk.client.post(page(case, "aufgaben/look/"), {"erledigt": sent})
        assert mark in said(office.clerk.client.get(page(case)))


def test_a_question_stops_the_clock_and_says_so(office: Office) -> None:
    case = office.case()
    sent = {"do": "senden", "revision": case.revision, "text": "Welche Hausnummer?"}
    assert office.clerk.client.post(page(case, "aendern/frage/"), sent).status_code == 302
    text = said(office.clerk.client.get(page(case)))
    assert "angehalten: wartet auf Antwort" in text
    assert "Welche Hausnummer?" in text


def test_there_is_one_way_to_ask(office: Office) -> None:
    case = office.case()
    client = office.clerk.client
    shown = client.get(page(case)).context
    assert [str(title) for title, _url in shown["moves"]].count("Rückfragen") == 1
    assert "frage" not in [action.key for action, _url in shown["actions"]]
    answer = client.get(page(case, "aendern/frage/"))
    assert answer.status_code == 302
    assert answer["Location"] == page(case, "schritt/ask/")
    services.ask_citizen(office.lead.actor, case.pk, "Welche Hausnummer?")
    again = [action.key for action, _url in client.get(page(case)).context["actions"]]
    assert "frage" in again  # the case waits already: no step leads there any more


def test_nobody_is_asked_where_nobody_reads_it(office: Office) -> None:
    case = office.case(party=None, source="staff")
    Party.objects.filter(case=case).delete()
    shown = office.clerk.client.get(page(case))
    assert "Rückfragen" not in [str(title) for title, _url in shown.context["moves"]]
    assert not {"frage", "nachricht"} & {action.key for action, _url in shown.context["actions"]}
    assert "niemand gefragt werden" in said(shown)


def test_a_message_and_its_plain_words_are_filled(office: Office) -> None:
    case = office.case()
    sent = {"do": "senden", "vorlage": "planned", "revision": case.revision}
    sent["text"] = f"Guten Tag, wir schneiden die Hecke ({case.reference})."
    assert office.clerk.client.post(page(case, "aendern/nachricht/"), sent).status_code == 302
    assert thread_of(case.subject)[-1].message.plain_text == f"Wir schneiden die Hecke {case.reference} bald."
    answer = office.clerk.client.post(page(case, "aendern/nachricht/"), {**sent, "text": "Hallo {name}"})
    assert answer.status_code == 422
    assert "{name}" in said(answer)


def test_internal_notes_stand_apart_and_are_printed_on_request_only(office: Office) -> None:
    case = office.case()
    office.clerk.client.post(page(case, "aendern/notiz/"), {"text": "Nur für uns"})
    assert Note.objects.get().text == "Nur für uns"
    assert "Nur für uns" in said(office.clerk.client.get(page(case)))
    assert "Nur für uns" not in said(office.clerk.client.get(page(case, "drucken/")))
    assert "Nur für uns" in said(office.clerk.client.get(page(case, "drucken/?notizen=1")))


def test_two_cases_are_compared_and_merged(office: Office) -> None:
    first, second = office.case(), office.case("Hecke zu breit")
    suggested = said(office.lead.client.get(page(second)))
    assert f"zusammenfuehren/?mit={first.reference}" in suggested
    where = page(second, f"zusammenfuehren/?mit={first.reference}")
    assert "Welcher Vorgang bleibt?" in said(office.lead.client.get(where))
    assert office.lead.client.post(where, {"keep": first.reference}).status_code == 302
    assert fresh(second).duplicate_of_id == first.pk
    assert office.lead.client.post(page(second, "aendern/trennen/"), {}).status_code == 302
    assert fresh(second).duplicate_of_id is None


def test_a_case_of_another_team_is_not_compared(office: Office) -> None:
    own, other = office.case(), office.case("Geheim", team=office.elsewhere)
    answer = office.lead.client.get(page(own, f"zusammenfuehren/?mit={other.reference}"))
    assert answer.status_code == 422
    assert "Geheim" not in said(answer)
    assert "Geheim" not in said(office.lead.client.get(page(own)))


def test_what_residents_write_is_text_and_never_markup(office: Office) -> None:
    case = office.case("<b>Hecke</b>", text="<script>alert(1)</script>")
    text = said(office.clerk.client.get(page(case)))
    assert "<script>alert" not in text
    assert "<b>Hecke" not in text


def test_a_page_asks_the_database_no_more_for_a_long_history(office: Office) -> None:
    case = office.case()
    client = office.clerk.client
    client.get(page(case))
    with CaptureQueriesContext(connection) as few:
        client.get(page(case))
    for number in range(8):
        services.note_case(office.clerk.actor, case.pk, f"Notiz {number}")
        services.set_priority(office.lead.actor, case.pk, number % 3)
        services.write_citizen(office.lead.actor, case.pk, f"Nachricht {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(page(case))
    assert len(many) <= len(few) + 1  # the second person is looked up with the first


def test_a_message_carries_papers_and_what_is_too_large_loses_no_words(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.case()

    def send() -> Any:
        paper = SimpleUploadedFile("Plan.pdf", PDF, "application/pdf")
        sent = {"do": "senden", "text": "Der Plan.", "papers": paper}
        return office.clerk.client.post(page(case, "aendern/nachricht/"), sent)

    with monkeypatch.context() as small:
        small.setitem(MOST_BYTES, "pdf", 10)
        refused = send()
        assert refused.status_code == 422
        assert "Der Plan." in said(refused)
    assert send().status_code == 302
    [letter] = [one for one in thread_of(case.subject) if one.message.text == "Der Plan."]
    assert [file.name for file in letter.files] == ["Plan.pdf"]
