"""Files that mean harm: each is refused with its reason, or read as the harmless thing it is."""

import copy
import gzip
import io
import os
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from stadt.core.errors import Invalid
from stadt.hub.intake import correct, recognise
from stadt.hub.intake.child import MEMORY_BYTES
from stadt.hub.intake.errors import Refusal, Unreadable
from stadt.hub.intake.gdal import ALLOWED, SETTINGS
from stadt.hub.intake.tests.files import Office
from stadt.hub.intake.tests.workbooks import ods, xlsx

CSV = b"a;b\n1;2\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def packed(*members: tuple[str, bytes], link: str = "") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    return content.getvalue()


def with_shared_bytes() -> bytes:
    """An archive whose members all point to the same packed bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("0.csv", os.urandom(50_000))
        for number in range(1, 40):
            info = copy.copy(archive.filelist[0])
            info.filename = f"{number}.csv"
            archive.filelist.append(info)
            archive.NameToInfo[info.filename] = info
    return content.getvalue()


def encrypted() -> bytes:
    """An archive that says of its only member that it is encrypted."""
    content = bytearray(packed(("a.csv", CSV)))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


ARCHIVES = {
    "bomb": (packed(("a.csv", b"0" * 30_000_000)), "archive_bomb"),
    "shared bytes": (with_shared_bytes(), "archive_bomb"),
    "archive in archive": (packed(("inner.zip", packed(("a.csv", CSV)))), "archive_nested"),
    "archive called csv": (packed(("a.csv", packed(("b.csv", CSV)))), "archive_nested"),
    "too many": (packed(*((f"{n}.csv", b"") for n in range(1_001))), "archive_members"),
    "way out": (packed(("../../etc/cron.d/x.csv", CSV)), "archive_path"),
    "absolute": (packed(("/etc/x.csv", CSV)), "archive_path"),
    "windows": (packed(("C:\\x.csv", CSV)), "archive_path"),
    "link": (packed(("a.csv", CSV), link="b.csv"), "archive_path"),
    "encrypted": (encrypted(), "archive_encrypted"),
    "cut off": (packed(("a.csv", os.urandom(5_000)))[:200], "archive_damaged"),
    "nothing to read": (packed(("lies.pdf", b"%PDF"), ("o.vrt", b"<OGRVRTDataSource/>")), "archive_empty"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_means_harm_is_refused(office: Office, name: str) -> None:
    content, code = ARCHIVES[name]
    with pytest.raises(Refusal, match=code):
        office.read(content, "daten.zip")


def test_an_archive_with_one_harmless_file_is_read(office: Office) -> None:
    content = packed(("__MACOSX/._a.csv", b"\0\1"), ("daten/a.csv", CSV))
    assert office.table(content, name="d.zip").rows == [(1, 2)]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("before", [LAUGHS, OUTSIDE, " " * 70_000 + LAUGHS])
@pytest.mark.parametrize("write", [xlsx, ods])
def test_xml_that_defines_entities_is_refused(
    office: Office, write: Callable[..., bytes], before: str
) -> None:
    with pytest.raises(Refusal, match="xml_entities"):
        office.read(write([["a"], ["b"]], before=before), "m.xlsx")


OTHERS = {
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old excel": (OLE + "Workbook".encode("utf-16-le"), "old_excel"),
    "locked ods": (ods([["a"]], locked=True), "password"),
    "vrt": (b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>", "is_xml"),
    "html": (b"<html><table><tr><td>1</td></tr></table></html>", "is_page"),
    "pdf": (b"%PDF-1.7\n1 0 obj\n", "is_pdf"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "is_picture"),
    "other database": (b"SQLite format 3\x00" + b"\0" * 200, "is_database"),
    "broken parquet": (b"PAR1" + b"\xff" * 400 + b"PAR1", "damaged"),
    "shape alone": (b"\x00\x00\x27\x0a" + b"\0" * 96, "shapefile_parts"),
    "table and archive": (CSV + packed(("a.csv", CSV)), "nul_bytes|unknown_format"),
    "gzip bomb": (gzip.compress(b"0" * 30_000_000), "archive_bomb"),
    "broken gzip": (b"\x1f\x8b\x08\0\0\0\0\0" + b"\xff" * 50, "archive_damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_table_is_refused_whatever_it_is_called(office: Office, name: str) -> None:
    content, code = OTHERS[name]
    with pytest.raises(Refusal, match=code):
        office.read(content, "werte.csv")


def test_names_of_files_lead_nowhere(office: Office) -> None:
    path = office.file(CSV)
    assert recognise(path, "/vsicurl/https://example.org/../../etc/passwd\0.gpkg").row_estimate == 1


DEEP = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":%s}]}'
NESTED = (
    '{"type":"GeometryCollection","geometries":[' * 3_000
    + '{"type":"Point","coordinates":[7,51]}'
    + "]}" * 3_000
)
BROKEN = b"SQLite format 3\x00" + b"\0" * 52 + b"GPKG" + b"\xff" * 4_000
FAR_CELLS = xlsx([["a"]], raw='<row r="1048576"><c r="AZ1048576"><v>1</v></c></row>')


@pytest.mark.parametrize(
    ("content", "name"),
    [(DEEP % NESTED, "tief.geojson"), ('{"a":' * 200_000, "tief.json"), (FAR_CELLS, "fern.xlsx"), (BROKEN, "kaputt.gpkg")],
)  # fmt: skip
def test_what_eats_stack_or_memory_ends_with_a_sentence_and_leaves_nothing(
    office: Office, content: str | bytes, name: str
) -> None:
    path = office.file(content, name)
    with pytest.raises(Unreadable):
        recognise(path, name)
    assert [entry.name for entry in path.parent.iterdir()] == [name]


def fenced(folder: Path, *statements: str) -> list[str]:
    """What a process behind the fence says after trying each statement."""
    tries = "".join(
        f"try:\n    {statement}\nexcept OSError as error:\n    print(type(error).__name__)\nelse:\n    print('done')\n"
        for statement in statements
    )
    program = (
        "import socket\nfrom pathlib import Path\nfrom stadt.hub.intake import fence\n"
        f"fence.close_in(memory_bytes={MEMORY_BYTES}, seconds=20, readable=(), writable=Path({str(folder)!r}))\n{tries}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is Linux")
def test_the_fence_keeps_files_and_network_out_of_reach(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.write_text("secret")
    reading, other, writing, own, calling = fenced(
        inside,
        "open('/etc/passwd')",
        f"open({str(outside)!r})",
        f"open({str(outside)!r}, 'w')",
        f"open({str(inside / 'new')!r}, 'w')",
        "socket.create_connection(('127.0.0.1', 9), 2)",
    )
    if reading == "done":
        pytest.skip("this kernel grants no Landlock")
    assert (other, writing, own) == ("PermissionError", "PermissionError", "done")
    assert calling in {"PermissionError", "OSError"}  # refused by Landlock, or no network to go through


def test_gdal_knows_three_drivers_in_the_reading_process() -> None:
    code = "import pyogrio; print('|'.join(sorted(pyogrio.list_drivers())))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **SETTINGS},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert set(done.stdout.strip().split("|")) == ALLOWED


METRES = '{"type":"FeatureCollection","features":[%s]}'
PLACE = '{"type":"Feature","properties":{"n":"x"},"geometry":{"type":"Point","coordinates":[%s]}}'


def test_metres_taken_for_degrees_are_no_places(office: Office) -> None:
    with pytest.raises(Refusal, match="no_places"):
        office.table(METRES % PLACE % "360000,5700000", name="orte.geojson")


def test_a_place_that_is_not_on_the_earth_stays_empty_and_is_counted(office: Office) -> None:
    table = office.table(METRES % f"{PLACE % '7.1,51.5'},{PLACE % '1e308,-1e308'}", name="orte.geojson")
    assert [row[-1] for row in table.rows] == ["POINT (7.1 51.5)", None]
    assert table.written.refused_count == 1


def test_numbers_that_no_download_can_hold_are_missing_values(office: Office) -> None:
    table = office.table(
        '[{"a": 1.5, "b": "x"}, {"a": 1e999, "b": "y"}, {"a": NaN, "b": "z"}]', name="a.json"
    )
    assert table.column("a") == [1.5, None, None]


def test_what_is_wrong_with_json_tells_no_path_of_the_server(office: Office) -> None:
    path = office.file('[{"a": "x\\ud800y"}]', "a.json")
    with pytest.raises(Refusal) as told:
        office.read(path)
    assert told.value.code == "json_invalid"
    assert str(office.folder) not in told.value.values["problem"]


def test_a_table_of_as_many_columns_as_are_allowed_is_prepared(office: Office) -> None:
    heading = ";".join(f"{'s' * 60}{number}" for number in range(1_000))
    table = office.table(f"{heading}\n{';'.join(['1'] * 1_000)}\n", rows=False)
    assert table.written.row_count == 1


@pytest.mark.parametrize(
    "crs", ["+init=/etc/passwd:x", "+proj=longlat +nadgrids=/etc/passwd", "/etc/passwd", "GEOGCRS[]"]
)
def test_a_coordinate_system_is_said_by_its_code_only(office: Office, crs: str) -> None:
    reading = office.read(METRES % PLACE % "7,51", name="orte.geojson")
    with pytest.raises(Invalid):
        correct(reading, {"crs": crs})
