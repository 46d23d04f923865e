"""Tells files that are plainly something else than a table, so that the refusal can say what, and what to send instead."""

import re
from collections.abc import Iterable
from typing import Final

from stadt.hub.intake.errors import Refusal

STARTS: Final = {
    b"%PDF": "is_pdf", b"%!PS": "is_pdf",
    b"{\\rtf": "is_document",
    b"\x89PNG\r\n": "is_picture", b"\xff\xd8\xff": "is_picture", b"GIF87a": "is_picture", b"GIF89a": "is_picture",
    b"II*\x00": "is_picture", b"MM\x00*": "is_picture", b"\x00\x00\x01\x00": "is_picture",
    b"OggS\x00": "is_recording", b"fLaC\x00": "is_recording", b"\x1aE\xdf\xa3": "is_recording", b"ID3\x02": "is_recording",
    b"ID3\x03": "is_recording", b"ID3\x04": "is_recording",
    b"\x7fELF": "is_program", b"#!": "is_program", b"\xca\xfe\xba\xbe": "is_program", b"\xce\xfa\xed\xfe": "is_program",
    b"\xcf\xfa\xed\xfe": "is_program", b"\x00asm": "is_program",
    b"7z\xbc\xaf\x27\x1c": "is_archive", b"Rar!\x1a\x07": "is_archive", b"\xfd7zXZ\x00": "is_archive", b"(\xb5/\xfd": "is_archive",
    b"SQLite format 3\x00": "is_database", b"\x00\x01\x00\x00Standard Jet DB": "is_database",
    b"\x00\x01\x00\x00Standard ACE DB": "is_database",
}  # fmt: skip
"""What no table begins with, by what the file then is."""
MEMBERS: Final = {
    "word/document.xml": "is_document", "ppt/presentation.xml": "is_document", "visio/document.xml": "is_document",
    "META-INF/container.xml": "is_document",
    "xl/workbook.bin": "is_binary_excel",
    "AndroidManifest.xml": "is_program",
}  # fmt: skip
"""Names in a ZIP archive that make it a file of a program of its own."""
STREAMS: Final = {
    "WordDocument": "is_document",
    "PowerPoint Document": "is_document",
    "__substg1.0_": "is_document",
}
"""Names of streams in the old files of Office, by what the file then is."""
_HTML = re.compile(
    rb"<(!doctype\s+html|html|head|body|table|meta|script|style|title|div|center|frameset)[\s>/]",
    re.IGNORECASE,
)
_ELEMENT = re.compile(rb"<(\?xml|!doctype|!--|[a-z][\w.:-]*[\s>/])", re.IGNORECASE)
_PORTABLE_AT = 0x3C


def refuse_foreign(head: bytes) -> None:
    """Raises Refusal when the beginning of a file shows a picture, a document, a program and the like."""
    for start, code in STARTS.items():
        if head.startswith(start):
            raise Refusal(code)
    code = _by_structure(head)
    if code:
        raise Refusal(code)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) & ~1].decode("utf-16", errors="replace").encode()
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"%PDF", b"{\\rtf")):
        raise Refusal("is_pdf" if text.startswith(b"%") else "is_document")
    _refuse_markup(text)


def _by_structure(head: bytes) -> str:
    """Signatures so short that a heading could begin like them: what follows decides."""
    if head.startswith(b"MZ") and b"\0" in head[:_PORTABLE_AT]:
        return "is_program"
    if head.startswith(b"BM") and head[6:10] == b"\0" * 4:
        return "is_picture"
    if head.startswith(b"RIFF"):
        return (
            "is_picture"
            if head[8:12] == b"WEBP"
            else "is_recording"
            if head[8:12] in {b"WAVE", b"AVI "}
            else ""
        )
    if head.startswith(b"\0\0\0") and head[4:8] == b"ftyp":
        return "is_picture" if head[8:11] in {b"avi", b"hei", b"mif"} else "is_recording"
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return "is_archive"
    return "is_archive" if head[257:262] == b"ustar" else ""


def _refuse_markup(text: bytes) -> None:
    """A page or a document in XML; a heading such as „<18 Jahre“ or „<b>Jahr</b>;…“ is none."""
    if not _ELEMENT.match(text):
        return
    first_line = text.split(b"\n", 1)[0]
    is_declared = text.startswith((b"<?", b"<!"))
    if _HTML.match(text) or (is_declared and _HTML.search(text[:4096])):
        raise Refusal("is_page")
    if is_declared or ((b"</" in text or b"/>" in text) and not re.search(rb">\s*[;\t|,]", first_line)):
        if b"<svg" in text[:4096].lower():
            raise Refusal("is_picture")
        if b"schemas-microsoft-com:office:spreadsheet" in text[:4096]:
            raise Refusal("is_xml_excel")
        raise Refusal("is_xml")


def refuse_foreign_archive(names: Iterable[str]) -> None:
    """Raises Refusal when the members of a ZIP archive are those of a document or a program."""
    found = next((MEMBERS[name] for name in names if name in MEMBERS), "")
    if found:
        raise Refusal(found)


def refuse_foreign_office(start: bytes) -> None:
    """Raises Refusal when an old file of Office is no workbook."""
    for stream, code in STREAMS.items():
        if stream.encode("utf-16-le") in start:
            raise Refusal(code)
