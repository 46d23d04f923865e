"""ZIP files from outside, unpacked in memory within narrow bounds: nothing is written, and no name leads anywhere."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from django.utils.translation import gettext

from stadt.apps.strategy.exchange.errors import refuse

LARGEST_FILE: Final = 6 * 1024**2
"""Bytes of a file that is taken in; the whole strategy of a city with its history is well below one megabyte."""
MOST_UNPACKED: Final = 24 * 1024**2
MOST_MEMBERS: Final = 100
Members = Mapping[str, bytes]


def unpack(content: bytes) -> Members:
    """All members by name.

    Raises:
        BadFile: damaged, encrypted, a name that leads out, an archive inside, two members of one name, or too much in it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise refuse("", gettext("Das ZIP-Archiv ist beschädigt.")) from None


def pack(members: Members) -> bytes:
    """The same members in an archive whose sizes are true; for readers that believe what an archive says."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _read(archive: zipfile.ZipFile) -> Members:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_MEMBERS:
        raise refuse(
            "", gettext("Das ZIP-Archiv enthält mehr als %(most)d Dateien.") % {"most": MOST_MEMBERS}
        )
    room = MOST_UNPACKED
    members: dict[str, bytes] = {}
    for info in infos:
        name = info.orig_filename
        _check(info, name)
        if name in members:
            raise refuse(name[:80], gettext("Die Datei steht zweimal im ZIP-Archiv."))
        with archive.open(info) as source:
            members[name] = source.read(room + 1)
        room -= len(members[name])
        if room < 0:
            raise refuse(
                name[:80],
                gettext("Das ZIP-Archiv ist ausgepackt größer als %(most)d MB.")
                % {"most": MOST_UNPACKED // 1024**2},
            )
    return members


def _check(info: zipfile.ZipInfo, name: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or any(sign in name for sign in "\\\0:"):
        shown = name.replace("\0", "")[:80]
        raise refuse(shown, gettext("Der Pfad dieser Datei im ZIP-Archiv ist nicht erlaubt."))
    if info.flag_bits & 0x1:
        raise refuse(name[:80], gettext("Die Datei im ZIP-Archiv ist verschlüsselt."))
    if path.suffix.lower() in {".zip", ".gz", ".7z", ".rar", ".xz", ".zst"}:
        raise refuse(name[:80], gettext("Das ZIP-Archiv enthält ein weiteres Archiv."))
