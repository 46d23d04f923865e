"""A contractor sees what was handed to the own firm, nothing of people, and is done in two taps."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from stadt.apps.desk import orders
from stadt.apps.desk.orders import start_of
from stadt.apps.desk.tests.office import HOME, SYSTEM, Office, Person, fresh, said, spot
from stadt.apps.desk.tests.pictures import jpeg
from stadt.civic.cases import services
from stadt.civic.cases.models import Case
from stadt.civic.cases.rights import WORK
from stadt.civic.files.models import StoredFile
from stadt.civic.files.queries import files_of
from stadt.civic.files.services import attach, publish, take_file
from stadt.core.people.actor import Actor
from stadt.hub.places.spot_queries import distance

ROUND = f"{HOME}auftraege/"


def test_a_round_shows_the_own_orders_only(office: Office) -> None:
    order, other = office.order(), office.case("Hecke am Markt")
    page = said(office.contractor.client.get(ROUND))
    assert order.reference in page
    assert other.reference not in page
    assert order.reference not in said(office.other_contractor.client.get(ROUND))


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_order_of_another_firm_is_not_there(office: Office, method: str) -> None:
    order = office.order()
    where = f"{ROUND}{order.reference}/"
    assert getattr(office.other_contractor.client, method)(where).status_code == 404
    assert getattr(office.contractor.client, method)(f"{ROUND}{office.case().reference}/").status_code == 404


def test_an_order_tells_nothing_of_people_and_no_internal_note(office: Office) -> None:
    order = office.order()
    services.note_case(office.clerk.actor, order.pk, "Streit unter Nachbarn")
    services.ask_citizen(office.clerk.actor, order.pk, "Welche Hausnummer genau?")
    for where in (ROUND, f"{ROUND}{order.reference}/"):
        page = said(office.contractor.client.get(where))
        for secret in ("Erika", "erika@example.org", "209 123", "Streit", "Hausnummer genau"):
            assert secret not in page
    assert "Bitte vor 16 Uhr." in said(office.contractor.client.get(f"{ROUND}{order.reference}/"))


def test_a_contractor_sees_the_photos_of_the_order_and_no_others(office: Office) -> None:
    """Each photo by where it came from, and who of the house sees it."""
    order, firm = office.order(), office.contractor
    colleague = office.person("colleague", office.firm, WORK)

    def photo(role: str, actor: Actor = SYSTEM) -> StoredFile:
        owner = f"{actor.kind}:{actor.identifier}"
        made = SimpleUploadedFile("x.jpg", jpeg(40 + StoredFile.objects.count()), "image/jpeg")
        file = take_file(made, "x.jpg", accepts=("photo",), owner=owner, actor=actor)
        attach([file.pk], order.subject, role, actor=actor)
        return file

    held, released, answered = photo("before"), photo("before"), photo("answer")
    own, theirs = photo("after", firm.actor), photo("after", office.clerk.actor)
    publish(office.lead.actor, released.pk)

    def seen(reader: Person, where: str) -> set[int]:
        shown = reader.client.get(where).context
        return {one.pk for name in ("before", "after") for one in shown[name]}

    of_order = f"{ROUND}{order.reference}/"
    assert seen(firm, of_order) == seen(colleague, of_order) == {released.pk, own.pk}
    everything = {held.pk, released.pk, answered.pk, own.pk, theirs.pk}
    for officer in (office.reader, office.clerk, office.lead):
        assert seen(officer, f"{HOME}{order.reference}/") == everything
    assert "1 Foto der Meldung ist nicht freigegeben" in said(
        office.clerk.client.get(f"{HOME}{order.reference}/aendern/auftrag/")
    )


def test_an_order_is_done_with_a_photo(office: Office) -> None:
    order = office.order()
    sent = {
        "schritt": "cut_by_contractor",
        "revision": order.revision,
        "photo": SimpleUploadedFile("nachher.jpg", jpeg(), "image/jpeg"),
    }
    assert office.contractor.client.post(f"{ROUND}{order.reference}/", sent).status_code == 302
    assert fresh(order).state == "cut"
    assert [one.role for one in files_of(order.subject)] == ["after"]


def test_an_order_is_not_done_without_the_photo_it_asks_for(office: Office) -> None:
    order = office.order()
    sent = {"schritt": "cut_by_contractor", "revision": order.revision}
    answer = office.contractor.client.post(f"{ROUND}{order.reference}/", sent)
    assert answer.status_code == 422
    assert fresh(order).state == "new"


def test_a_contractor_does_no_step_of_the_office(office: Office) -> None:
    order = office.order()
    for step in ("cut", "refuse", "plan", "", "gibt-es-nicht", "\0"):
        answer = office.contractor.client.post(
            f"{ROUND}{order.reference}/", {"schritt": step, "reason": "x", "planned_for": "2026-12-24"}
        )
        assert answer.status_code in {404, 409}
    assert fresh(order).state == "new"


def test_a_step_that_collides_keeps_what_was_typed_and_can_be_sent_again(office: Office) -> None:
    order = office.order()
    services.set_priority(office.lead.actor, order.pk, 2)
    where = f"{ROUND}{order.reference}/"
    photo = SimpleUploadedFile("nachher.jpg", jpeg(), "image/jpeg")
    sent = {"schritt": "cut_by_contractor", "revision": order.revision, "photo": photo}
    answer = office.contractor.client.post(where, sent)
    assert answer.status_code == 409
    assert answer.context["forms"][0].initial["revision"] == fresh(order).revision
    assert "Inzwischen hat sich der Vorgang geändert" in said(answer)


def test_a_step_that_the_office_took_meanwhile_leads_to_the_order_as_it_is(office: Office) -> None:
    order = office.order()
    services.move_case(SYSTEM, order.pk, "cut")
    sent = {"schritt": "cut_by_contractor", "revision": order.revision}
    answer = office.contractor.client.post(f"{ROUND}{order.reference}/", sent)
    assert answer.status_code == 409
    assert "Beim jetzigen Stand ist von Ihnen nichts zu tun." in said(answer)


def test_a_note_of_the_contractor_reaches_the_team(office: Office) -> None:
    order = office.order()
    sent = {"do": "notiz", "text": "Das Tor ist zu."}
    assert office.contractor.client.post(f"{ROUND}{order.reference}/", sent).status_code == 302
    assert "Das Tor ist zu." in said(office.clerk.client.get(f"{HOME}{order.reference}/"))


def test_the_nearest_comes_first(office: Office) -> None:
    far = office.order("fern", place=spot(0.02, 0.02))
    near = office.order("nah", place=spot(0.0, 0.0012))
    start = spot()
    page = said(office.contractor.client.get(ROUND, {"ab": f"{start.lon},{start.lat}"}))
    assert page.index(near.reference) < page.index(far.reference)
    assert "130 m" in page


def test_each_stop_is_the_nearest_to_the_one_before_and_the_way_is_summed_up(office: Office) -> None:
    """Sorted from the start alone, the one to the west would come second."""
    for name, east in (("zweiter", 0.004), ("erster", 0.002), ("letzter", -0.003)):
        office.order(name, place=spot(east))
    without = office.order("ohne Ort", place=None, category="dead")
    start = spot()
    answer = office.contractor.client.post(ROUND, {"lon": str(start.lon), "lat": str(start.lat)})
    stops = answer.context["round"].today
    assert [stop.row.case.title for stop in stops] == ["erster", "zweiter", "letzter", without.title]
    assert answer.context["round"].length in said(answer)
    assert start.lon is not None
    assert start.lat is not None
    assert sum(stop.metres or 0 for stop in stops) == pytest.approx(
        distance(start.lon, start.lat, start.lon + 0.004, start.lat) * 2.75, rel=0.01
    )
    position = f"{start.lon:.4f},{start.lat:.4f}"
    assert position in said(office.contractor.client.get(ROUND, {"ab": position}))
    assert position not in said(answer)  # the device's own stands in no link
    plain = office.contractor.client.post(ROUND, {"lon": "nan", "lat": "\0"})
    assert (plain.status_code, plain.context["round"].length) == (200, "")


def test_a_round_begins_at_an_address_and_says_when_there_is_none(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, start = office.order(), spot(0.01)
    found = SimpleNamespace(lon=start.lon, lat=start.lat, line="Ahornweg 1, Mitte")
    monkeypatch.setattr(orders, "find_spots", lambda words, limit: [found] if "Ahorn" in words else [])
    page = said(office.contractor.client.get(ROUND, {"adresse": "Ahornweg 1"}))
    assert "Ab Ahornweg 1, Mitte" in page
    lost = said(office.contractor.client.get(ROUND, {"adresse": "Nirgendweg"}))
    assert "Diese Adresse wurde nicht gefunden." in lost
    assert order.reference in lost


def test_an_officer_walks_the_list_of_the_inbox(office: Office) -> None:
    own, other = office.case(), office.case("Fremde", team=office.elsewhere)
    services.assign_case(SYSTEM, own.pk, organisation_id=office.team.pk, assignee_id=office.clerk.user.pk)
    start = spot(0.01)
    answer = office.clerk.client.get(f"{HOME}runde/", {"wer": "ich", "ab": f"{start.lon},{start.lat}"})
    assert own.reference in said(answer)
    assert other.reference not in said(answer)
    assert f'href="{HOME}{own.reference}/"' in said(answer)
    assert ("wer", str(office.clerk.user.pk)) in answer.context["carried"]


def test_what_is_planned_for_later_stands_below(office: Office) -> None:
    later, now = office.order("später"), office.order("heute")
    tomorrow = timezone.localdate() + timedelta(days=2)
    services.move_case(SYSTEM, later.pk, "plan", planned_for=tomorrow)
    page = said(office.contractor.client.get(ROUND))
    assert page.index(now.reference) < page.index("Später") < page.index(later.reference)


@pytest.mark.parametrize(
    "odd", ["g", "g99999999999999", "1", "nan,nan", "inf,1", "181,0", "0,91", "x,y", ","]
)
def test_a_start_that_is_none_is_left_out(db: None, odd: str) -> None:
    assert start_of(odd) is None


def test_closed_orders_leave_the_round(office: Office) -> None:
    order = office.order()
    Case.objects.filter(pk=order.pk).update(closed_at=timezone.now(), state="cut", face="done")
    assert order.reference not in said(office.contractor.client.get(ROUND))
