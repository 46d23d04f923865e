"""The inbox: filters as addresses, kept searches, numbers, pages, the same on a map and as a file."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stadt.apps.desk.filters import FilterForm, address_of, surroundings
from stadt.apps.desk.tests.office import HOME, SYSTEM, Office, said, spot
from stadt.apps.desk.views import inbox
from stadt.civic.cases import services
from stadt.civic.cases.models import SavedFilter
from stadt.civic.cases.queries import CaseQuery
from stadt.core.people.models import AuditEntry

DEFAULT = CaseQuery(is_open=True, order="due")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"words": "Hecke & mehr"},
        {"types": ("hedge",), "categories": ("wild",)},
        {"types": ("hedge",), "states": ("planned",)},
        {"faces": ("done",), "is_open": False},
        {"unassigned": True, "overdue": True},
        {"is_open": None, "order": "priority"},
        {"since": datetime(2026, 3, 28, 23, tzinfo=UTC), "until": datetime(2026, 3, 29, 22, tzinfo=UTC)},
    ],
)
def test_a_filter_is_an_address_and_comes_back_from_it(office: Office, changes: dict[str, object]) -> None:
    query = replace(DEFAULT, **changes)  # type: ignore[arg-type]
    asked = FilterForm(QueryDict(address_of(query)), surroundings(office.clerk.actor)).as_query()
    assert asked == query


def test_the_inbox_shows_open_cases_first(office: Office) -> None:
    done = office.case("Schon fertig")
    services.move_case(SYSTEM, done.pk, "cut")
    open_case = office.case("Noch offen")
    text = said(office.clerk.client.get(HOME))
    assert open_case.title in text
    assert done.title not in text
    assert done.title in said(office.clerk.client.get(HOME, {"offen": "alle"}))


def test_words_references_and_addresses_are_found(office: Office) -> None:
    case, other = office.case("Ein Baumhaus"), office.case("Etwas anderes", text="Zaun")
    for words in ("Baumhaus", case.reference):
        text = said(office.clerk.client.get(HOME, {"q": words}))
        assert case.reference in text
        assert other.title not in text


def test_mine_are_those_assigned_to_me(office: Office) -> None:
    mine, free = office.case("Meiner"), office.case("Freier")
    services.assign_case(SYSTEM, mine.pk, organisation_id=office.team.pk, assignee_id=office.clerk.user.pk)
    text = said(office.clerk.client.get(HOME, {"wer": "ich"}))
    assert mine.reference in text
    assert free.reference not in text
    nobodys = said(office.clerk.client.get(HOME, {"wer": "niemand"}))
    assert free.reference in nobodys
    assert mine.reference not in nobodys


def test_filters_in_use_are_not_folded_away(office: Office) -> None:
    folded = "<summary>Mehr Filter"
    for asked, is_open in (({}, False), ({"q": "Hecke", "offen": "alle"}, False), ({"frist": "on"}, True)):
        text = said(office.clerk.client.get(HOME, asked))
        assert f'<details class="fold"{" open" if is_open else ""}>{folded}' in text


def test_only_those_who_handle_cases_are_offered_a_list_of_their_own(office: Office) -> None:
    def titles(client: Client) -> set[str]:
        return {one.title for one in client.get(HOME).context["queues"]}

    assert titles(office.clerk.client) - titles(office.reader.client) == {"Meine"}


def test_an_empty_list_of_open_cases_says_that_there_is_nothing_to_do(office: Office) -> None:
    for asked in ({}, {"offen": "offen", "sort": "due"}):
        assert "Nichts zu tun" in said(office.clerk.client.get(HOME, asked))
    assert "Kein Vorgang gefunden" in said(office.clerk.client.get(HOME, {"frist": "on"}))


def test_numbers_lead_to_what_they_count(office: Office) -> None:
    office.case()
    planned = office.case("Geplante")
    services.move_case(
        office.clerk.actor, planned.pk, "plan", planned_for=datetime(2027, 1, 4, tzinfo=UTC).date()
    )
    groups = office.clerk.client.get(HOME).context["numbers"]
    states = {one.title: one for one in groups[0].numbers}
    assert {title: one.count for title, one in states.items()} == {"neu": 1, "eingeplant": 1}
    assert planned.title in said(office.clerk.client.get(f"{HOME}?{states['eingeplant'].address}"))


def test_pages_follow_each_other_without_gaps(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "PAGE_SIZE", 2)
    cases = {office.case(f"Hecke {number}").reference for number in range(5)}
    seen: list[str] = []
    where = f"{HOME}?sort=newest"
    for _page in range(3):
        answer = office.clerk.client.get(where)
        seen += [row.case.reference for row in answer.context["rows"]]
        where = f"{HOME}{answer.context['next']}"
    assert (len(seen), set(seen)) == (5, cases)


def test_a_lost_place_begins_from_the_front(office: Office) -> None:
    office.case()
    answer = office.clerk.client.get(HOME, {"weiter": "unsinn"})
    assert answer.status_code == 200
    assert "Die Liste beginnt von vorn" in said(answer)


def test_the_map_shows_the_same_cases(office: Office) -> None:
    case = office.case()
    office.case("Ohne Ort", place=None, category="dead")
    text = said(office.clerk.client.get(HOME, {"ansicht": "karte"}))
    assert case.reference in text
    assert "1 Vorgang hat keinen Ort" in text


def test_a_filter_is_kept_for_oneself(office: Office) -> None:
    answer = office.clerk.client.post(f"{HOME}filter/?q=Hecke", {"name": "Hecken"})
    assert answer.status_code == 302
    assert "Hecken" in said(office.clerk.client.get(HOME))
    assert "Hecken" not in said(office.lead.client.get(HOME)).replace("Heckenschnitt", "")


def test_a_filter_is_shared_with_a_team_by_its_lead(office: Office) -> None:
    sent = {"name": "Eilige", "team": office.team.pk}
    assert office.lead.client.post(f"{HOME}filter/?frist=on", sent).status_code == 302
    assert "Eilige" in said(office.clerk.client.get(HOME))
    assert "Eilige" not in said(office.stranger.client.get(HOME))
    assert office.clerk.client.post(f"{HOME}filter/?frist=on", sent).status_code == 422
    kept = SavedFilter.objects.get(name="Eilige")
    assert office.stranger.client.post(f"{HOME}filter/{kept.pk}/loeschen/").status_code == 404
    assert office.lead.client.post(f"{HOME}filter/{kept.pk}/loeschen/").status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("evil", ["=1+1", "+49", "@SUM(A1)", "-1", "\t=1"])
def test_no_cell_of_a_file_runs_as_a_formula(office: Office, evil: str) -> None:
    office.case(place=spot(address=evil))
    answer = office.lead.client.get(f"{HOME}download/csv/")
    lines = answer.content.decode("utf-8-sig").splitlines()
    cells = [cell.strip('"') for cell in lines[1].split(";")]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "@"))]


def test_a_file_has_no_contact_data_notes_or_told_texts_and_is_kept_in_the_audit(office: Office) -> None:
    case = office.case()
    services.note_case(office.clerk.actor, case.pk, "Streit unter Nachbarn")
    for form in ("csv", "xlsx"):
        answer = office.lead.client.get(f"{HOME}download/{form}/")
        assert "attachment" in answer["Content-Disposition"]
        for secret in (b"erika", b"Streit", b"Man kommt nicht"):
            assert secret not in answer.content
    assert AuditEntry.objects.filter(verb="export_rows").count() == 2
    assert office.clerk.client.get(f"{HOME}download/csv/").status_code == 403
    assert office.lead.client.get(f"{HOME}download/pdf/").status_code == 404


def test_a_longer_list_asks_the_database_no_more(office: Office) -> None:
    client = office.clerk.client

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(HOME).status_code == 200
        return len(found)

    office.case()
    queries()
    few = queries()
    for number in range(6):
        office.case(f"Hecke {number}")
    assert queries() == few


def test_a_case_is_listed_in_the_readers_language_unless_it_has_a_title_of_its_own(office: Office) -> None:
    office.case("")
    office.case("Hecke am Schulweg")
    page = said(office.clerk.client.get(HOME, headers={"accept-language": "en"}))
    assert "Hecke am Schulweg" in page
    assert "Hedge grows over the path" in page
    assert "Hecke wächst auf den Weg" not in page
