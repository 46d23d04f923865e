"""Open311 GeoReport v2, what is handed in: each test is one sentence of the specification (docs/apps/open311.md lists them)."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from PIL import Image

from stadt.civic.cases.models import Case, Party
from stadt.core.city import current
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.hub.places.models import SpotKind
from stadt.hub.places.spot_files import SpotRow
from stadt.hub.places.spots import put_spots

from .conftest import issue_key
from .world import Told, ask, publish, w3

pytestmark = pytest.mark.django_db

PERSON = {
    "email": "rita.melder@example.org",
    "first_name": "Rita",
    "last_name": "Melder",
    "phone": "0209 123456",
    "device_id": "tt222111",
    "account_id": "123456",
}


def sent(key: str, form: str = "json", files: Any = None, headers: Any = None, **more: Any) -> Told:
    """A whole request; None leaves a parameter out."""
    lon, lat = current().centre
    known: dict[str, Any] = {
        "api_key": key,
        "service_code": "P-001",
        "lat": str(lat),
        "long": str(lon),
        "description": "Ein großes Loch\nmitten auf der Straße",
        "attribute[size]": "small",
    }
    data = {name: value for name, value in (known | more).items() if value is not None}
    return ask(f"v2/requests.{form}", data=data, files=files, headers=headers)


def the_case() -> Case:
    return Case.objects.get()


def a_photo(size: tuple[int, int] = (64, 48)) -> bytes:
    kept = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", size, "green").save(kept, "JPEG", exif=exif)
    return kept.getvalue()


class TestPosting:
    def test_a_request_gets_its_id_at_once_and_no_token(self, key: str) -> None:
        [one] = sent(key).json
        assert tuple(one) == ("service_request_id", "service_notice", "account_id")
        case = the_case()
        assert one["service_request_id"] == case.reference
        assert (case.category, case.source) == ("pothole", "open311")
        assert case.answers["size"] == "small"

    def test_the_answer_in_xml_has_the_same_elements(self, key: str) -> None:
        xml = sent(key, "xml").xml
        assert (xml.tag, xml[0].tag) == ("service_requests", "request")
        assert [child.tag for child in xml[0]] == ["service_request_id", "service_notice", "account_id"]

    def test_the_text_keeps_its_line_breaks_and_letters(self, key: str) -> None:
        sent(key)
        assert the_case().text == "Ein großes Loch\nmitten auf der Straße"

    def test_attributes_take_several_values_where_several_may_be_chosen(self, key: str) -> None:
        more: Any = {"attribute[where][]": ["lane", "path"]}
        sent(key, **more)
        assert the_case().answers["where"] == ["lane", "path"]

    def test_a_missing_required_attribute_is_refused_by_name(self, key: str) -> None:
        more: Any = {"attribute[size]": None}
        told = sent(key, **more)
        assert told.status == 400
        assert "size" in told.json[0]["description"]
        assert not Case.objects.exists()

    def test_unknown_attributes_are_passed_over(self, key: str) -> None:
        assert sent(key, **{"attribute[fixmystreet_id]": "12"}).status == 200

    def test_a_choice_that_stops_the_form_is_refused(self, key: str) -> None:
        assert sent(key, **{"attribute[size]": "abyss"}).status == 400

    def test_a_service_without_need_of_a_place_takes_none(self, key: str) -> None:
        assert sent(key, service_code="idea", lat=None, long=None).status == 200

    @pytest.mark.parametrize(
        ("more", "status", "word"),
        [
            ({"service_code": None}, 400, "service_code"),
            ({"service_code": "nothing"}, 404, "service_code"),
            ({"service_code": "gas"}, 404, "service_code"),
            ({"lat": None}, 400, "lat"),
            ({"long": None}, 400, "long"),
            ({"lat": None, "long": None}, 400, "location"),
            ({"lat": "51,5"}, 400, "lat"),
            ({"lat": "nan"}, 400, "lat"),
            ({"lat": "1", "long": "1"}, 400, "lat, long: "),
            ({"description": "x" * 2001}, 400, "description"),
            ({"email": "no address"}, 400, "email"),
            ({"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id"),
            ({"description": "a\x00b"}, 400, "UTF-8"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_kept(
        self, key: str, more: dict[str, Any], status: int, word: str
    ) -> None:
        told = sent(key, **more)
        assert told.status == status
        assert told.json[0]["code"] == status
        assert any(word in one["description"] for one in told.json)
        assert not Case.objects.exists()

    def test_an_address_that_is_meant_without_doubt_is_a_place(self, key: str) -> None:
        self.spots()
        assert sent(key, lat=None, long=None, address_string="Probestr. 7, 12345 Probe").status == 200
        assert the_case().lat == pytest.approx(current().centre[1], abs=1e-4)

    @pytest.mark.parametrize("address", ["Probeweg 99", "Irgendwo", "Probestraße", "%", "7"])
    def test_an_address_in_doubt_is_refused(self, key: str, address: str) -> None:
        self.spots()
        told = sent(key, lat=None, long=None, address_string=address)
        assert (told.status, "address_string" in told.json[0]["description"]) == (400, True)

    def test_an_address_id_is_a_place(self, key: str) -> None:
        self.spots()
        assert sent(key, lat=None, long=None, address_id="p7").status == 200
        assert the_case().address == "Probestraße 7"
        assert sent(key, lat=None, long=None, address_id="none").status == 400

    def spots(self) -> None:
        lon, lat = current().centre
        rows = [
            SpotRow(SpotKind.ADDRESS, "Probestraße 7", "Probestraße", "7", "12345", "Probe", lon, lat, "p7")
        ]
        put_spots(Actor.system("test"), rows, source="Probe")


class TestPeople:
    def test_what_is_known_of_a_person_goes_to_the_case_and_never_back(self, key: str) -> None:
        told = sent(key, **PERSON)
        party = Party.objects.get()
        assert (party.name, party.email, party.phone) == (
            "Rita Melder",
            "rita.melder@example.org",
            "0209 123456",
        )
        reference = told.json[0]["service_request_id"]
        shown = told.body + ask("v2/requests.json").body + ask(f"v2/requests/{reference}.xml").body
        shown += ask("v2/servicerequestupdates.json", {"extensions": "true"}).body
        for value in PERSON.values():
            assert value.encode() not in shown
        kept = " ".join(str(entry.changes) + entry.subject for entry in AuditEntry.objects.all())
        assert not any(value in kept for value in ("Rita", "example.org", "0209"))

    def test_device_and_account_are_not_kept(self, key: str) -> None:
        sent(key, **PERSON)
        case = the_case()
        assert "tt222111" not in str(case.__dict__) + str(case.answers)


class TestKeys:
    @pytest.mark.parametrize("given", ["", "stadt_" + "x" * 43, "secret", "\u00e4" * 10])
    def test_a_missing_or_wrong_key_is_answered_with_403(self, key: str, given: str) -> None:
        told = sent(given)
        assert (told.status, told.json[0]["code"]) == (403, 403)
        assert "api_key" in told.json[0]["description"]
        assert not Case.objects.exists()

    def test_a_key_without_the_right_is_answered_with_403(self, catalogue: None) -> None:
        from datetime import timedelta

        from django.utils import timezone

        from stadt.core.tokens import MANAGE_TOKENS, issue_token

        tomorrow = timezone.now() + timedelta(days=1)
        _, other = issue_token(Actor.system("test"), "Anderes", [MANAGE_TOKENS], expires_at=tomorrow)
        assert sent(other).status == 403

    def test_the_key_may_stand_in_the_header(self, key: str) -> None:
        assert sent("", headers={"Authorization": f"Bearer {key}"}).status == 200

    def test_reading_needs_no_key(self, catalogue: None) -> None:
        assert ask("v2/requests.json").status == 200

    def test_a_key_is_refused_before_anything_else_is_told(self, catalogue: None) -> None:
        told = sent("", service_code="nothing")
        assert told.status == 403


class TestMedia:
    def test_photos_come_as_multipart_and_lose_what_came_with_them(self, key: str) -> None:
        from stadt.civic.files.models import StoredFile
        from stadt.civic.files.queries import path_of

        files = {"media": ("loch.jpg", a_photo(), "image/jpeg")}
        assert sent(key, files=files).status == 200
        kept = StoredFile.objects.get()
        assert kept.subject == the_case().subject
        content = path_of(kept).read_bytes()
        assert b"secret place" not in content
        assert not Image.open(BytesIO(content)).getexif()

    @pytest.mark.parametrize(
        "content", [b"%PDF-1.7 no photo", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 20, b""]
    )
    def test_what_is_no_photo_is_refused(self, key: str, content: bytes) -> None:
        told = sent(key, files={"media": ("a.jpg", content, "image/jpeg")})
        assert told.status == 400
        assert not Case.objects.exists()

    def test_more_than_five_are_refused(self, key: str) -> None:
        files = [("media", (f"{number}.jpg", a_photo(), "image/jpeg")) for number in range(6)]
        assert sent(key, files=files).status == 400

    def test_media_url_is_not_fetched_and_the_notice_says_so(
        self, key: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def asked(*_: Any, **__: Any) -> None:
            pytest.fail("an address was fetched")

        monkeypatch.setattr("socket.create_connection", asked)
        [one] = sent(key, media_url="http://169.254.169.254/latest/meta-data").json
        assert "media_url" in one["service_notice"]


class TestRepeating:
    def test_the_same_key_of_the_sender_is_the_same_request(self, key: str) -> None:
        header = {"Idempotency-Key": "0123456789abcdef"}
        first, second = sent(key, headers=header).json, sent(key, headers=header).json
        assert first[0]["service_request_id"] == second[0]["service_request_id"]
        assert Case.objects.count() == 1

    def test_another_senders_key_is_another_request(self, key: str) -> None:
        header = {"Idempotency-Key": "0123456789abcdef"}
        sent(key, headers=header)
        sent(issue_key(), headers=header)
        assert Case.objects.count() == 2


class TestUpdates:
    def update(self, key: str, reference: str, **more: Any) -> Told:
        known: dict[str, Any] = {
            "api_key": key,
            "service_request_id": reference,
            "update_id": "u-1",
            "updated_datetime": w3(),
            "status": "OPEN",
            "description": "Es ist größer geworden.",
            **PERSON,
        }
        data = {name: value for name, value in (known | more).items() if value is not None}
        return ask("v2/servicerequestupdates.json", data=data)

    @pytest.fixture
    def reference(self, key: str) -> str:
        """A request that was handed in and published."""
        reference: str = sent(key).json[0]["service_request_id"]
        case = the_case()
        from stadt.apps.issues.models import PublicIssue

        PublicIssue.objects.filter(reference=reference).delete()
        publish(reference, case_id=case.pk)
        return reference

    def test_an_update_gets_an_id_and_is_taken_once(self, key: str, reference: str) -> None:
        first, second = self.update(key, reference), self.update(key, reference)
        assert first.status == 200
        assert tuple(first.json[0]) == ("update_id",)
        assert second.json == first.json
        assert the_case().notes.count() == 1

    def test_words_of_an_update_are_never_shown_in_public(self, key: str, reference: str) -> None:
        self.update(key, reference)
        shown = ask("v2/servicerequestupdates.json").body + ask(f"v2/requests/{reference}.json").body
        assert "größer geworden".encode() not in shown

    def test_a_key_without_the_right_cannot_close(self, key: str, reference: str) -> None:
        told = self.update(key, reference, status="closed")
        assert told.status == 403
        assert the_case().face == "received"

    def test_a_key_that_may_handle_cases_closes(self, reference: str) -> None:
        from stadt.civic.cases.rights import HANDLE

        told = self.update(issue_key(HANDLE), reference, status="closed")
        assert told.status == 200
        assert the_case().face == "done"

    @pytest.mark.parametrize(
        "name", ["service_request_id", "update_id", "updated_datetime", "status", "description"]
    )
    def test_what_is_missing_is_named(self, key: str, reference: str, name: str) -> None:
        told = self.update(key, reference, **{name: None})
        assert (told.status, name in told.json[0]["description"]) == (400, True)

    def test_a_request_that_is_not_public_takes_no_updates(self, key: str) -> None:
        assert self.update(key, "AAAA-9999").status == 404


@pytest.mark.parametrize(
    "path", ["v2/services.json", "v2/services/P-001.json", "v2/requests/AAAA-0001.json", "v2/tokens/1.json"]
)
def test_nothing_else_can_be_posted_to(key: str, path: str) -> None:
    assert ask(path, data={"api_key": key}).status == 405


@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/json",
            "",
        ]
    ),
)
@rules(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_breaks_it(catalogue: None, body: bytes, kind: str) -> None:
    for path in ("v2/requests.json", "v2/servicerequestupdates.xml"):
        assert ask(path, body=body, headers={"Content-Type": kind}, method="POST").status in {400, 403, 413}
