"""A building application that is two files only: the generic part carries it from the parcel to the permit."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stadt.apps.services.tests.filling import DATA, SYSTEM, Offer
from stadt.civic.cases.models import Case
from stadt.civic.cases.services import move_case, set_task
from stadt.civic.files.queries import files_of
from stadt.civic.files.tests.images import PDF
from stadt.core.city import current
from stadt.core.errors import Conflict

FIRM = {
    "builder": "firm",
    "firm.name": "Muster Bau GmbH",
    "firm.email": "bau@example.org",
    "firm.register_number": "HRB 1",
    "person.given_name": "Mallory",
    "person.family_name": "Unsichtbar",
}
SIZE = {"storeys": "4", "length": "12,5", "width": "10", "area": "1"}


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


@pytest.fixture
def review(client: Client, offer: Offer) -> str:
    """The review page of an application in which everything is filled in."""
    offer(DATA / "building")
    lon, lat = current().centre
    place = {"place.lon": f"{lon}".replace(".", ","), "place.lat": str(lat), "parcel": "12-345/6"}
    page = client.post("/dienste/bauantrag/")["Location"]
    for sent in (
        FIRM,
        place,
        SIZE,
        {"drawings": [pdf("Ansicht.pdf"), pdf("Schnitt.pdf")], "statics": pdf("S.pdf")},
    ):
        answer = client.post(page, sent)
        assert answer.status_code == 302, answer.content.decode()
        page = answer["Location"]
    return str(client.post(page, {"complete": "yes", "owner": "no", "owner_agrees": "yes"})["Location"])


def test_it_goes_from_the_parcel_to_the_permit(client: Client, review: str) -> None:
    assert "500 m²" in client.get(review).content.decode()
    receipt = client.post(review, {"tat": "senden"})["Location"]
    case, link = Case.objects.get(), receipt.removesuffix("beleg/")
    assert (case.title, case.lon) == ("4 Geschosse auf 12-345/6", current().centre[0])
    party = case.parties.get()
    assert (party.role, party.name, party.email) == ("applicant", "Muster Bau GmbH", "bau@example.org")
    assert party.consents == ["complete", "owner_agrees"]
    assert len(files_of(case.subject)) == 3
    proof = client.get(receipt).content.decode()
    assert all(f"Datei {name}.pdf (SHA-256)" in proof for name in ("Ansicht", "Schnitt", "S"))
    assert "person" not in case.answers

    move_case(SYSTEM, case.pk, "demand", text="Bitte den Lageplan.")
    assert client.post(link, {"text": "Hier ist er.", "dateien": pdf("Lageplan.pdf")}).status_code == 302
    assert "Lageplan.pdf" in client.get(link).content.decode()
    with pytest.raises(Conflict, match="Nachbarn beteiligt"):
        move_case(SYSTEM, case.pk, "grant")
    set_task(SYSTEM, case.pk, "neighbours", is_done=True)
    move_case(SYSTEM, case.pk, "grant")
    assert "Sie dürfen bauen." in client.get(link).content.decode()


@pytest.mark.parametrize(
    ("step", "sent", "wrong"),
    [
        ("who", {"builder": "firm", "firm.email": "bau@example.org"}, "ist nicht vollständig"),
        ("land", {"parcel": "12-345/6"}, "Bitte füllen Sie das aus"),
        ("land", {"place.lon": "0", "place.lat": "0", "parcel": "12"}, "liegt nicht in"),
        ("building", {**SIZE, "storeys": "61"}, "ist mehr als 60"),
        ("plans", {"drawings": [pdf(f"{number}.pdf") for number in range(3)]}, "nimmt höchstens"),
        ("declarations", {"owner": "yes"}, "Ohne Ihre Zustimmung"),
    ],
)
def test_what_does_not_fit_is_named(
    client: Client, review: str, step: str, sent: dict[str, Any], wrong: str
) -> None:
    answer = client.post(f"{review}{step}/", sent)
    assert answer.status_code == 422
    assert wrong in answer.content.decode()
