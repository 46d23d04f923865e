"""A folder of its own for each test's files."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# This file is read before the apps are there.
if TYPE_CHECKING:
    from stadt.civic.files.models import StoredFile
    from stadt.core.people.actor import Actor


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the files."""
    from stadt.civic.files import storage

    place = tmp_path / "files"
    monkeypatch.setattr(storage, "folder", lambda: place)
    return place


@pytest.fixture
def clerk() -> "Actor":
    """Somebody who is known."""
    from stadt.core.people.actor import Actor

    return Actor.system("command:test")


@pytest.fixture
def taken(db: None, store: Path) -> "Callable[..., StoredFile]":
    """Takes a file."""
    from stadt.civic.files.services import take_file
    from stadt.civic.files.tests.images import jpeg

    def take(content: bytes = b"", **more: Any) -> "StoredFile":
        return take_file(io.BytesIO(content or jpeg()), more.pop("name", "x.jpg"), "image/jpeg", **more)

    return take
