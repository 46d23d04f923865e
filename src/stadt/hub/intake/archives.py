"""ZIP and gzip: looked through before anything is unpacked, and unpacked into one folder with room measured."""

import gzip
import re
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from stadt.hub.intake.errors import Refusal

MAX_MEMBERS = 1_000
MAX_UNPACKED = 2 * 1024**3
SMALL = 20 * 1024**2
MAX_RATIO = 200
BLOCK = 1024 * 1024
_ARCHIVE = re.compile(r"\.(zip|gz|tgz|tar|7z|rar|bz2|xz|zst)$", re.IGNORECASE)
_NOT_DATA = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$)", re.IGNORECASE)


def open_archive(path: Path) -> zipfile.ZipFile:
    """The archive, with all its members looked at; the caller closes it.

    Raises:
        Refusal: damaged, encrypted, too many members, a path that leads out, a link, or packed like a bomb.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refusal("archive_damaged") from None
    try:
        _check(archive.infolist(), path.stat().st_size)
    except Refusal:
        archive.close()
        raise
    return archive


def _check(members: Sequence[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise Refusal("archive_members", count=len(members), limit=MAX_MEMBERS)
    for member in members:
        _check_path(member)
        if member.flag_bits & 0x1:
            raise Refusal("archive_encrypted")
        if member.file_size > SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise Refusal("archive_bomb", limit="2 GB")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Refusal("archive_bomb", limit="2 GB")
    # Members that share their packed bytes make a bomb without nesting.
    if sum(member.compress_size for member in members) > size:
        raise Refusal("archive_bomb", limit="2 GB")


def _check_path(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename
    path = PurePosixPath(name)
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or ":" in name or is_link:
        raise Refusal("archive_path", member=name.replace("\0", ""))


def data_members(archive: zipfile.ZipFile) -> list[str]:
    """Names of the files in it that can be data.

    Raises:
        Refusal: when one of them is an archive itself.
    """
    names = [
        info.filename
        for info in archive.infolist()
        if not info.is_dir() and not _NOT_DATA.search(info.filename)
    ]
    for name in names:
        if _ARCHIVE.search(name):
            raise Refusal("archive_nested", member=name)
    return names


def unpack(archive: zipfile.ZipFile, member: str, target: Path) -> Path:
    """Write one member to a path of ours; its name chooses nothing."""
    room = MAX_UNPACKED
    try:
        with archive.open(member) as source, target.open("wb") as out:
            while block := source.read(BLOCK):
                room -= len(block)
                if room < 0:
                    raise Refusal("archive_bomb", limit="2 GB")
                out.write(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise Refusal("archive_damaged") from None
    return target


def unpack_gzip(path: Path, target: Path) -> Path:
    """Write the content of a gzip file to a path of ours."""
    packed, written = path.stat().st_size, 0
    try:
        with gzip.open(path) as source, target.open("wb") as out:
            while block := source.read(BLOCK):
                written += len(block)
                if written > MAX_UNPACKED or (written > SMALL and written > MAX_RATIO * packed):
                    raise Refusal("archive_bomb", limit="2 GB")
                out.write(block)
    except (gzip.BadGzipFile, zlib.error, EOFError, OSError):
        raise Refusal("archive_damaged") from None
    return target


def check_xml(archive: zipfile.ZipFile) -> None:
    """Refuse a workbook whose XML defines entities: no office program writes that, and no reader needs it."""
    for info in archive.infolist():
        if info.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(info) as file:
                _check_prolog(file.read(64 * 1024), info.filename)


class _RootReached(Exception):
    pass


def _check_prolog(head: bytes, member: str) -> None:
    """Only what stands before the first element can define anything (XML 1.0, production 1)."""

    def refuse(*_: object) -> None:
        raise Refusal("xml_entities", member=member)

    def stop(*_: object) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        parser.Parse(head, False)
    except _RootReached:
        return
    except expat.ExpatError:
        raise Refusal("damaged") from None
    if len(head) == 64 * 1024:
        raise Refusal("xml_entities", member=member)
