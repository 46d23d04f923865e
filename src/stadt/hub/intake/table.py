"""A table of text cells becomes a reading: headings, types, units, sums, years as columns, places."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake.columns import Understanding, Values, understand, values_of
from stadt.hub.intake.errors import Refusal
from stadt.hub.intake.grid import Grid, Layout, filled
from stadt.hub.intake.headings import distinct, name_of, repeated, unit_of, visible, years_of
from stadt.hub.intake.places import find_position, share_of_districts
from stadt.hub.intake.reading import MAX_COLUMNS, Melt, ReadColumn, Reading, Role
from stadt.hub.intake.remarks import Remark, remark
from stadt.hub.intake.totals import find_totals
from stadt.hub.intake.values import number_form

LABELS_OF_MELT = 3  # fewer year columns are told, not melted


@dataclass(frozen=True, slots=True)
class Found:
    """A reading's parts that come from the cells."""

    columns: tuple[ReadColumn, ...]
    decimal: str
    thousands: str
    missing_words: tuple[str, ...]
    remarks: tuple[Remark, ...]


def body_of(grid: Grid, layout: Layout) -> tuple[list[list[str]], list[int]]:
    """The rows of the table and their numbers in the file, blank rows left out."""
    end = len(grid.rows) - (layout.footer if grid.is_whole else 0)
    rows, numbers = [], []
    for row, number in zip(
        grid.rows[layout.skipped + layout.header : end],
        grid.numbers[layout.skipped + layout.header :],
        strict=False,
    ):
        if filled(row):
            rows.append(row)
            numbers.append(number)
    return rows, numbers


def understand_table(
    rows: Sequence[Sequence[str]],
    headings: Sequence[str],
    *,
    decimal: str = "",
    is_sure: bool = False,
    missing: frozenset[str] = frozenset(),
    districts: Sequence[str] = (),
) -> Found:
    """What the columns hold.

    Args:
        rows: cells as text. headings: one for each column.
        decimal: sign before fractions where it is known. is_sure: and nothing else is to be said. missing: more words for missing values.
        districts: names of the city's districts.

    Raises:
        Refusal: more than 1,000 columns, or none.
    """
    if len(headings) > MAX_COLUMNS:
        raise Refusal("too_many_columns", count=len(headings), limit=MAX_COLUMNS)
    if not headings or (not rows and not any(headings)):
        raise Refusal("no_table")
    values = [
        values_of([row[at] if at < len(row) else "" for row in rows], missing) for at in range(len(headings))
    ]
    told = [
        understand(value, heading, decimal, is_sure=is_sure)
        for value, heading in zip(values, headings, strict=True)
    ]
    common = decimal or _common_decimal(told)
    if common:
        told = [
            understand(value, heading, common) if one.is_open else one
            for one, value, heading in zip(told, values, headings, strict=True)
        ]
    columns, remarks = _columns(headings, values, told, districts)
    forms = [form for one in told if (form := number_form(one.pattern))]
    thousands = next((form.thousands for form in forms if form.thousands), "")
    words = tuple(sorted({word for value in values for word in value.missing_words}))
    remarks += [remark("dash_may_be_zero", word=word) for word in words if word in {"-", "–", "—"} and forms][
        :1
    ]
    return Found(columns, common, thousands, words, tuple(remarks))


def _common_decimal(told: Sequence[Understanding]) -> str:
    """The sign that most columns of which it is certain have before their fraction."""
    signs = [
        form.decimal
        for one in told
        if not one.is_open and (form := number_form(one.pattern)) and form.decimal
    ]
    if signs:
        return max(set(signs), key=signs.count)
    # Thousands tell it too: nobody uses one sign for both.
    marks = [
        form.thousands
        for one in told
        if not one.is_open and (form := number_form(one.pattern)) and form.thousands in {".", ","}
    ]
    return {".": ",", ",": "."}[max(set(marks), key=marks.count)] if marks else ""


def _columns(
    headings: Sequence[str], values: Sequence[Values], told: Sequence[Understanding], districts: Sequence[str]
) -> tuple[tuple[ReadColumn, ...], list[Remark]]:
    remarks: list[Remark] = [remark("duplicate_heading", heading=heading) for heading in repeated(headings)]
    titles = [unit_of(heading) for heading in headings]
    names = distinct(name_of(title, at + 1) for at, (title, _, _) in enumerate(titles))
    columns, hidden = [], 0
    for at, (heading, one, (title, unit, unknown)) in enumerate(zip(headings, told, titles, strict=True)):
        is_void = not heading and not values[at].total
        hidden += is_void
        if not heading and not is_void and any(headings):
            remarks.append(remark("heading_missing", column=names[at], number=at + 1))
        numeric = one.type in {ColumnType.NUMBER, ColumnType.INTEGER}
        if unknown and numeric:
            remarks.append(remark("unit_unknown", column=names[at], unit=unknown))
        role, note = one.role, one.remark
        if (
            one.type is ColumnType.TEXT
            and not role
            and (known := share_of_districts(values[at].counts, districts))
        ):
            role, note = Role.DISTRICT, note or remark("districts", count=known, of=len(values[at].counts))
        columns.append(
            ReadColumn(
                at=at,
                source=heading,
                name=names[at],
                title=visible(title if numeric and unit else heading) or f"Spalte {at + 1}",
                type=one.type,
                unit=(unit or one.unit) if numeric else "",
                pattern=one.pattern,
                role=role,
                keep=not is_void,
                certainty=one.certainty,
                remark=note,
            )
        )
    if hidden:
        remarks.append(remark("empty_columns", count=hidden))
    return tuple(columns), remarks


def find_melt(columns: Sequence[ReadColumn]) -> tuple[Melt | None, list[Remark]]:
    """Years as columns: at least three columns of numbers with the same words around rising years."""
    found = years_of([column.source for column in columns])
    groups: dict[str, list[int]] = {}
    for at, (_, words) in found.items():
        if columns[at].keep and columns[at].type in {ColumnType.NUMBER, ColumnType.INTEGER}:
            groups.setdefault(words.lower(), []).append(at)
    if not groups:
        return None, []
    words, chosen = max(groups.items(), key=lambda item: len(item[1]))
    years = [found[at][0] for at in chosen]
    first, last = columns[chosen[0]], columns[chosen[-1]]
    if len(set(years)) != len(years) or len(chosen) < 2:
        return None, []
    others = [at for at in found if at not in chosen]
    if len(chosen) < LABELS_OF_MELT or others:
        return None, [
            remark("years_possible", first=columns[min(found)].source, last=columns[max(found)].source)
        ]
    taken = {column.name for column in columns}
    melt = Melt(
        columns=tuple(columns[at].name for at in chosen),
        labels=tuple(years),
        name="jahr" if "jahr" not in taken else "jahr_2",
        value=next(
            name for name in (name_of(words, 0) if words else "wert", "wert", "wert_2") if name not in taken
        ),
    )
    return melt, [remark("years_as_columns", first=first.source, last=last.source)]


_ZONES = (
    (re.compile(r"(?<![a-z])(utc|gmt)(?![a-z])", re.IGNORECASE), "UTC"),
    (
        re.compile(r"(?<![a-z])(mez|cet)(?![a-z])", re.IGNORECASE),
        "Etc/GMT-1",
    ),  # standard time all year; the sign is POSIX's
)


def zone_of(columns: Sequence[ReadColumn]) -> tuple[str, list[Remark]]:
    """The zone that the heading of a column of times names; empty where none does."""
    for column in columns:
        for rule, zone in _ZONES:
            if column.type is ColumnType.TIME and rule.search(column.source.replace("_", " ")):
                said = "UTC" if zone == "UTC" else "MEZ (UTC+1)"
                return zone, [remark("zone_said", column.name, heading=column.source, zone=said)]
    return "", []


def sums_of(
    found: Found, rows: Sequence[Sequence[str]], numbers: Sequence[int]
) -> tuple[tuple[int, ...], list[Remark]]:
    """Rows of sums in a table."""
    labels = [column.at for column in found.columns if column.keep and column.type is ColumnType.TEXT]
    amounts = [
        (column.at, column.pattern)
        for column in found.columns
        if column.keep and column.type in {ColumnType.NUMBER, ColumnType.INTEGER} and column.role is Role.NONE
    ]
    return find_totals(rows, numbers, labels, amounts)


def place(reading: Reading, rows: Sequence[Sequence[str]]) -> Reading:
    """The reading with its columns of coordinates, where there are some."""
    ranges = {}
    for column in reading.columns:
        form = number_form(column.pattern)
        if column.type in {ColumnType.NUMBER, ColumnType.INTEGER} and form and column.keep:
            cells = [row[column.at] for row in rows if column.at < len(row)]
            amounts = [
                amount
                for cell in cells
                if (amount := _amount(cell, form.thousands, form.decimal)) is not None
            ]
            if amounts:
                ranges[column.name] = (min(amounts), max(amounts))
    position, columns, note = find_position(reading.columns, ranges)
    remarks = (*reading.remarks, note) if note else reading.remarks
    return msgspec.structs.replace(reading, position=position, columns=columns, remarks=remarks)


def _amount(text: str, thousands: str, decimal: str) -> float | None:
    plain = text.replace(thousands, "") if thousands else text
    try:
        return float(plain.replace(decimal, ".") if decimal else plain)
    except ValueError:
        return None
