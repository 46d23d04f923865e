"""Every page for everybody: what somebody may not know of is not there, what may not be done is refused."""

import pytest
from django.test import Client

from stadt.apps.desk.tests.office import HOME, Office, fresh, said
from stadt.civic.cases.models import Case, Entry, Note
from stadt.core.people.models import AuditEntry
from stadt.core.registry import registry

PAGES = [page for page in registry.pages if page.app == "desk"]
OF_A_CASE = [page for page in PAGES if page.path.startswith("vorgaenge/<str:reference>")]
FILLED = {
    "<str:reference>": "",
    "<str:move>": "plan",
    "<str:what>": "zuweisen",
    "<str:key>": "look",
    "<int:pk>": "1",
}


def address(pattern: str, case: Case) -> str:
    for name, value in (FILLED | {"<str:reference>": case.reference}).items():
        pattern = pattern.replace(name, value)
    return "/" + pattern.rstrip("/") + "/"


@pytest.mark.parametrize("page", OF_A_CASE, ids=lambda page: page.page.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_case_of_another_team_is_not_there(office: Office, page: object, method: str) -> None:
    case = office.case()
    before = list(Case.objects.values()), Entry.objects.count(), Note.objects.count()
    where = address(page.path, case)  # type: ignore[attr-defined]
    sent = {"do": "senden", "text": "x", "revision": case.revision, "organisation": office.team.pk}
    answer = getattr(office.stranger.client, method)(where, sent if method == "post" else {})
    assert answer.status_code in {404, 405}
    assert "Schulweg" not in said(answer)
    assert (list(Case.objects.values()), Entry.objects.count(), Note.objects.count()) == before


@pytest.mark.parametrize("page", OF_A_CASE, ids=lambda page: page.page.name)
def test_contractors_and_people_without_rights_have_no_page_of_the_office(
    office: Office, page: object
) -> None:
    where = address(page.path, office.order())  # type: ignore[attr-defined]
    for one in (office.contractor, office.nobody):
        assert one.client.get(where).status_code == 403
        assert one.client.post(where, {"do": "senden"}).status_code == 403
    assert "/konto/login/" in Client().get(where)["Location"]


def test_lists_tell_nothing_of_other_teams(office: Office) -> None:
    case = office.case()
    for where in (HOME, f"{HOME}?ansicht=karte", f"{HOME}?q={case.reference}", f"{HOME}download/csv/"):
        text = office.stranger.client.get(where).content.decode(errors="replace")
        assert "Schulweg" not in text
        assert case.title not in text
    assert case.title in said(office.clerk.client.get(HOME))


def test_somebody_who_only_reads_is_offered_nothing_to_do(office: Office) -> None:
    case = office.case()
    page = said(office.reader.client.get(f"{HOME}{case.reference}/"))
    assert "/schritt/" not in page
    assert "/aendern/" not in page
    assert "Kontaktdaten anzeigen" not in page
    refused = office.reader.client.post(
        f"{HOME}{case.reference}/aendern/notiz/", {"text": "x", "revision": case.revision}
    )
    assert refused.status_code == 403
    assert office.reader.client.get(f"{HOME}{case.reference}/schritt/plan/").status_code == 409


def test_a_final_refusal_is_for_those_who_decide(office: Office) -> None:
    case = office.case()
    where = f"{HOME}{case.reference}/schritt/refuse/"
    sent = {"do": "senden", "reason": "Gehört uns nicht.", "revision": case.revision}
    assert office.clerk.client.post(where, sent).status_code == 409
    assert fresh(case).state == "new"
    assert office.lead.client.post(where, sent).status_code == 302
    assert fresh(case).state == "refused"


def test_contact_data_are_shown_on_demand_and_each_look_is_kept(office: Office) -> None:
    case = office.case()
    page = f"{HOME}{case.reference}/"
    for where in (page, f"{page}drucken/", HOME):
        assert "erika@example.org" not in said(office.clerk.client.get(where))
    shown = office.clerk.client.post(f"{page}kontakt/")
    assert "erika@example.org" in said(shown)
    assert "no-store" in shown["Cache-Control"]
    row = AuditEntry.objects.get(verb="see_contact")
    assert (row.subject, row.actor_id) == (f"case:{case.pk}", str(office.clerk.user.pk))
    assert "erika" not in str(row.changes)


def test_contact_data_stay_hidden_from_those_without_the_right(office: Office) -> None:
    case = office.case()
    answer = office.reader.client.post(f"{HOME}{case.reference}/kontakt/")
    assert answer.status_code == 403
    assert "erika@example.org" not in said(answer)
    assert not AuditEntry.objects.filter(verb="see_contact").exists()


def test_no_form_works_without_its_token(office: Office) -> None:
    case = office.case()
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.lead.user, "allauth.account.auth_backends.AuthenticationBackend")
    before = fresh(case).revision
    for page in PAGES:
        where = address(page.path, case)
        assert client.post(where, {"do": "senden", "fall": case.reference}).status_code in {403, 405}
    assert fresh(case).revision == before


@pytest.mark.parametrize(
    "reference", ["%00", "a" * 3000, "0000-0000", "%F0%9F%8C%B3", "7K3M-Q9TX%0a", "'--", "<script>"]
)
def test_odd_references_are_not_there(office: Office, reference: str) -> None:
    for tail in (
        "",
        "schritt/plan/",
        "aendern/notiz/",
        "zusammenfuehren/?mit=%00",
        "fotos/99999999999999999999/",
    ):
        assert office.lead.client.get(f"{HOME}{reference}/{tail}").status_code in {400, 404}
    assert office.contractor.client.get(f"{HOME}auftraege/{reference}/").status_code in {400, 404}


def test_odd_filters_are_left_out(office: Office) -> None:
    case = office.case()
    for odd in ("\0", "9" * 5000, "99999999999999999999", "-1", "nan", "٣", "<script>alert(1)</script>"):
        names = (
            "q",
            "team",
            "wer",
            "kategorie",
            "stand",
            "gesicht",
            "bezirk",
            "von",
            "bis",
            "sort",
            "weiter",
            "art",
        )
        answer = office.clerk.client.get(HOME, dict.fromkeys(names, odd))
        assert answer.status_code == 200
        assert "<script>alert" not in said(answer)
    assert case.title in said(office.clerk.client.get(HOME, {"sort": "x", "team": "x"}))
