"""`/strategie/austausch/` and the export addresses: files for everybody, taking in for officers."""

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from msgspec.structs import replace

from stadt.apps.strategy.exchange.document import schema
from stadt.apps.strategy.exchange.queries import FORMATS, document_of, file_of
from stadt.apps.strategy.exchange.reading import read_file
from stadt.apps.strategy.record.content import Measure
from stadt.apps.strategy.record.models import ChangeRequest, Edition
from stadt.apps.strategy.record.queries import strategy_at
from stadt.core.people.actor import Actor
from stadt.core.people.models import User

Person = Callable[..., Actor]
IMPORT = "/strategie/austausch/einlesen/"


def sign_in(client: Client, actor: Actor) -> None:
    assert actor.user_id is not None
    client.force_login(User.objects.get(pk=actor.user_id))


@pytest.fixture
def officer(person: Person, client: Client) -> Client:
    """Signed in with the rights to bring files and to propose."""
    sign_in(client, person("strategy.exchange", "strategy.propose"))
    return client


def upload(client: Client, content: bytes, name: str = "strategie.xlsx") -> str:
    answer = client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})
    text = answer.content.decode()
    assert answer.status_code == (422 if "kern-alert--danger" in text or "kern-error" in text else 200), text[
        :500
    ]
    return text


def edited_workbook() -> bytes:
    document = document_of()
    code = next(iter(strategy_at().measures))
    items = tuple(
        replace(item, title="Ein neuer Titel") if isinstance(item, Measure) and item.code == code else item
        for item in document.items
    )
    return FORMATS["xlsx"].write(replace(document, items=items))


@pytest.mark.usefixtures("imported")
class TestDownloads:
    @pytest.mark.parametrize("suffix", FORMATS)
    @pytest.mark.parametrize("edition", ["", "1.0"])
    def test_everybody_gets_every_format_of_every_edition(
        self, client: Client, suffix: str, edition: str
    ) -> None:
        answer = client.get(f"/api/v1/strategy/export.{suffix}", {"edition": edition})

        assert answer.status_code == 200
        assert answer["Content-Type"] == FORMATS[suffix].media_type
        assert answer["Content-Disposition"].endswith(f'.{suffix}"')
        assert set(read_file(answer.content).content.items) == set(strategy_at().items)

    def test_the_page_links_to_all_of_them(self, client: Client) -> None:
        text = client.get("/strategie/austausch/").content.decode()

        assert len(set(re.findall(r'/api/v1/strategy/export\.[^"]+', text))) == 2 * len(FORMATS)
        assert "einlesen" not in text

    def test_the_schema_is_published(self, client: Client) -> None:
        published = msgspec.json.decode(client.get("/api/v1/strategy/schema.json").content)

        assert published == msgspec.json.decode(msgspec.json.encode(schema()))

    @pytest.mark.parametrize("edition", ["9.9", "\x00", "entwurf", "x" * 41])
    def test_an_edition_that_is_not_adopted_is_not_there(self, client: Client, edition: str) -> None:
        Edition.objects.create(name="entwurf", valid_on="2026-01-01", drafted_by="user:1")

        assert client.get("/api/v1/strategy/export.json", {"edition": edition}).status_code in {404, 422}

    def test_people_and_requests_are_in_no_export(self, officer: Client) -> None:
        upload_and_keep(officer)

        for suffix in ("json", "stratml.xml"):
            exported = Client().get(f"/api/v1/strategy/export.{suffix}").content
            assert b"user:" not in exported
            assert b"Ein neuer Titel" not in exported

    def test_what_begins_later_leaves_only_inside(self, client: Client, officer: Client) -> None:
        assert Client().get("/api/v1/strategy/export.json?internal=true").status_code in {401, 403}
        assert officer.get("/api/v1/strategy/export.json?internal=true").status_code == 403


def upload_and_keep(client: Client, **more: str) -> str:
    token = re.search(r'name="token" value="([^"]+)"', upload(client, edited_workbook()))
    assert token is not None
    given = {"token": token[1], "title": "Aus Excel", "reason": "Der Titel war alt", **more}
    return client.post(IMPORT, given).content.decode()


@pytest.mark.usefixtures("imported")
class TestTakingIn:
    def test_the_differences_are_shown_before_anything_is_kept(self, officer: Client) -> None:
        text = upload(officer, edited_workbook())

        assert "Ein neuer Titel" in text
        assert not ChangeRequest.objects.exists()

    def test_keeping_makes_a_change_request(self, officer: Client) -> None:
        assert "Änderungsantrag angelegt" in upload_and_keep(officer)

        request = ChangeRequest.objects.get()
        assert (request.title, request.changes.count()) == ("Aus Excel", 1)

    def test_a_reason_is_asked_for(self, officer: Client) -> None:
        upload_and_keep(officer, reason="")

        assert not ChangeRequest.objects.exists()

    def test_another_persons_preview_cannot_be_kept(self, officer: Client, person: Person) -> None:
        token = re.search(r'name="token" value="([^"]+)"', upload(officer, edited_workbook()))
        other = Client()
        sign_in(other, person("strategy.exchange", "strategy.propose"))

        assert token is not None
        answer = other.post(IMPORT, {"token": token[1], "title": "x", "reason": "y"})

        assert answer.status_code == 422
        assert not ChangeRequest.objects.exists()

    def test_a_wrong_file_is_refused_with_its_place(self, officer: Client) -> None:
        text = upload(officer, file_of("json").replace(b'"field": "HF-1.1"', b'"field": "HF-99.1"'))

        assert "HF-99.1" in text

    def test_strangers_are_led_to_sign_in_and_others_are_refused(
        self, client: Client, person: Person
    ) -> None:
        assert client.get(IMPORT).status_code in {302, 303}
        sign_in(client, person("strategy.propose"))
        assert client.get(IMPORT).status_code == 403


@pytest.mark.usefixtures("new_city")
def test_a_new_city_takes_its_first_edition_in(person: Person, client: Client) -> None:
    sign_in(client, person("strategy.exchange"))
    foreign = (Path(__file__).parent / "data" / "landkreis.stratml.xml").read_bytes()
    assert "Noch keine Strategie" in client.get("/strategie/austausch/").content.decode()

    token = re.search(r'name="token" value="([^"]+)"', upload(client, foreign))
    assert token is not None
    text = client.post(IMPORT, {"token": token[1]}).content.decode()

    assert "Strategie gespeichert" in text
    assert list(strategy_at().measures) == ["M-1.1.1", "M-1.1.2", "M-2.1.1"]
