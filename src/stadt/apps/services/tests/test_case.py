"""The page of a case by its link: how far it is, what the applicant may do, and what nobody else gets to see."""

import json
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from stadt.apps.services.services import send_link
from stadt.apps.services.showing import track_of
from stadt.apps.services.tests.filling import SYSTEM, fill_in, step_url
from stadt.civic.cases.catalogue import Face
from stadt.civic.cases.models import Case, Note
from stadt.civic.cases.queries import PublicStep
from stadt.civic.cases.services import move_case, write_citizen
from stadt.civic.files.queries import files_of
from stadt.civic.files.services import take_file
from stadt.civic.files.tests.images import PDF
from stadt.civic.forms.models import Submission


class TestSending:
    """From the review page to the receipt."""

    def test_the_receipt_names_the_reference_and_the_link(
        self, client: Client, link: str, case: Case
    ) -> None:
        shown = client.get(f"{link}beleg/").content.decode()
        for words in (case.reference, link, "Kleingarten mit 120 m²", "Anlage Süd", "Ada Muster"):
            assert words in shown

    def test_a_double_click_sends_once(self, client: Client, draft: str) -> None:
        fill_in(client, draft)
        first, second = (client.post(step_url(draft), {"tat": "senden"}) for _ in range(2))
        assert first.status_code == second.status_code == 302
        assert Case.objects.count() == Submission.objects.count() == 1
        assert client.get(str(second["Location"])).status_code == 200

    def test_an_unfinished_form_is_not_sent(self, client: Client, draft: str) -> None:
        answer = client.post(step_url(draft), {"tat": "senden"}, follow=True)
        assert "Es fehlt noch etwas" in answer.content.decode()
        assert not Case.objects.exists()

    def test_a_sent_form_cannot_be_changed(self, client: Client, draft: str, link: str) -> None:
        assert client.get(step_url(draft, "wish"))["Location"] == step_url(draft)
        assert "Schon abgesendet" in client.get(step_url(draft)).content.decode()
        assert client.post(step_url(draft, "wish"), {"size": "60"})["Location"] == step_url(draft)
        assert Submission.objects.get().answers["size"] == 120

    def test_the_case_knows_who_applies_and_what_was_agreed(self, case: Case) -> None:
        party = case.parties.get()
        assert (party.role, party.name, party.email) == ("applicant", "Ada Muster", "ada@example.org")
        assert party.consents == ["rules"]
        assert case.category == "south"


class TestPage:
    """What the applicant sees and does."""

    def test_it_shows_the_track_and_the_own_answers(self, client: Client, link: str, case: Case) -> None:
        shown = client.get(link).content.decode()
        for words in (
            case.reference,
            "Ihr Antrag ist da.",
            'aria-current="step"',
            "Ada Muster",
            "Antrag zurückziehen",
        ):
            assert words in shown

    def test_the_planned_day_is_told(self, client: Client, link: str, case: Case) -> None:
        move_case(SYSTEM, case.pk, "promise", planned_for=timezone.localdate() + timedelta(days=9))
        shown = client.get(link).content.decode()
        assert "Geplant für den" in shown
        assert "Ein Garten wird frei." in shown

    def test_internal_notes_never_appear(self, client: Client, link: str, case: Case) -> None:
        Note.objects.create(case=case, text="STRENG INTERN")
        for address in (link, f"{link}beleg/", f"{link}beleg.html", f"{link}daten.json"):
            assert "STRENG INTERN" not in client.get(address).content.decode()

    def test_withdrawing_asks_why(self, client: Client, link: str, case: Case) -> None:
        refused = client.post(link, {"schritt": "withdraw", "text": ""})
        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()
        assert client.post(link, {"schritt": "withdraw", "text": "Umzug"}).status_code == 302
        case.refresh_from_db()
        assert case.state == "withdrawn"
        assert "nicht möglich" in client.get(link).content.decode()

    @pytest.mark.parametrize(
        ("sent", "field"), [({"text": " "}, "text"), ({"schritt": "withdraw", "text": ""}, "warum-withdraw")]
    )
    def test_what_is_missing_is_named_and_led_to(
        self, client: Client, link: str, sent: dict[str, str], field: str
    ) -> None:
        shown = client.post(link, sent).content.decode()
        assert f'href="#{field}"' in shown
        assert f'id="{field}"' in shown

    def test_a_file_needs_no_words(self, client: Client, link: str, case: Case) -> None:
        made = BytesIO()
        Image.new("RGB", (40, 30), "green").save(made, "JPEG")
        photo = SimpleUploadedFile("garten.jpg", made.getvalue(), "image/jpeg")
        assert client.post(link, {"text": "", "dateien": photo}).status_code == 302
        assert len(files_of(case.subject)) == 1

    def test_a_letter_of_the_office_carries_its_papers(self, client: Client, link: str, case: Case) -> None:
        paper = take_file(BytesIO(PDF), "Pachtvertrag.pdf", actor=SYSTEM)
        write_citizen(SYSTEM, case.pk, "Hier ist der Vertrag.", files=[paper.pk])
        letters = client.get(link).content.decode().split('id="dateien-liste"')[0]
        assert "Pachtvertrag.pdf" in letters
        address = unescape(
            letters[: letters.index("Pachtvertrag.pdf")].rpartition('href="')[2].partition('"')[0]
        )
        assert client.get(address).content == PDF

    @pytest.mark.parametrize("move", ["look", "give", "promise", "unknown", "\0"])
    def test_moves_of_the_office_are_refused(self, client: Client, link: str, case: Case, move: str) -> None:
        assert client.post(link, {"schritt": move, "text": "x"}).status_code in {403, 404, 409, 422}
        case.refresh_from_db()
        assert case.state == "new"

    def test_a_page_that_is_out_of_date_changes_nothing(self, client: Client, link: str, case: Case) -> None:
        move_case(SYSTEM, case.pk, "look")
        answer = client.post(link, {"schritt": "withdraw", "text": "Umzug", "revision": str(case.revision)})
        assert answer.status_code == 409

    @pytest.mark.parametrize("revision", ["x", "-1", "9" * 40, "٣"])
    def test_an_odd_revision_is_no_failure(self, client: Client, link: str, revision: str) -> None:
        answer = client.post(link, {"schritt": "withdraw", "text": "Umzug", "revision": revision})
        assert answer.status_code in {302, 409}

    def test_own_data_are_there_to_keep(self, client: Client, link: str, case: Case) -> None:
        answer = client.get(f"{link}daten.json")
        kept: dict[str, Any] = json.loads(answer.content)
        assert answer["Content-Disposition"].startswith("attachment")
        assert kept["reference"] == case.reference
        assert kept["answers"]["size"] == 120
        assert kept["history"][0]["face"] == "received"


class TestLink:
    """Only whoever holds the secret."""

    @pytest.mark.parametrize("path", ["", "beleg/", "beleg.html", "daten.json"])
    def test_a_wrong_secret_says_how_to_get_a_new_one(self, client: Client, link: str, path: str) -> None:
        secret = link.split("/")[3]
        for wrong in (secret[:-1], secret + "x", secret.swapcase(), "x", "%00"):
            answer = client.get(f"/dienste/vorgang/{wrong}/{path}")
            assert answer.status_code == 404
            assert "/dienste/neuer-link/" in answer.content.decode()

    def test_the_page_goes_to_no_other_site(self, client: Client, link: str) -> None:
        for path in ("", "beleg/", "beleg.html", "daten.json"):
            answer = client.get(link + path)
            assert answer["Cache-Control"] == "private, no-store"
            assert answer["Referrer-Policy"] == "same-origin"


def step_on(face: Face, day: int) -> PublicStep:
    at = timezone.now() + timedelta(days=day)
    fields = dict.fromkeys(PublicStep.__dataclass_fields__, "")
    return PublicStep(**{**fields, "at": at, "face": str(face), "planned_for": None})  # type: ignore[arg-type]


class TestTrack:
    """The way of a case in at most five words."""

    def words(self, face: Face, *reached: Face) -> list[tuple[str, str]]:
        case = Case(face=str(face))
        return [(str(step.face), step.state) for step in track_of(case, [step_on(one, 0) for one in reached])]

    def test_at_first_everything_lies_ahead(self) -> None:
        assert self.words(Face.RECEIVED, Face.RECEIVED) == [
            ("received", "now"), ("checking", "open"), ("planned", "open"), ("done", "open")
        ]  # fmt: skip

    def test_what_was_never_planned_is_not_told_as_planned(self) -> None:
        assert self.words(Face.DONE, Face.RECEIVED, Face.CHECKING) == [
            ("received", "past"), ("checking", "past"), ("done", "now")
        ]  # fmt: skip

    def test_what_is_not_possible_ends_so(self) -> None:
        assert self.words(Face.NOT_POSSIBLE, Face.RECEIVED)[-1] == ("not_possible", "now")


class TestNewLink:
    """A new link goes to the address that was left, and the page tells nobody whether there is one."""

    def test_whoever_left_the_address_gets_a_link_that_opens_the_case(
        self, client: Client, case: Case
    ) -> None:
        mail.outbox.clear()
        assert send_link(case.reference.lower().replace("-", " "), " ADA@example.org")
        [message] = mail.outbox
        assert message.to == ["ada@example.org"]
        address = next(line for line in message.body.splitlines() if "/vorgang/" in line)
        assert case.reference in client.get(address[address.index("/dienste/") :].strip()).content.decode()

    @pytest.mark.parametrize("email", ["mallory@example.org", "", "%", "ada@example.org\0"])
    def test_nobody_else_gets_one(self, case: Case, email: str) -> None:
        mail.outbox.clear()
        assert not send_link(case.reference, email)
        assert not send_link("2222-2222", "ada@example.org")
        assert not mail.outbox
