"""What an attacker sends as a report: script, spam, floods, hostile pictures, guessed references and links."""

import re
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from stadt.apps.issues.public import Report, owner_of, report_issue
from stadt.apps.issues.reporting.limits import household_pace, network_pace, take_report
from stadt.apps.issues.shown.models import PublicIssue
from stadt.apps.issues.shown.projection import project
from stadt.civic.cases.models import Case
from stadt.civic.files.models import StoredFile
from stadt.civic.files.services import attach, publish, take_file
from stadt.civic.forms.queries import find_draft
from stadt.civic.messages.services.links import find_access, make_link, subject_of
from stadt.core.city import current
from stadt.core.errors import Invalid, NotFound, StadtError, TooLarge, TooMany
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets.pacing import Pace

DATA = Path(__file__).parents[1] / "conformance" / "open311" / "data"
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}${7*7}%0d%0aSet-Cookie:x=1"
ACTOR = Actor.system("test")
APPS = ("issues", "services", "desk", "civic_messages", "civic_files", "cases", "civic_forms")
# Mail programs leave a list by one POST without a form (RFC 8058); the address holds a secret and does only that.
ONE_CLICK = "civic_messages:one_click"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A type of report whose words are published at once: the worst case for script."""
    from stadt.civic.cases import reading
    from stadt.civic.cases.versions import import_types
    from stadt.core.people.models import Organisation
    from stadt.hub.places.services import seed_city_areas

    types = reading.read_types(DATA)
    monkeypatch.setattr(reading, "types", lambda: types)
    Organisation.objects.get_or_create(key="stadt", defaults={"name": "Stadt"})
    import_types(ACTOR)
    seed_city_areas(ACTOR)


def report(key: str = "k" * 20, **more: Any) -> Case:
    lon, lat = current().centre
    known: dict[str, Any] = {"category": "idea", "lon": lon, "lat": lat, "text": "Ein Loch."}
    return Case.objects.get(pk=report_issue(None, Report(key=key, **(known | more))).case_id)


def published(case: Case) -> PublicIssue:
    project(case.pk)
    return PublicIssue.objects.get(case_id=case.pk)


def photo(**options: Any) -> bytes:
    content = BytesIO()
    Image.new("RGB", (64, 48), "green").save(content, "JPEG", **options)
    return content.getvalue()


class TestScript:
    def test_what_was_typed_is_never_code_on_any_page_that_shows_it(self) -> None:
        case = report(text=SCRIPT, address=SCRIPT[:100], name=SCRIPT[:100], email="a@example.org")
        reference = published(case).reference
        PublicIssue.objects.update(text=SCRIPT, street=SCRIPT[:100], reason=SCRIPT, agency=SCRIPT[:100])
        client = Client()
        shown = 0
        for address in (
            reverse("issues:map"),
            f"{reverse('issues:map')}?ansicht=liste",
            f"{reverse('issues:map')}?q={reference}",
            reverse("issues:shown", args=[reference]),
            reverse("issues:figures"),
            reverse("issues:feed"),
            "/suche?q=Loch",
            "/",
        ):
            answer = client.get(address, follow=True)
            body = answer.content.decode()
            assert answer.status_code == 200, address
            assert "<script>alert(1)" not in body, address
            assert "<img src=x" not in body, address
            assert "{{7*7}}" not in body or ">49<" not in body
            assert "Set-Cookie" not in answer.headers or "x=1" not in answer.headers["Set-Cookie"]
            shown += "alert(1)" in body
        assert shown > 0

    def test_words_to_search_for_are_never_code(self) -> None:
        body = Client().get(reverse("issues:map"), {"q": SCRIPT}).content.decode()
        assert "<script>alert(1)" not in body
        assert "<img src=x" not in body

    def test_json_for_the_map_cannot_end_its_element(self) -> None:
        case = report()
        reference = published(case).reference
        PublicIssue.objects.update(text="</script><script>alert(1)</script>", street="</script><b>")
        body = Client().get(reverse("issues:shown", args=[reference])).content.decode()
        assert "</script><script>alert(1)" not in body
        assert "</script><b>" not in body


class TestFlood:
    @pytest.fixture(autouse=True)
    def fresh_paces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for pace in (household_pace, network_pace):
            monkeypatch.setattr(pace, "_left", type(pace._left)())

    def test_one_household_sends_ten_reports_and_then_waits(self) -> None:
        for _ in range(10):
            take_report("203.0.113.7")
        with pytest.raises(TooMany) as caught:
            take_report("203.0.113.7")
        assert int(caught.value.headers["Retry-After"]) > 60
        take_report("203.0.113.8")

    def test_who_changes_the_address_in_the_network_is_stopped_too(self) -> None:
        for number in range(100):
            take_report(f"203.0.113.{number}")
        with pytest.raises(TooMany):
            take_report("203.0.113.200")

    def test_addresses_of_one_ipv6_household_count_together(self) -> None:
        for number in range(10):
            take_report(f"2001:db8:1:2::{number:x}")
        with pytest.raises(TooMany):
            take_report("2001:db8:1:2::ff")

    def test_sent_twice_with_one_key_a_report_is_one(self) -> None:
        assert report().pk == report().pk
        assert Case.objects.count() == 1

    @pytest.mark.parametrize("key", ["", "short", "x" * 200])
    def test_a_key_that_can_be_guessed_is_refused(self, key: str) -> None:
        with pytest.raises(Invalid):
            report(key=key)

    def test_what_is_too_long_is_refused_whole(self) -> None:
        with pytest.raises(Invalid):
            report(text="x" * 100_000)
        assert not Case.objects.exists()


class TestPictures:
    def test_a_served_photo_has_lost_what_came_with_it(self) -> None:
        marked = Image.Exif()
        marked[0x010E] = "SECRETPLACE"
        marked.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 40.0), 3: "E", 4: (7.0, 6.0, 1.0)})
        content = photo(exif=marked, comment=b"SECRETCOMMENT")
        assert b"SECRETPLACE" in content
        key = "p" * 20
        stored = take_file(
            BytesIO(content), "SECRETNAME.jpg", "image/jpeg", accepts=("photo",), owner=owner_of(key)
        )
        attach([stored.pk], "case:1", "before", owner=owner_of(key))
        publish(ACTOR, stored.pk)
        for size in ("320", "1280", "full"):
            answer = Client().get(f"/dateien/{stored.key}/{size}")
            if answer.status_code == 404 and size == "full":
                continue
            assert answer.status_code == 200
            body = answer.content
            assert not re.search(rb"SECRET(PLACE|COMMENT)|Exif|http://ns.adobe", body)
            opened = Image.open(BytesIO(body))
            assert dict(opened.getexif()) == {}
            assert not {"exif", "comment", "xmp", "icc_profile"} & set(opened.info)
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer["Content-Security-Policy"]

    @pytest.mark.parametrize(
        "content",
        [
            b"GIF89a/*<svg onload=alert(1)>*/=1;",
            photo() + b"<script>alert(1)</script>" * 5,
            b"%PDF-1.4\n" + photo(),
            photo()[:60],
            b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
            b"<html><script>alert(1)</script></html>",
            b"PK\x03\x04" + b"\0" * 100,
            b"",
        ],
        ids=["gif-js", "jpeg-html", "pdf-jpeg", "cut", "png", "html", "zip", "empty"],
    )
    def test_two_faced_and_broken_files_are_refused_or_made_anew(self, content: bytes) -> None:
        try:
            stored = take_file(BytesIO(content), "a.jpg", "image/jpeg", accepts=("photo",), owner="report:x")
        except StadtError:
            assert not StoredFile.objects.exists()
            return
        publish(ACTOR, stored.pk) if stored.subject else None
        from stadt.civic.files.queries import path_of

        assert b"script" not in path_of(stored).read_bytes()

    def test_a_bomb_is_refused_before_it_is_unpacked(self) -> None:
        head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1_000_000)), (b"IEND", b"")]
        bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )
        with pytest.raises((Invalid, TooLarge)):
            take_file(BytesIO(bomb), "a.png", "image/png", accepts=("photo",), owner="report:x")
        assert not StoredFile.objects.exists()

    def test_nobody_takes_another_senders_photo_into_a_report(self) -> None:
        stored = take_file(
            BytesIO(photo()), "a.jpg", "image/jpeg", accepts=("photo",), owner=owner_of("a" * 20)
        )
        with pytest.raises((NotFound, Invalid)):
            report(key="b" * 20, files=(stored.pk,))

    def test_a_photo_that_was_not_released_is_not_found(self) -> None:
        stored = take_file(
            BytesIO(photo()), "a.jpg", "image/jpeg", accepts=("photo",), owner=owner_of("a" * 20)
        )
        assert Client().get(f"/dateien/{stored.key}/320").status_code == 404
        assert Client().get(f"/dateien/{stored.key}/320?s=forged").status_code == 404
        assert Client().get(f"/dateien/{stored.key}/320?s=1:2:3").status_code == 404


class TestGuessing:
    def test_a_report_that_is_not_public_answers_as_one_that_does_not_exist(self) -> None:
        hidden = report()
        PublicIssue.objects.all().delete()
        absent = "ZZZZ-ZZZZ"
        for template in ("/melden/{}/", "/open311/v2/requests/{}.json"):
            answers = [Client().get(template.format(name)) for name in (hidden.reference, absent)]
            assert answers[0].status_code == answers[1].status_code
            bodies = [
                re.sub(
                    rb"[2-9A-Z]{4}-[2-9A-Z]{4}|nonce-[^'\"]+|nonce=\"[^\"]+\"|value=\"[A-Za-z0-9]{64}\"",
                    b"",
                    one.content,
                )
                for one in answers
            ]
            assert bodies[0] == bodies[1]

    def test_references_do_not_count_up(self) -> None:
        numbers = [report(key=f"{number:020d}", text=f"Nummer {number}").reference for number in range(6)]
        assert len(set(numbers)) == 6
        assert all(re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", one) for one in numbers)
        assert len({one[:3] for one in numbers}) > 1

    def test_a_forged_link_opens_nothing(self) -> None:
        secret = make_link("case:1", "reporter")
        assert find_access(secret, "reporter") is not None
        forged = secret[:-1] + ("A" if secret[-1] != "A" else "B")
        for wrong in (
            forged,
            secret.swapcase(),
            secret[:-2],
            secret + "a",
            "",
            "x" * len(secret),
            secret + "\x00",
        ):
            assert find_access(wrong, "reporter") is None
        assert find_access(secret, "applicant") is None
        with pytest.raises(NotFound):
            subject_of(forged, "reporter")

    def test_guessing_links_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from stadt.core.doors import Door, entering

        monkeypatch.setattr(
            "stadt.civic.messages.services.links.guesses_pace", Pace(burst=3, per_second=0.01)
        )
        with entering(Door.PAGE, "203.0.113.5"):
            for number in range(3):
                with pytest.raises(NotFound):
                    subject_of(f"{number:043d}", "reporter")
            with pytest.raises(TooMany):
                subject_of("9" * 43, "reporter")

    def test_a_forged_draft_is_none(self) -> None:
        for secret in ("", "x" * 43, "1", "../..", "\x00", "%"):
            assert find_draft(secret) is None


def pages() -> list[tuple[str, str]]:
    """Every page of the parts that take reports, with an address that may lead to it."""
    found = []
    for item in registry.pages:
        if item.app not in APPS or item.url_name == ONE_CLICK:
            continue
        prefix = registry.apps[item.app].manifest.path
        path = re.sub(r"<(?:(\w+):)?\w+>", lambda match: "1" if match[1] == "int" else "x", item.page.path)
        found.append((item.url_name, f"/{prefix}/{path}"))
    return found


@pytest.mark.parametrize(("name", "address"), pages(), ids=[name for name, _ in pages()])
def test_a_form_of_another_site_changes_nothing_for_whoever_is_signed_in(name: str, address: str) -> None:
    from stadt.core.people.models import User

    client = Client(enforce_csrf_checks=True)
    person = User.objects.create_user(email="frieda@example.org")  # a password would take long to hash
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(address, {"text": "x"}, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code in {403, 404, 405}, name
