"""What of the lake comes back, and where."""

import hashlib
import io
from pathlib import Path

from stadt.hub.backup.archive import ArchiveReader, ArchiveWriter
from stadt.hub.backup.restoring import _restore_files
from stadt.hub.lake.layout import Layout

CONTENT = {
    "lake/parts/probe.trees/whole-1.parquet": b"part",
    "lake/deliveries/probe.trees/0123.csv": b"id\nb1\n",
    "kept/files/ab/abcd-01": b"photo",
    "lake/other/x": b"unknown",
}


class Silent:
    def step(self, text: str) -> None: ...

    def tick(self, text: str) -> None: ...


def test_parts_and_deliveries_come_back_to_their_folders(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name, content in CONTENT.items():
        assert writer.add(name, content).sha256 == hashlib.sha256(content).hexdigest()
    writer.close({})
    out.seek(0)
    place = Layout(tmp_path)
    _restore_files(place, tmp_path / "home", iter(ArchiveReader(out)), Silent())
    found = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert found == {
        "parts/probe.trees/whole-1.parquet": b"part",
        "deliveries/probe.trees/0123.csv": b"id\nb1\n",
        "home/files/ab/abcd-01": b"photo",
    }
    assert (tmp_path / "home/files/ab/abcd-01").stat().st_mode & 0o777 == 0o600
