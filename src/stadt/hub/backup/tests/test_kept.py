"""Files that rows name are in a backup, held against their hashes, and what is not whole is named."""

import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from stadt.core.manifest import KeptFile, KeptFolder, Manifest
from stadt.core.registry import RegisteredApp, registry
from stadt.hub.backup.archive import ArchiveReader, ArchiveWriter, Damaged
from stadt.hub.backup.making import _write_folders, _write_kept
from stadt.hub.backup.restoring import _restore_files
from stadt.hub.backup.tests.files import Silent
from stadt.hub.lake.layout import Layout

WHOLE, CHANGED, MISSING = "aa/whole-1", "bb/changed-2", "cc/missing-3"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two of three files that an app's rows name, one of them changed, and one that no row names."""
    named = [KeptFile(path, 5, hashlib.sha256(b"bytes").hexdigest()) for path in (WHOLE, CHANGED, MISSING)]
    app = Manifest(kept=(KeptFolder("files", lambda connection: named),))
    monkeypatch.setattr(registry, "apps", {"x": RegisteredApp("x", "x", "x", (), app)})
    for path, content in ((WHOLE, b"bytes"), (CHANGED, b"other"), ("dd/left-4", b"left by a crash")):
        place = tmp_path / "home/files" / path
        place.parent.mkdir(parents=True)
        place.write_bytes(content)
    (tmp_path / "home/secrets").mkdir()
    (tmp_path / "home/secrets/django").write_text("key")
    return tmp_path / "home"


def written(home: Path) -> tuple[bytes, list[str]]:
    out: Any = io.BytesIO()
    archive = ArchiveWriter(out)
    environment = replace(settings.STADT, home=home)
    _write_folders(archive, environment)
    gaps = _write_kept(archive, environment, None, Silent())  # type: ignore[arg-type]
    archive.close({})
    return out.getvalue(), gaps


def test_what_is_missing_or_changed_is_named(home: Path) -> None:
    assert written(home)[1] == [f"files/{CHANGED}", f"files/{MISSING}"]


def test_files_are_in_it_once_and_what_no_row_names_is_not(home: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(written(home)[0])) as opened:
        names = [name for name in opened.getnames() if "files/" in name or "secrets" in name]
    assert names == ["home/secrets/django", f"kept/files/{WHOLE}", f"kept/files/{CHANGED}"]


def test_they_come_back_to_their_places_for_the_owner_only(home: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    members = iter(ArchiveReader(io.BytesIO(written(home)[0])))
    _restore_files(Layout(tmp_path / "lake"), again, members, Silent())
    place = again / "files" / WHOLE
    assert place.read_bytes() == b"bytes"
    assert place.stat().st_mode & 0o777 == 0o600


def test_no_name_leads_out_of_the_home(tmp_path: Path) -> None:
    out: Any = io.BytesIO()
    archive = ArchiveWriter(out)
    archive.add("kept/../outside", b"x")
    archive.close({})
    members = iter(ArchiveReader(io.BytesIO(out.getvalue())))
    with pytest.raises(Damaged):
        _restore_files(Layout(tmp_path / "lake"), tmp_path / "home", members, Silent())
    assert not (tmp_path / "outside").exists()
