"""Published photos are everybody's; everything else opens by a signed address only, and never as a page."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from stadt.civic.files import services, serving
from stadt.civic.files.models import Role, Size, StoredFile
from stadt.civic.files.serving import public_url, signed_url
from stadt.civic.files.tests.images import PDF
from stadt.core.log import shown_path
from stadt.core.people.actor import Actor

Take = Callable[..., StoredFile]
pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(taken: Take) -> StoredFile:
    item = taken()
    services.attach([item.pk], "case:1", Role.BEFORE)
    return item


def test_a_published_photo_is_cached_and_revised(photo: StoredFile, client: Client, clerk: Actor) -> None:
    services.publish(clerk, photo.pk)
    url = public_url(photo, 320)
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "public, max-age=300"
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    services.redact(clerk, photo.pk, [(0, 0, 0.5, 0.5)])
    changed = client.get(url, headers={"If-None-Match": answer["ETag"]})
    assert changed.status_code == 200
    assert changed.content != answer.content
    services.unpublish(clerk, photo.pk)
    assert client.get(url, headers={"If-None-Match": changed["ETag"]}).status_code == 404


@pytest.mark.parametrize("size", Size.values)
def test_a_photo_that_is_not_published_needs_a_signature(
    photo: StoredFile, client: Client, size: str
) -> None:
    assert client.get(public_url(photo, size)).status_code == 404
    answer = client.get(signed_url(photo, size))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_signature_is_for_one_file_one_size_and_one_hour(
    photo: StoredFile, taken: Take, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = taken()
    signature = signed_url(photo, 320).partition("?")[2]
    assert client.get(f"{public_url(photo, 1280)}?{signature}").status_code == 404
    assert client.get(f"{public_url(other, 320)}?{signature}").status_code == 404
    assert client.get(f"{public_url(photo, 320)}?{signature[:-1]}").status_code == 404
    monkeypatch.setattr(serving, "GOOD_FOR_SECONDS", -1)
    assert client.get(signed_url(photo, 320)).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["x/320", "../320", "%00/full", "AAAAAAAAAAAAAAAAAAAAAA/full", "AAAAAAAAAAAAAAAAAAAAAA/%00", "a/9999"],
)
def test_what_does_not_exist_is_not_told_from_what_is_hidden(client: Client, path: str) -> None:
    assert client.get(f"/dateien/{path}").status_code == 404
    assert client.get(f"/dateien/{path}?s=%00&s=x").status_code == 404


def test_files_are_given_out_so_that_no_browser_runs_them(taken: Take, client: Client) -> None:
    item = taken(PDF, name='Plan "für" alle.pdf')
    answer = client.get(signed_url(item, 320))
    assert answer.content == PDF
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert re.fullmatch(
        r"attachment; filename=\"[\w .-]+\.pdf\"; filename\*=UTF-8''[\w%.-]+", answer["Content-Disposition"]
    )


def test_the_log_holds_neither_key_nor_signature(photo: StoredFile) -> None:
    shown = shown_path(signed_url(photo).partition("?")[0])
    assert photo.key not in shown


def test_writing_to_the_address_of_a_file_is_refused(photo: StoredFile, client: Client) -> None:
    assert client.post(signed_url(photo)).status_code in {403, 405}
