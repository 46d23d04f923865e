"""What a file is, by its content and never by its name or by what a browser claims."""

import io
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from stadt.civic.files.limits import (
    LONGEST_SIDE,
    MEGABYTE,
    MOST_BYTES,
    MOST_PIXELS_OF,
    MOST_SCANS,
    MOST_SEGMENTS,
)
from stadt.civic.files.models import Kind
from stadt.civic.files.segments import ALONE
from stadt.core.errors import FieldError, Invalid, TooLarge

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
PHOTOS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDINGS = {JPEG: "jpg", PDF: "pdf", ODT: "odt", DOCX: "docx"}
# Markers of JPEG (ITU-T T.81, table B.1) that begin a frame and hold its size.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
WHOLE_FRAMES = frozenset({0xC0, 0xC1})
MOST_MEMBERS, MOST_UNPACKED = 2000, 100 * MEGABYTE
HEAD, TAIL = 1024, 2048


@dataclass(frozen=True, slots=True)
class Found:
    """What a file turned out to be; width and height in pixels for photos."""

    kind: Kind
    media_type: str
    width: int = 0
    height: int = 0


def accepted(names: Iterable[str]) -> frozenset[Kind]:
    """The kinds that a form's words mean: `photo`, `pdf`, `document`, or media types. Nothing said: photo and PDF."""
    found: set[Kind] = set()
    for name in names:
        word = name.strip().lower()
        if word in ("photo", "image") or word.startswith("image/"):
            found.add(Kind.PHOTO)
        elif word in ("pdf", ".pdf", PDF):
            found.add(Kind.PDF)
        elif word in ("document", ".odt", ".docx", ODT, DOCX):
            found.add(Kind.DOCUMENT)
    return frozenset(found or {Kind.PHOTO, Kind.PDF})


def recognise(content: bytes, wanted: frozenset[Kind], field: str = "file") -> Found:
    """Say what the bytes are.

    Raises:
        Invalid: they are nothing that is taken here, are two things at once, or want too much of a decoder.
        TooLarge: they are more than this kind may have.
    """
    media_type = _media_type(content)
    kind = Kind.PHOTO if media_type in PHOTOS else Kind.PDF if media_type == PDF else Kind.DOCUMENT
    if not media_type or kind not in wanted:
        raise refusal(field, _advice(content, wanted))
    if len(content) > MOST_BYTES[kind]:
        raise TooLarge(
            gettext("Die Datei ist zu groß: höchstens %(count)d MB.")
            % {"count": MOST_BYTES[kind] // MEGABYTE},
            fields=(FieldError(field, gettext("zu groß")),),
        )
    if kind is not Kind.DOCUMENT and zipfile.is_zipfile(io.BytesIO(content)):
        raise refusal(field, gettext("Die Datei ist zweierlei zugleich; das nehmen wir nicht an."))
    if kind is not Kind.PHOTO:
        _check_paper(content, media_type, field)
        return Found(kind, media_type)
    if b"%PDF-" in content[:HEAD]:
        raise refusal(field, gettext("Die Datei ist zweierlei zugleich; das nehmen wir nicht an."))
    width, height = measure(content, media_type, field)
    return Found(kind, media_type, width, height)


def refusal(field: str, sentence: str) -> Invalid:
    """The one form of a refusal that names the field."""
    return Invalid(sentence, fields=(FieldError(field, sentence),))


def _media_type(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return ""


def _office_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            names = set(opened.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError, struct.error):
        return ""
    if "word/document.xml" in names and "[Content_Types].xml" in names:
        return DOCX
    # The first entry is stored unpacked, so that the type stands in the file's head (OpenDocument 1.3, part 2, 3.3).
    return ODT if content[30:].startswith(b"mimetype" + ODT.encode()) else ""


def _check_paper(content: bytes, media_type: str, field: str) -> None:
    if media_type == PDF:
        if b"%%EOF" not in content[-TAIL:]:
            raise refusal(
                field, gettext("Das PDF ist nicht vollständig. Bitte laden Sie es noch einmal hoch.")
            )
        if any(word in content[:HEAD].lower() for word in (b"<html", b"<script", b"<!doctype")):
            raise refusal(field, gettext("Die Datei ist zweierlei zugleich; das nehmen wir nicht an."))
        return
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        members = opened.infolist()
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise refusal(field, gettext("Das Dokument ist ausgepackt zu groß. Bitte speichern Sie es als PDF."))
    if any(
        "vbaproject" in member.filename.lower() or "/Basic/" in f"/{member.filename}" for member in members
    ):
        raise refusal(field, gettext("Das Dokument enthält Makros. Bitte speichern Sie es als PDF."))


def measure(content: bytes, media_type: str, field: str = "file") -> tuple[int, int]:
    """Width and height in pixels as the file's head says, before any decoder reserves memory for them.

    Raises:
        Invalid: the head is broken, or the picture has more pixels than are taken.
    """
    try:
        size = {JPEG: _jpeg_size, PNG: _png_size, WEBP: _webp_size}[media_type](content)
    except (struct.error, IndexError):
        size = None
    if size is None or min(size) < 1:
        raise refusal(field, gettext("Das Bild ist beschädigt. Bitte nehmen Sie ein anderes."))
    is_in_passes = media_type == JPEG and _jpeg_frame(content)[0] not in WHOLE_FRAMES
    most = MOST_PIXELS_OF["progressive" if is_in_passes else media_type]
    if size[0] * size[1] > most or max(size) > LONGEST_SIDE:
        raise refusal(
            field,
            gettext("Das Bild hat zu viele Bildpunkte: höchstens %(count)d Millionen.")
            % {"count": most // 1_000_000},
        )
    if media_type == JPEG and content.count(b"\xff\xda") > MOST_SCANS:
        raise refusal(field, gettext("Das Bild ist ungewöhnlich aufgebaut. Bitte nehmen Sie ein anderes."))
    return size


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _webp_size(content: bytes) -> tuple[int, int] | None:
    chunk, body = content[12:16], content[20:]
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    return _jpeg_frame(content)[1]


def _jpeg_frame(content: bytes) -> tuple[int, tuple[int, int] | None]:
    """The marker of the frame, which says how the picture is built up, and its size; none where there is no frame."""
    at = 2
    for _ in range(MOST_SEGMENTS):
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in ALONE:
            at += 2
        elif marker in FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return marker, (width, height)
        elif marker == 0xDA:
            break
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0, None


def _advice(content: bytes, wanted: frozenset[Kind]) -> str:
    """What to do instead, for what people really send."""
    if content[4:8] == b"ftyp" and Kind.PHOTO in wanted:
        return gettext(
            "Dieses Format (HEIC, AVIF oder Video) können wir nicht lesen. Bitte speichern Sie das Foto als JPEG."
        )
    taken = {
        Kind.PHOTO: gettext("Fotos als JPEG, PNG oder WebP"),
        Kind.PDF: gettext("PDF"),
        Kind.DOCUMENT: gettext("Textdokumente (ODT, DOCX)"),
    }
    names = ", ".join(text for kind, text in taken.items() if kind in wanted)
    if not content:
        return gettext("Die Datei ist leer.")
    return gettext("Diese Datei nehmen wir hier nicht an. Möglich sind: %(names)s.") % {"names": names}
