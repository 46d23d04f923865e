"""People of a case: taken in, their contact data put right, and gone when the office says so; and how long cases are kept."""

import msgspec
import pytest

from stadt.apps.desk.tests.office import HOME, LEAD, SYSTEM, Office, fresh, said
from stadt.civic.cases import reading, services
from stadt.civic.cases.models import Case, Party
from stadt.civic.cases.services.telling import find_case_id, make_link
from stadt.civic.cases.versions import import_types
from stadt.core.people.models import AuditEntry


def page(case: Case, tail: str = "") -> str:
    return f"{HOME}{case.reference}/{tail}"


def test_somebody_is_taken_in_and_told_from_then_on(office: Office) -> None:
    case = office.case()
    sent = {"role": "guardian", "name": "Ada Beispiel", "email": "ada@example.org", "wants_mail": "on"}
    client, where = office.clerk.client, page(case, "aendern/beteiligte/")
    for wrong in ({"email": "ada"}, {"role": "follower"}, {"name": "", "email": ""}):
        assert client.post(where, {**sent, **wrong}).status_code == 422
    assert client.post(where, sent).status_code == 302
    added = Party.objects.get(name="Ada Beispiel")
    assert (added.case_id, added.role, added.wants_mail) == (case.pk, "guardian", True)


def test_a_wrong_address_is_put_right_and_its_link_opens_nothing(office: Office) -> None:
    case = office.case()
    party = Party.objects.get(case=case)
    secret = make_link(case, party)
    where = page(case, f"kontakt/{party.pk}/")
    shown = office.clerk.client.get(where)
    assert "erika@example.org" in said(shown)
    assert AuditEntry.objects.filter(verb="see_contact", subject=case.subject).exists()
    sent = {"name": "Erika Beispiel", "email": "erika.b@example.org", "phone": "", "revision": case.revision}
    for one in (office.reader, office.contractor):
        assert one.client.post(where, sent).status_code == 403
    assert office.clerk.client.post(where, {**sent, "email": "x"}).status_code == 422
    assert office.clerk.client.post(where, sent).status_code == 302
    party.refresh_from_db()
    assert (party.email, party.phone, party.wants_mail) == ("erika.b@example.org", "", False)
    assert find_case_id(secret) is None
    assert office.clerk.client.post(where, sent).status_code == 422  # somebody was quicker
    other = office.case("Andere")
    assert office.clerk.client.get(page(other, f"kontakt/{party.pk}/")).status_code == 404


def test_a_closed_case_is_anonymised_at_once_when_the_lead_says_so(office: Office) -> None:
    case = office.case()
    assert "anonymisieren" not in [
        one.key for one, _url in office.lead.client.get(page(case)).context["actions"]
    ]
    services.move_case(SYSTEM, case.pk, "cut")
    assert office.clerk.client.post(page(case, "aendern/anonymisieren/")).status_code == 403
    sent = {"revision": fresh(case).revision}
    assert office.lead.client.post(page(case, "aendern/anonymisieren/"), sent).status_code == 302
    assert not Party.objects.filter(case=case).exists()


def test_a_case_leads_to_the_next_one(office: Office) -> None:
    case, own, free = office.case("Diese"), office.case("Eigene"), office.case("Freie")
    client = office.clerk.client
    services.assign_case(SYSTEM, own.pk, organisation_id=office.team.pk, assignee_id=office.clerk.user.pk)
    assert client.get(page(case)).context["next"] == own
    services.move_case(SYSTEM, own.pk, "cut")
    assert client.get(page(case)).context["next"] == free
    services.assign_case(SYSTEM, free.pk, organisation_id=office.elsewhere.pk)
    assert client.get(page(case)).context["next"] is None


def test_kinds_say_how_long_cases_are_kept_and_bring_them_to_the_newest_version(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, where = office.case(), f"{HOME}arten/"
    assert "unbegrenzt aufbewahrt" in said(office.reader.client.get(where))
    hedge = msgspec.structs.replace(reading.types()["hedge"], delete_after_days=90)
    monkeypatch.setattr(reading, "types", lambda: {"hedge": hedge})
    import_types(SYSTEM)
    shown = said(office.reader.client.get(where))
    assert "nach 90 Tagen gelöscht, bis dahin unverändert" in shown
    assert "1 offener Vorgang folgt einer älteren Fassung." in shown
    renew = f"{where}erneuern/"
    assert office.lead.client.post(renew, {"art": "hedge"}).status_code == 403
    head = office.person("head", office.city, *LEAD)
    assert head.client.post(renew, {"art": "hedge"}).status_code == 302
    assert fresh(case).type_version == 2
    assert head.client.post(renew, {"art": "gibt-es-nicht"}).status_code == 404
