"""Opens a file of a strategy by its content, whatever it is called."""

from dataclasses import dataclass

from django.utils.translation import gettext

from stadt.apps.strategy.exchange.archives import LARGEST_FILE, unpack
from stadt.apps.strategy.exchange.checking import check_items
from stadt.apps.strategy.exchange.csv_set import read_csv_set
from stadt.apps.strategy.exchange.document import Document, read_json
from stadt.apps.strategy.exchange.errors import refuse
from stadt.apps.strategy.exchange.stratml_reading import read_stratml
from stadt.apps.strategy.exchange.workbook import read_workbook
from stadt.apps.strategy.record.content import Content


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file says: its format, the document, its items as a content, and sentences about what it had no place for."""

    format: str
    document: Document
    content: Content
    remarks: tuple[str, ...] = ()


def read_file(content: bytes) -> ReadFile:
    """The strategy in a file.

    Raises:
        BadFile: too large, of no known format, or something in it is wrong; the places are named.
    """
    if len(content) > LARGEST_FILE:
        raise refuse("", gettext("Die Datei ist größer als %(most)d MB.") % {"most": LARGEST_FILE // 1024**2})
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if content.startswith(b"PK"):
        members = unpack(content)
        if any(name.endswith(".csv") for name in members):
            return _made("csv", read_csv_set(members))
        return _made("xlsx", read_workbook(members))
    if start == b"{":
        return _made("json", read_json(content.removeprefix(b"\xef\xbb\xbf")))
    if start == b"<":
        document, remarks = read_stratml(content)
        return _made("stratml", document, tuple(remarks))
    raise refuse(
        "", gettext("Die Datei ist weder JSON noch CSV-Satz (ZIP), Excel-Arbeitsmappe (XLSX) oder StratML.")
    )


def _made(kind: str, document: Document, remarks: tuple[str, ...] = ()) -> ReadFile:
    content = check_items(document.items, _in_json if kind == "json" else None)
    if not len(content):
        raise refuse("", gettext("Die Datei enthält keine Strategie."))
    return ReadFile(kind, document, content, remarks)


def _in_json(code: str, field: str) -> str:
    return f"items[{code}].{field}" if code else "items"
