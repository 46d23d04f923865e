"""Rows in the forms CKAN's datastore gives: objects, lists, and lines separated by commas or tabs."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from stadt.web.spreadsheets import is_formula
from stadt.web.xml_text import xml_text

FORMATS = ("objects", "lists", "csv", "tsv")
DELIMITERS = {"csv": ",", "tsv": "\t"}
Record = Mapping[str, Any]


def shape(records: Sequence[Record], names: Sequence[str], form: str) -> Any:
    """Records in one of `FORMATS`; lines come without a heading, as CKAN's do."""
    if form == "objects":
        return records
    if form == "lists":
        return [[record.get(name) for name in names] for record in records]
    return lines(records, names, form)


def lines(records: Iterable[Record], names: Sequence[str], form: str, *, harmless: bool = False) -> str:
    """Rows as lines; missing values are empty, geometry is JSON. `harmless`: an apostrophe before what a spreadsheet would
    run as a formula."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=DELIMITERS[form], lineterminator="\n")
    for record in records:
        writer.writerow([_cell(record.get(name), harmless=harmless) for name in names])
    return target.getvalue()


def heading(names: Sequence[str], form: str) -> str:
    """The line of names."""
    return lines([dict(zip(names, names, strict=True))], names, form)


def xml_row(record: Record, names: Sequence[str]) -> str:
    """A row as XML: its cells by name; names are letters, digits and underscores."""
    number, *others = names
    cells = "".join(_xml_cell(name, record.get(name)) for name in others)
    return f'<row {number}="{record.get(number)}">{cells}</row>\n'


def _xml_cell(name: str, value: Any) -> str:
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    text = xml_text(_text(value))
    return f"<{name}>{escape(text)}</{name}>"


def _cell(value: Any, *, harmless: bool) -> str:
    text = "" if value is None else _text(value)
    return f"'{text}" if harmless and isinstance(value, str) and is_formula(text) else text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
