"""Tells by its content what a file is, and unpacks it where it came packed. Names decide nothing."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from stadt.hub.intake import archives
from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.foreign import refuse_foreign, refuse_foreign_archive, refuse_foreign_office
from stadt.hub.intake.reading import FileFormat
from stadt.hub.intake.remarks import Remark, remark

GEOPACKAGE_IDS: Final = (b"GPKG", b"GP10", b"GP11")
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHAPE: Final = b"\x00\x00\x27\x0a"
SHAPE_PARTS: Final = (".shp", ".shx", ".dbf")
SHAPE_EXTRAS: Final = (".prj", ".cpg")
SUFFIXES: Final = {
    FileFormat.CSV: (".csv", ".txt", ".tsv", ".tab", ".dat"),
    FileFormat.XLSX: (".xlsx", ".xlsm", ".xltx"),
    FileFormat.ODS: (".ods", ".ots"),
    FileFormat.JSON: (".json", ".jsonl", ".ndjson"),
    FileFormat.GEOJSON: (".geojson", ".json"),
    FileFormat.GPKG: (".gpkg",),
    FileFormat.SHAPEFILE: (".zip", ".shz"),
    FileFormat.PARQUET: (".parquet", ".geoparquet", ".pq"),
}
TITLES: Final = {
    FileFormat.CSV: "CSV", FileFormat.XLSX: "Excel", FileFormat.ODS: "ODS", FileFormat.JSON: "JSON", FileFormat.GEOJSON: "GeoJSON",
    FileFormat.GPKG: "GeoPackage", FileFormat.SHAPEFILE: "Shapefile", FileFormat.PARQUET: "Parquet",
}  # fmt: skip
_FEATURES = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature)"')
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be read: its format, where its bytes are now, the member it was, and the archive's others."""

    format: FileFormat
    path: Path
    member: str = ""
    choices: tuple[str, ...] = ()


def open_file(path: Path, folder: Path, member: str = "") -> Opened:
    """What the file is, unpacked into `folder` where it is an archive.

    Args:
        path: the file. folder: for what is unpacked. member: which file of an archive, where a person said it.

    Raises:
        Refusal: none of the formats, hostile, damaged, protected by a password, or an old Excel file.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_archive(path, folder, member)
    if head.startswith(b"\x1f\x8b"):
        inner = archives.unpack_gzip(path, folder / "unpacked")
        with inner.open("rb") as file:
            return Opened(_plain_format(file.read(HEAD), inner), inner)
    return Opened(_plain_format(head, path), path)


def about_name(opened: Opened, filename: str) -> list[Remark]:
    """A remark where the name says something else than the content."""
    suffix = PurePosixPath(opened.member or filename.lower().removesuffix(".gz")).suffix.lower()
    named = any(suffix in suffixes for suffixes in SUFFIXES.values()) or suffix in {
        ".xls",
        ".html",
        ".xml",
        ".pdf",
    }
    if opened.format is FileFormat.SHAPEFILE or not named or suffix in SUFFIXES[opened.format]:
        return []
    return [remark("wrong_extension", filename=opened.member or filename, format=TITLES[opened.format])]


def _plain_format(head: bytes, path: Path) -> FileFormat:
    if not head:
        raise Refusal("empty")
    if head.startswith(OLE):
        with path.open("rb") as file:
            start = file.read(4 * 1024 * 1024)
        if "EncryptedPackage".encode("utf-16-le") in start:
            raise Refusal("password")
        refuse_foreign_office(start)
        raise Refusal("old_excel")
    if head.startswith(b"SQLite format 3\x00"):
        if head[68:72] in GEOPACKAGE_IDS:
            return FileFormat.GPKG
        raise Refusal("is_database")
    if head.startswith(b"PAR1"):
        return FileFormat.PARQUET
    if head.startswith(b"PARE"):
        raise Refusal("password")
    if head.startswith(SHAPE):
        raise Refusal("shapefile_parts", member=path.name, part=".shx")
    refuse_foreign(head)
    return _text_format(head)


def _byte(value: int) -> bytes:
    return bytes((value,))


def _text_format(head: bytes) -> FileFormat:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in {b"{", b"["} and (
        text[:1] == b"{" or text[1:].lstrip()[:1] in set(map(_byte, b'{]["-0123456789'))
    ):
        return FileFormat.GEOJSON if _FEATURES.search(head) or b'"features"' in head else FileFormat.JSON
    controls = sum(head.count(byte) for byte in (*range(1, 9), *range(14, 32)))
    if controls > len(head) // 50:
        raise Refusal("unknown_format")
    return FileFormat.CSV


def _in_archive(path: Path, folder: Path, wanted: str) -> Opened:
    with archives.open_archive(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            archives.check_xml(archive)
            return Opened(FileFormat.XLSX, path)
        if "mimetype" in names and "content.xml" in names:
            archives.check_xml(archive)
            if archive.read("mimetype")[:200].strip().startswith(_ODS):
                _refuse_locked(archive)
                return Opened(FileFormat.ODS, path)
            raise Refusal("is_document")
        refuse_foreign_archive(names)
        return _data_in_archive(archive, folder, wanted)


def _refuse_locked(archive: zipfile.ZipFile) -> None:
    if "META-INF/manifest.xml" in archive.namelist():
        with archive.open("META-INF/manifest.xml") as file:
            if b"encryption-data" in file.read(1024 * 1024):
                raise Refusal("password")


def _data_in_archive(archive: zipfile.ZipFile, folder: Path, wanted: str) -> Opened:
    names = archives.data_members(archive)
    shapes = [name for name in names if name.lower().endswith(".shp")]
    plain = [
        name
        for name in names
        if any(name.lower().endswith(suffixes) for suffixes in SUFFIXES.values() if ".zip" not in suffixes)
    ]
    choices = shapes or plain
    if not choices:
        raise Refusal("archive_empty")
    if wanted and wanted not in choices:
        raise Refusal("no_such_part", part=wanted, choices=", ".join(choices[:20]))
    chosen = wanted or choices[0]
    if shapes:
        return Opened(
            FileFormat.SHAPEFILE, _unpack_shape(archive, names, chosen, folder), chosen, tuple(choices)
        )
    inner = archives.unpack(archive, chosen, folder / "unpacked")
    with inner.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        opened = _in_archive(inner, folder, "")
        if opened.format not in {FileFormat.XLSX, FileFormat.ODS}:
            raise Refusal("archive_nested", member=chosen)
        return Opened(opened.format, inner, chosen, tuple(choices))
    if head.startswith(b"\x1f\x8b"):
        raise Refusal("archive_nested", member=chosen)
    return Opened(_plain_format(head, inner), inner, chosen, tuple(choices))


def _unpack_shape(archive: zipfile.ZipFile, names: list[str], chosen: str, folder: Path) -> Path:
    stem = chosen[:-4]
    by_name = {name.lower(): name for name in names}
    for part in (*SHAPE_PARTS, *SHAPE_EXTRAS):
        member = by_name.get(f"{stem}{part}".lower())
        if member is None and part in SHAPE_PARTS:
            raise Refusal("shapefile_parts", member=chosen, part=part)
        if member is not None:
            archives.unpack(archive, member, folder / f"upload{part}")
    with (folder / "upload.shp").open("rb") as file:
        if file.read(4) != SHAPE:
            raise Refusal("damaged")
    return folder / "upload.shp"
