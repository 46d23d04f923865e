"""How a delivered table says figures: which column is what, and each row as a draft that can be cited."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid
from stadt.hub.indicators.kept.drafts import ValueDraft
from stadt.hub.indicators.models import FigureFile
from stadt.hub.indicators.states import QualityClass, ValueState
from stadt.hub.intake.cells import Cells, read_cells
from stadt.hub.intake.headings import unit_of
from stadt.hub.lake.layout import layout

ROLES = ("period", "value", "numerator", "denominator", "deviation", "place", "series", "note")
NUMBERS = ("value", "numerator", "denominator", "deviation")
DIMENSION = "dimension:"
STATES = {
    "": None,
    "-": ValueState.NOT_AVAILABLE, "–": ValueState.NOT_AVAILABLE, "k. a.": ValueState.NOT_AVAILABLE, "k.a.": ValueState.NOT_AVAILABLE,
    "n. a.": ValueState.NOT_AVAILABLE, "n.a.": ValueState.NOT_AVAILABLE, "…": ValueState.NOT_AVAILABLE, "...": ValueState.NOT_AVAILABLE,
    "nicht erhoben": ValueState.NOT_COLLECTED, "x": ValueState.NOT_APPLICABLE, "entfällt": ValueState.NOT_APPLICABLE,
    ".": ValueState.SUPPRESSED, "geheim": ValueState.SUPPRESSED, "*": ValueState.SUPPRESSED,
}  # fmt: skip
"""What stands in tables of official statistics where there is no number; never 0."""
DECIMALS = (",", ".")
MOST_FIGURES = 2000


@dataclass(frozen=True, slots=True)
class FileMapping:
    """Which row has the headings (from 1), which heading is what, and how numbers are written.

    `columns`: role → heading; a role is one of `ROLES` or `dimension:<key>`. `sheet` is empty for CSV.
    """

    header: int
    columns: dict[str, str]
    sheet: str = ""
    decimal: str = ","
    quality_class: QualityClass = QualityClass.MEASURED

    def as_json(self) -> dict[str, Any]:
        """As the table keeps it."""
        return {
            "header": self.header,
            "columns": self.columns,
            "sheet": self.sheet,
            "decimal": self.decimal,
            "quality_class": str(self.quality_class),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """A row as a draft, with its number in the file (from 1); `errors` says why it cannot be taken."""

    number: int
    draft: ValueDraft | None
    errors: tuple[FieldError, ...] = ()


def cells_of(file: FigureFile, sheet: str = "") -> Cells:
    """The cells of the frozen copy. Raises Unreadable."""
    content = bytes(FigureFile.objects.values_list("content", flat=True).get(pk=file.pk))
    return _cells(content, file.filename, sheet)


@lru_cache(maxsize=4)
def _cells(content: bytes, filename: str, sheet: str) -> Cells:
    """The same bytes have the same cells: a page, its preview and a recomputation read them once."""
    work = layout().work
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="figures-", dir=work) as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        return read_cells(path, filename, sheet)


def read_mapping(plain: Mapping[str, Any]) -> FileMapping:
    """The mapping from its JSON or a form's fields. Raises Invalid, naming the field."""
    errors = []
    said, columns = plain.get("header"), plain.get("columns")
    header = said if isinstance(said, int) and not isinstance(said, bool) else 0
    if not 1 <= header <= 1000:
        errors.append(FieldError("header", gettext("ist keine Zeilennummer")))
    roles = (
        {}
        if not isinstance(columns, Mapping)
        else {str(role): str(name) for role, name in columns.items() if name}
    )
    errors += [
        FieldError("columns", gettext("kennt „%(role)s“ nicht") % {"role": role[:40]})
        for role in roles
        if role not in ROLES and not role.startswith(DIMENSION)
    ]
    if "period" not in roles:
        errors.append(FieldError("period", gettext("fehlt")))
    if not roles.keys() & {"value", "numerator"}:
        errors.append(FieldError("value", gettext("fehlt")))
    if plain.get("decimal", ",") not in DECIMALS:
        errors.append(FieldError("decimal", gettext("ist weder Komma noch Punkt")))
    if plain.get("quality_class", QualityClass.MEASURED) not in QualityClass.values:
        errors.append(FieldError("quality_class", gettext("gibt es nicht")))
    if errors:
        raise Invalid(gettext("Die Zuordnung der Spalten ist nicht vollständig."), fields=tuple(errors))
    return FileMapping(
        header,
        roles,
        str(plain.get("sheet", ""))[:200],
        plain.get("decimal", ","),
        QualityClass(plain.get("quality_class", QualityClass.MEASURED)),
    )


def headings_of(cells: Cells, header: int) -> list[str]:
    """The headings in a row (from 1); empty where the table has no such row."""
    return list(cells.rows[header - 1]) if 0 < header <= len(cells.rows) else []


def guess_header(cells: Cells) -> int:
    """The first row (from 1) with at least two filled cells and no number among them, else 1."""
    for number, row in enumerate(cells.rows[:30], start=1):
        filled = [cell for cell in row if cell]
        if len(filled) > 1 and not any(re.fullmatch(r"[\d.,\s-]+", cell) for cell in filled):
            return number
    return 1


def rows_of(cells: Cells, mapping: FileMapping, *, simulated: bool = False) -> list[Row]:
    """Every row below the headings that says a period.

    Raises:
        Invalid: a heading is not there or stands twice, or there are more than 2,000 rows.
    """
    headings = headings_of(cells, mapping.header)
    at, errors = {}, []
    for role, heading in mapping.columns.items():
        if headings.count(heading) != 1:
            words = gettext("steht nicht genau einmal in Zeile %(row)s") % {"row": mapping.header}
            errors.append(FieldError(role, f"„{heading[:60]}“ {words}"))
        else:
            at[role] = headings.index(heading)
    if errors:
        raise Invalid(gettext("Die Spalten der Datei passen nicht zur Zuordnung."), fields=tuple(errors))
    units = {role: unit_of(mapping.columns[role])[1] for role in ("value",) if role in mapping.columns}
    decimal = "." if cells.is_workbook else mapping.decimal
    found = []
    for number, cells_here in enumerate(cells.rows[mapping.header :], start=mapping.header + 1):
        said = {role: (cells_here[column] if column < len(cells_here) else "") for role, column in at.items()}
        if said["period"]:
            found.append(_row(number, said, decimal, mapping, units.get("value", ""), simulated=simulated))
        if len(found) > MOST_FIGURES:
            raise Invalid(
                gettext("Die Datei nennt mehr als %(most)s Werte.") % {"most": MOST_FIGURES},
                fields=(FieldError("file", gettext("ist zu lang")),),
            )
    return found


def _row(
    number: int, said: Mapping[str, str], decimal: str, mapping: FileMapping, unit: str, *, simulated: bool
) -> Row:
    numbers: dict[str, float | None] = {}
    state, errors = ValueState.VALUE, []
    for role in NUMBERS:
        text = said.get(role, "")
        missing = STATES.get(text.strip().lower())
        if missing is not None and role in {"value", "numerator"}:
            state = missing
        elif text.strip() and missing is None:
            numbers[role] = read_number(text, decimal)
            if numbers[role] is None:
                errors.append(FieldError(role, gettext("„%(text)s“ ist keine Zahl") % {"text": text[:40]}))
    if state is not ValueState.VALUE:
        numbers = {}
    elif not errors and not numbers.keys() & {"value", "numerator"}:
        errors.append(FieldError("value", gettext("ist leer; was fehlt, braucht ein Zeichen wie „–“")))
    if errors:
        return Row(number, None, tuple(errors))
    breakdown = {
        role.removeprefix(DIMENSION): said[role] for role in said if role.startswith(DIMENSION) and said[role]
    }
    draft = ValueDraft(
        period=said["period"],
        state=state,
        quality_class=mapping.quality_class,
        place=said.get("place", ""),
        series=said.get("series", ""),
        dimensions=breakdown,
        note=said.get("note", ""),
        unit=unit,
        simulated=simulated,
        **numbers,
    )
    return Row(number, draft)


def read_number(text: str, decimal: str) -> float | None:
    """A number as people write it with this decimal sign; None when it is none.

    Groups of three may be set apart; the first one never begins with 0, so that "0.125" is no 125.
    """
    words = re.sub(r"[\s\u00a0\u202f]", "", text).removesuffix("%")
    mark, other = re.escape(decimal), re.escape("." if decimal == "," else ",")
    if not re.fullmatch(
        rf"[-+−]?(?:\d+|[1-9]\d{{0,2}}(?:{other}\d{{3}})+)(?:{mark}\d+)?(?:[eE][-+]?\d{{1,2}})?",
        words,
        re.ASCII,
    ):
        return None
    plain = words.replace("−", "-").replace("." if decimal == "," else ",", "").replace(decimal, ".")
    return float(plain)


def sentences(rows: Sequence[Row]) -> list[str]:
    """What is wrong with the rows that cannot be taken, one sentence each."""
    return [
        gettext("Zeile %(row)s: %(field)s %(message)s")
        % {"row": row.number, "field": error.field, "message": error.message}
        for row in rows
        for error in row.errors
    ]
