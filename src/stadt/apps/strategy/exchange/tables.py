"""A strategy as tables of cells, and tables back into a strategy: what workbook and CSV set have in common."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import msgspec
from django.utils.translation import gettext

from stadt.apps.strategy.exchange.cells import Native, plain
from stadt.apps.strategy.exchange.checking import check_items
from stadt.apps.strategy.exchange.document import FORMAT, VERSION, City, Document
from stadt.apps.strategy.exchange.errors import Problem, refuse, refuse_all
from stadt.apps.strategy.exchange.sheets import (
    ITEMS,
    LISTS,
    MOST_ROWS,
    Column,
    Sheet,
    value_at,
)
from stadt.apps.strategy.record.content import Funding, Item, Measure, Period, Spatial

_ABOUT: Final = ("Format", "Version", "Stadt", "Schlüssel der Stadt", "Fassung")
_NESTED: Final[Mapping[str, type[msgspec.Struct]]] = MappingProxyType(
    {"period": Period, "funding": Funding, "spatial": Spatial}
)
Row = Sequence[Native]


def about_rows(document: Document) -> list[tuple[str, str]]:
    """What the first table says of the file: format, version, city and edition."""
    values = (FORMAT, str(VERSION), document.city.name, document.city.key, document.edition)
    return list(zip(_ABOUT, values, strict=True))


def rows_of(sheet: Sheet, items: Iterable[Item]) -> Iterator[list[Native]]:
    """The rows of one table, without its headings."""
    for item in items:
        if not sheet.list_path:
            if type(item) is sheet.struct:
                yield [column.kind.write(value_at(item, column.path)) for column in sheet.columns]
        elif isinstance(item, Measure):
            for part in value_at(item, sheet.list_path):
                yield [
                    item.code if column.path == "" else column.kind.write(value_at(part, column.path))
                    for column in sheet.columns
                ]


@dataclass
class Reader:
    """Takes tables one by one and makes the document of them when all are there.

    `place` of a cell is said as sheet, row and column, so that a person finds it again.
    """

    rows: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    where: dict[tuple[str, str], str] = field(default_factory=dict)
    city: City = field(default_factory=City)
    edition: str = ""

    def take_about(self, title: str, rows: Iterable[Row]) -> None:
        """The table that names format and version.

        Raises:
            BadFile: another format or version.
        """
        said = {plain(row[0]).strip(): plain(row[1]).strip() for row in rows if len(row) > 1}
        if said.get("Format") != FORMAT:
            raise refuse(
                title,
                gettext("Das ist keine Strategie-Datei; erwartet wird „%(format)s“.") % {"format": FORMAT},
            )
        if said.get("Version") != str(VERSION):
            raise refuse(
                title,
                gettext("Version %(version)s des Formats ist hier nicht bekannt; bekannt ist %(known)d.")
                % {"version": said.get("Version", "")[:20], "known": VERSION},
            )
        self.city = City(said.get("Schlüssel der Stadt", ""), said.get("Stadt", ""))
        self.edition = said.get("Fassung", "")

    def take(self, sheet: Sheet, title: str, rows: Iterable[Row]) -> None:
        """One table with its headings in the first row; empty rows are passed over.

        Raises:
            BadFile: wrong columns or too many rows.
        """
        lines = enumerate(rows, 1)
        _number, first = next(lines, (1, ()))
        order = _order(sheet, title, first)
        found = self.rows.setdefault(sheet.name, [])
        for number, row in lines:
            if number > MOST_ROWS:
                raise refuse(
                    title, gettext("Mehr als %(most)d Zeilen sind nicht möglich.") % {"most": MOST_ROWS}
                )
            if any(plain(cell) for cell in row):
                found.append((number, self._values(sheet, order, title, number, row)))

    def _values(self, sheet: Sheet, order: list[Column], title: str, number: int, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for at, column in enumerate(order):
            cell = row[at] if at < len(row) else None
            try:
                values[column.path] = column.kind.read(cell)
            except (ValueError, KeyError, OverflowError):
                sentence = gettext("„%(value)s“ passt nicht; erwartet wird: %(expected)s.") % {
                    "value": plain(cell)[:60],
                    "expected": gettext(column.kind.expected),
                }
                self.problems.append(Problem(_place(title, number, column.heading), sentence))
        if any(plain(cell) for cell in row[len(order) :]):
            sentence = gettext("Rechts der letzten Spalte steht noch etwas.")
            self.problems.append(Problem(_place(title, number), sentence))
        self._remember(sheet, title, number, values)
        return values

    def _remember(self, sheet: Sheet, title: str, number: int, values: Mapping[str, Any]) -> None:
        code = values.get("" if sheet.list_path else "code", "")
        prefix = f"{sheet.list_path}." if sheet.list_path else ""
        for column in sheet.columns:
            self.where.setdefault((code, prefix + column.path), _place(title, number, column.heading))

    def finish(self) -> Document:
        """The document of all tables.

        Raises:
            BadFile: a value, a code or a reference is wrong.
        """
        parts = self._parts()
        items = [
            _build(sheet, values, parts.get(values.get("code", ""), {}))
            for sheet in ITEMS
            for _number, values in (self.rows.get(sheet.name, ()) if not self.problems else ())
        ]
        if self.problems:
            raise refuse_all(self.problems)
        content = check_items(items, self._locate)
        return Document(city=self.city, edition=self.edition, items=tuple(content))

    def _parts(self) -> dict[str, dict[str, list[Any]]]:
        measures = {values.get("code") for _number, values in self.rows.get("massnahmen", ())}
        parts: dict[str, dict[str, list[Any]]] = {}
        for sheet in LISTS:
            for number, values in self.rows.get(sheet.name, ()):
                given = dict(values)
                code = given.pop("", "")
                if code not in measures:
                    sentence = gettext("Den Code „%(code)s“ gibt es in der Datei nicht.") % {
                        "code": str(code)[:30]
                    }
                    place = _place(sheet.title, number, sheet.columns[0].heading)
                    self.problems.append(Problem(place, sentence))
                elif not self.problems:
                    parts.setdefault(code, {}).setdefault(sheet.list_path, []).append(sheet.struct(**given))
        return parts

    def _locate(self, code: str, path: str) -> str:
        return self.where.get((code, path)) or self.where.get((code, "code")) or code


def _order(sheet: Sheet, title: str, headings: Row) -> list[Column]:
    """The columns in the order in which the file has them; all must be there, and none else."""
    by_heading = {column.heading: column for column in sheet.columns}
    said = [plain(cell).strip() for cell in headings]
    while said and not said[-1]:
        said.pop()
    missing = [heading for heading in by_heading if heading not in said]
    if missing:
        raise refuse(_place(title, 1), gettext("Die Spalte „%(column)s“ fehlt.") % {"column": missing[0]})
    for at, heading in enumerate(said):
        if heading not in by_heading or heading in said[:at]:
            raise refuse(
                _place(title, 1),
                gettext("Die Spalte „%(column)s“ gehört nicht hierher.") % {"column": heading[:60]},
            )
    return [by_heading[heading] for heading in said]


def _build(sheet: Sheet, values: Mapping[str, Any], parts: Mapping[str, list[Any]]) -> Item:
    """The item of a row; a path with a dot is a field of a part."""
    plain_fields: dict[str, Any] = {}
    nested: dict[str, dict[str, Any]] = {}
    for path, value in (*values.items(), *((path, tuple(found)) for path, found in parts.items())):
        name, dot, inner = path.partition(".")
        if dot:
            nested.setdefault(name, {})[inner] = value
        else:
            plain_fields[name] = value
    for name, fields in nested.items():
        plain_fields[name] = _NESTED[name](**fields)
    made: Item = sheet.struct(**plain_fields)  # type: ignore[assignment]
    return made


def _place(title: str, row: int, column: str = "") -> str:
    if not column:
        return gettext("%(sheet)s, Zeile %(row)d") % {"sheet": title, "row": row}
    return gettext("%(sheet)s, Zeile %(row)d, Spalte %(column)s") % {
        "sheet": title,
        "row": row,
        "column": column,
    }
