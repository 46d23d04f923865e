"""What a person decided about an earlier delivery or in this one, and how it changes a reading."""

from collections.abc import Mapping
from typing import Any

import msgspec

from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake.headings import distinct, years_of
from stadt.hub.intake.reading import Melt, Position, ReadColumn, Reading, Role
from stadt.hub.intake.remarks import Remark, remark


class ColumnAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The decision about one column, found again by its heading (and its place among equal ones)."""

    source: str
    name: str
    title: str = ""
    type: ColumnType = ColumnType.TEXT
    unit: str = ""
    pattern: str = ""
    role: Role = Role.NONE
    keep: bool = True


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All decisions. None or empty: found out anew with each delivery. `corrected` names those a person made.

    `known` are the headings of the delivery that the answer is from: what came or went since then is told.
    """

    version: int = 1
    member: str = ""
    sheet: str = ""
    layer: str = ""
    encoding: str = ""
    delimiter: str = ""
    quote: str | None = None
    decimal: str = ""
    skipped_rows: int | None = None
    header_rows: int | None = None
    footer_rows: int | None = None
    keep_totals: bool = False
    total_words: tuple[str, ...] = ()
    missing_words: tuple[str, ...] = ()
    crs: str = ""
    zone: str = ""
    melts: bool | None = None
    melt_names: tuple[str, str] | None = None
    position: Position | None = None
    has_position: bool | None = None
    columns: tuple[ColumnAnswer, ...] = ()
    known: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()


def read_answer(plain: Mapping[str, Any] | None) -> Answer:
    """The answer from its JSON; one of an unknown shape counts as none, since everything is found out anew."""
    try:
        return msgspec.convert(plain or {}, Answer)
    except msgspec.ValidationError:
        return Answer()


def apply_answer(reading: Reading, answer: Answer) -> Reading:
    """The reading as the answer wants it; columns that came or went are told."""
    if answer == Answer():
        return reading
    columns, remarks = _columns(reading, answer) if answer.columns else (reading.columns, [])
    names = {column.name for column in columns if column.keep}
    changes: dict[str, Any] = {
        "columns": columns,
        "keep_totals": answer.keep_totals,
        "total_words": answer.total_words,
        "crs": answer.crs or reading.crs,
        "zone": answer.zone or reading.zone,
        "corrected": answer.corrected,
        "remarks": (*reading.remarks, *remarks),
        "years_as_columns": _melt(columns, reading, answer),
    }
    if answer.has_position is False:
        changes["position"] = None
    elif answer.position and {answer.position.east, answer.position.north} <= names:
        changes["position"] = answer.position
    elif reading.position and not {reading.position.east, reading.position.north} <= names:
        changes["position"] = _renamed(reading.position, reading.columns, columns)
    return msgspec.structs.replace(reading, **changes)


def _columns(reading: Reading, answer: Answer) -> tuple[tuple[ReadColumn, ...], list[Remark]]:
    left = list(answer.columns)
    columns: list[ReadColumn] = []
    remarks = []
    taken = {one.name for one in answer.columns}
    told = set(answer.known)
    for column in reading.columns:
        known = next((one for one in left if one.source == column.source), None)
        if known is None:
            if column.keep and told and column.source not in told:
                remarks.append(remark("new_column", column=column.source or column.title))
            fresh = distinct([*taken, column.name])[-1]
            taken.add(fresh)
            columns.append(msgspec.structs.replace(column, name=fresh))
            continue
        left.remove(known)
        columns.append(_decided(column, known, answer))
    remarks += [remark("column_gone", column=one.source) for one in left if one.keep and one.source in told]
    return tuple(columns), remarks


def _decided(column: ReadColumn, known: ColumnAnswer, answer: Answer) -> ReadColumn:
    """The pattern follows this delivery where its type is the agreed one, as a program's settings may have changed."""
    is_said = f"columns.{known.name}.pattern" in answer.corrected
    follows = column.type is known.type and not is_said
    # A delivery without fractions, or without any value, is no new type.
    if (
        known.type is ColumnType.NUMBER
        and column.type is ColumnType.INTEGER
        and not is_said
        and column.pattern
    ):
        follows = True
    return msgspec.structs.replace(
        column,
        name=known.name,
        title=known.title,
        type=known.type,
        unit=known.unit,
        role=known.role,
        keep=known.keep,
        pattern=column.pattern if follows else known.pattern,
        certainty=column.certainty if follows else 1.0,
        remark=column.remark if follows else None,
    )


def _melt(columns: tuple[ReadColumn, ...], reading: Reading, answer: Answer) -> Melt | None:
    if answer.melts is None:
        melt = reading.years_as_columns
        if melt is None:
            return None
        kept = {old.name: new.name for old, new in zip(reading.columns, columns, strict=True) if new.keep}
        if not set(melt.columns) <= set(kept):
            return None
        return msgspec.structs.replace(melt, columns=tuple(kept[name] for name in melt.columns))
    if not answer.melts:
        return None
    years = years_of([column.source for column in columns])
    chosen = [
        at for at in years if columns[at].keep and columns[at].type in {ColumnType.NUMBER, ColumnType.INTEGER}
    ]
    if not chosen:
        return None
    name, value = answer.melt_names or ("jahr", "wert")
    return Melt(
        columns=tuple(columns[at].name for at in chosen),
        labels=tuple(years[at][0] for at in chosen),
        name=name,
        value=value,
    )


def _renamed(
    position: Position, before: tuple[ReadColumn, ...], after: tuple[ReadColumn, ...]
) -> Position | None:
    names = {old.name: new.name for old, new in zip(before, after, strict=True) if new.keep}
    if position.east in names and position.north in names:
        return msgspec.structs.replace(position, east=names[position.east], north=names[position.north])
    return None
