"""What is plainly no table is named for what it is; headings that only begin like it are read."""

import io
import zipfile

import pytest

from stadt.hub.intake.errors import SENTENCES, Refusal
from stadt.hub.intake.foreign import MEMBERS, STARTS
from stadt.hub.intake.tests.files import Office

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
ZEROS = b"\0" * 60


def packed(*names: str, mimetype: str = "") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<a/>")
    return content.getvalue()


FOREIGN = {
    "pdf of one line": (b"%PDF-1.7", "is_pdf"),
    "pdf after a mark": (b"\xef\xbb\xbf\r\n%PDF-1.4\n", "is_pdf"),
    "windows program": (b"MZ\x90\0\x03\0\0\0" + ZEROS + b"PE\0\0", "is_program"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "is_program"),
    "bitmap": (b"BM\x36\x10\0\0\0\0\0\0\x36\0\0\0" + ZEROS, "is_picture"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "is_picture"),
    "sound": (b"RIFF\x24\0\0\0WAVEfmt ", "is_recording"),
    "film": (b"\0\0\0\x20ftypisom", "is_recording"),
    "tar": (b"a.csv".ljust(257, b"\0") + b"ustar\x0000", "is_archive"),
    "bzip2": (b"BZh91AY&SY" + b"\x11" * 40, "is_archive"),
    "word": (packed("[Content_Types].xml", "word/document.xml"), "is_document"),
    "odt": (packed("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "is_document"),
    "xlsb": (packed("xl/workbook.bin"), "is_binary_excel"),
    "old word": (OLE + "WordDocument".encode("utf-16-le"), "is_document"),
    "page after blanks": (b"\n\n  <!DOCTYPE html>\n<html>", "is_page"),
    "page of one table": (b"<table border=1><tr><td>Jahr</td></tr></table>", "is_page"),
    "page in xml": (b'<?xml version="1.0"?>\n<html xmlns="x"><body/></html>', "is_page"),
    "page in utf-16": ("<html><body>1</body></html>".encode("utf-16"), "is_page"),
    "page with a comment": (b"<!-- saved from x -->\n<html>", "is_page"),
    "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "is_picture"),
    "excel 2003": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "is_xml_excel"),
    "kml": (b"<kml><Document></Document></kml>", "is_xml"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_another_kind_of_file_is_named(office: Office, name: str) -> None:
    content, code = FOREIGN[name]
    with pytest.raises(Refusal) as told:
        office.read(content, "werte.csv")
    assert told.value.code == code


@pytest.mark.parametrize("start", STARTS)
def test_each_start_is_refused(office: Office, start: bytes) -> None:
    with pytest.raises(Refusal) as told:
        office.read(start + ZEROS, "werte.csv")
    assert told.value.code == STARTS[start]


def test_each_kind_has_a_sentence_that_says_what_to_do() -> None:
    for code in {*STARTS.values(), *MEMBERS.values(), *(code for _, code in FOREIGN.values())}:
        assert SENTENCES[code].startswith("Das ist ein")
        assert {"senden", "speichern", "packen"} & set(SENTENCES[code].lower().split())


@pytest.mark.parametrize(
    "heading", ["MZ", "BMI", "RIFF", "ID3", "BZh", "<18 Jahre", "<b>Jahr</b>", "7z", "PDF", "II", "MM", "GIF"]
)
def test_a_heading_that_begins_like_it_is_read(office: Office, heading: str) -> None:
    table = office.table(f"{heading};Wert\na;1\nb;2\n")
    assert table.rows == [("a", 1), ("b", 2)]
