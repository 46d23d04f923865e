"""How text becomes values, in SQL: an expression for each column, NULL where the text does not fit."""

from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake.reading import ReadColumn, Reading
from stadt.hub.intake.values import (
    FORM_OF,
    MISSING,
    TRUTHS,
    WITH_CLOCK,
    WITH_ZONE,
    NumberForm,
    month_words,
    number_expression,
    number_form,
)
from stadt.hub.lake.engine import literal

SQL_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.GEOMETRY: "GEOMETRY",
}
BLANKS = "' ' || chr(9) || chr(13) || chr(160) || chr(8239)"
CLOCKS = (" %H:%M", " %H:%M:%S", " %H:%M:%S.%f")


def cleaned(column: ReadColumn, reading: Reading) -> str:
    """The column's text without blanks around it; NULL where it is empty or a word for a missing value."""
    raw = f"c{column.at}"
    if column.native and column.type is not ColumnType.TEXT:
        return raw
    text = f"trim({raw}, {BLANKS})"
    words = set(reading.missing_words)
    if column.type is ColumnType.TEXT:
        words &= MISSING | {word for word in words if f"missing:{word}" in reading.corrected}
    missing = ", ".join(literal(word) for word in ("", *sorted(words)))
    return f"CASE WHEN {text} IN ({missing}) THEN NULL ELSE {text} END"


def cast(column: ReadColumn, text: str, crs: str = "") -> str:
    """An expression of the column's type over `text`, an expression of cleaned text.

    Times are local, without zone (`moments.py` gives them one), unless the pattern says that a zone stands there.
    """
    match column.type:
        case ColumnType.TEXT:
            return _text(column, text)
        case ColumnType.NUMBER | ColumnType.INTEGER:
            return _number(column, text)
        case ColumnType.BOOLEAN:
            return _truth(column, text)
        case ColumnType.DATE | ColumnType.TIME:
            return _moment(column, text)
        case ColumnType.GEOMETRY:
            return _geometry(column, text, crs)


def _text(column: ReadColumn, text: str) -> str:
    if column.native:
        return f"{text}::VARCHAR"
    if column.pattern and set(column.pattern) == {"0"}:
        return f"lpad({text}, greatest({len(column.pattern)}, length({text}))::INTEGER, '0')"
    return text


def _number(column: ReadColumn, text: str) -> str:
    kind = SQL_TYPES[column.type]
    if column.native:
        # Not a number and infinity are how pandas and Parquet write a missing value, and no form of download takes them.
        value = f"TRY_CAST({text} AS {kind})"
        return f"CASE WHEN isfinite({value}) THEN {value} END" if column.type is ColumnType.NUMBER else value
    form = number_form(column.pattern) or NumberForm(".", "")
    plain = f"replace({text}, '−', '-')"
    if form.suffix:
        plain = f"rtrim(replace({plain}, {literal(form.suffix)}, ''), {BLANKS})"
    if form.thousands == " ":
        plain = f"replace(replace({plain}, chr(160), ' '), chr(8239), ' ')"
    # A column of whole numbers that a person calls numbers has no fraction in its pattern yet.
    decimal = form.decimal or (
        "" if column.type is ColumnType.INTEGER else "," if form.thousands == "." else "."
    )
    number = plain
    if form.thousands:
        number = f"replace({number}, {literal(form.thousands)}, '')"
    if decimal == ",":
        number = f"replace({number}, ',', '.')"
    expression = literal(number_expression(decimal, form.thousands))
    cast_to = f"TRY_CAST({number} AS {kind})"
    if column.type is ColumnType.INTEGER and decimal:
        amount = f"TRY_CAST({number} AS DOUBLE)"
        cast_to = f"CASE WHEN {amount} = trunc({amount}) THEN TRY_CAST({amount} AS BIGINT) END"
    guard = f" AND isfinite(TRY_CAST({number} AS DOUBLE))" if column.type is ColumnType.NUMBER else ""
    return f"CASE WHEN regexp_full_match({plain}, {expression}){guard} THEN {cast_to} END"


def _truth(column: ReadColumn, text: str) -> str:
    if column.native:
        return f"TRY_CAST({text} AS BOOLEAN)"
    yes, no = TRUTHS.get(column.pattern, TRUTHS["ja/nein"])
    said = f"lower({text})"
    words = [", ".join(literal(word) for word in sorted(words)) for words in (yes, no)]
    return f"CASE WHEN {said} IN ({words[0]}) THEN true WHEN {said} IN ({words[1]}) THEN false END"


def _moment(column: ReadColumn, text: str) -> str:
    kind = SQL_TYPES[column.type]
    if column.native:
        return f"TRY_CAST({text} AS {kind})"
    pattern = column.pattern or ("JJJJ-MM-TT" + (WITH_CLOCK if column.type is ColumnType.TIME else ""))
    base = pattern.removesuffix(WITH_ZONE).removesuffix(WITH_CLOCK)
    form = FORM_OF.get(base, FORM_OF["JJJJ-MM-TT"])
    plain = text
    if "Monat" in base:
        plain = f"lower({plain})"
        for word, number in month_words():
            plain = f"replace({plain}, {literal(word)}, {literal(f'.{number}.')})"
        plain = rf"ltrim(regexp_replace(regexp_replace({plain}, '\s+', '', 'g'), '\.+', '.', 'g'), '.')"
        plain = plain if form.has_day else f"'1.' || {plain}"
    if WITH_CLOCK not in pattern:
        parsed = f"try_strptime({plain}, {literal(form.format)})"
        # A year of three digits or fewer is a slip of the pen, and DuckDB would take it.
        return f"CASE WHEN year({parsed}) BETWEEN 1000 AND 2999 THEN {parsed}::{kind} END"
    plain = rf"regexp_replace(replace({plain}, 'T', ' '), '\s*,?\s+', ' ')" if "Monat" not in base else plain
    plain = rf"regexp_replace({plain}, '\s*Uhr$', '')"
    if WITH_ZONE in pattern:
        return _with_zone(plain, form.format)
    formats = ", ".join(literal(form.format + clock) for clock in CLOCKS)
    late = f"contains({plain}, ' 24:00')"
    return (
        f"CASE WHEN {late} THEN try_strptime(replace({plain}, ' 24:00', ' 00:00'), [{formats}]) + INTERVAL 1 DAY "
        f"ELSE try_strptime({plain}, [{formats}]) END"
    )


def _with_zone(plain: str, day: str) -> str:
    """Moments with their own zone, as UTC without zone."""
    formats = ", ".join(literal(day + clock + "%z") for clock in CLOCKS)
    offset = rf"regexp_replace(regexp_replace({plain}, '\s*Z$', '+00'), '\s*([+-]\d\d):?(\d\d)?$', '\1:\2')"
    offset = rf"regexp_replace({offset}, '([+-]\d\d):$', '\1:00')"
    return f"(try_strptime({offset}, [{formats}]) AT TIME ZONE 'UTC')"


def _geometry(column: ReadColumn, text: str, crs: str) -> str:
    if column.pattern == "GeoJSON":
        shape = f"TRY(ST_GeomFromGeoJSON({text}))"
    elif column.pattern == "WKB":
        shape = f"TRY(ST_GeomFromWKB({text}))"
    elif column.native:
        shape = text
    else:
        shape = rf"TRY(ST_GeomFromText(regexp_replace({text}, '^\s*SRID=\d+;\s*', '')))"
    return on_earth(transformed(f"ST_Force2D({shape})", crs))


def on_earth(shape: str) -> str:
    """A geometry in WGS 84; NULL where it leaves the Earth, as metres taken for degrees do."""
    sides = ("ST_XMin({0}) >= -180.0001", "ST_XMax({0}) <= 180.0001", "ST_YMin({0}) >= -90.0001", "ST_YMax({0}) <= 90.0001")  # fmt: skip
    return f"CASE WHEN {' AND '.join(side.format(shape) for side in sides)} OR ST_IsEmpty({shape}) THEN {shape} END"


def transformed(shape: str, crs: str) -> str:
    """A geometry in WGS 84, longitude before latitude."""
    if not crs or crs in {"EPSG:4326", "OGC:CRS84"}:
        return shape
    return f"TRY(ST_Transform({shape}, {literal(crs)}, 'EPSG:4326', always_xy := true))"
