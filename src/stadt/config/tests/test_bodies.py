"""Pages take small bodies; those that photos are sent to take larger ones, and wait longer for them."""

import pytest

from stadt.config.dispatch import FILES_SECONDS, LARGEST_FILES_BODY, LARGEST_PAGE_BODY, Application
from stadt.core import asgi
from stadt.core.manifest import Manifest
from stadt.core.registry import RegisteredApp, registry


async def nobody(*_: object) -> asgi.Message:
    """Never called."""
    raise AssertionError


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> Application:
    """With one app that takes files and one that does not."""
    found = [
        RegisteredApp(path, path, path, (), Manifest(path=path, takes_files=path == "photos"))
        for path in ("photos", "words")
    ]
    monkeypatch.setattr(registry, "apps", {app.label: app for app in found})
    return Application(nobody)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/photos/", "/photos/neu/", "/photos"])
def test_pages_below_an_app_that_takes_files_take_larger_bodies(application: Application, path: str) -> None:
    body = application._page_body(path, nobody)
    assert (body.limit, body.seconds) == (LARGEST_FILES_BODY, FILES_SECONDS)


@pytest.mark.parametrize("path", ["/", "/words/", "/photoshop/", "/words/photos/", "//photos/", "/Photos/"])
def test_all_others_do_not(application: Application, path: str) -> None:
    assert application._page_body(path, nobody).limit == LARGEST_PAGE_BODY
