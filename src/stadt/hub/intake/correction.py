"""A person's word about a reading: checked, taken, and kept for the next delivery."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import available_timezones

import msgspec
from django.utils.translation import gettext as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from stadt.core.errors import FieldError, Invalid
from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake.answers import Answer, ColumnAnswer
from stadt.hub.intake.headings import UNSEEN, years_of
from stadt.hub.intake.reading import Melt, Position, ReadColumn, Reading, Role
from stadt.hub.intake.scan import ENCODINGS
from stadt.hub.intake.staging import understood
from stadt.hub.intake.values import FORM_OF, TRUTHS, WITH_CLOCK, WITH_ZONE, number_form
from stadt.hub.lake.reading import reader

# Changes that move rows or cells: the file has to be looked at again, with `answer_of` the corrected reading.
STRUCTURAL: Final = frozenset(
    {
        "encoding",
        "delimiter",
        "quote",
        "sheet",
        "layer",
        "member",
        "skipped_rows",
        "header_rows",
        "footer_rows",
        "decimal",
        "missing_words",
    }
)
_SIMPLE: Final = frozenset({"keep_totals", "total_words", "crs", "zone"})
_COLUMN_FIELDS: Final = frozenset({"name", "title", "type", "unit", "pattern", "role", "keep"})
_GEOMETRY_PATTERNS: Final = frozenset({"", "WKT", "GeoJSON", "WKB"})
# By its code only: PROJ takes other texts too, among them such as name files of the server.
_AUTHORITY: Final = re.compile(r"[A-Za-z]{2,10}:[0-9A-Za-z]{1,12}\Z")
NAME_LENGTH = 60
MOST_LABELS, LONGEST_LABEL = 100, 200


def is_structural(changes: Mapping[str, Any]) -> bool:
    """Whether the file must be recognised again for the changes to show."""
    return bool(STRUCTURAL & changes.keys())


def correct(reading: Reading, changes: Mapping[str, Any]) -> Reading:
    """The reading with a person's changes.

    Args:
        reading: as it is.
        changes: fields of `Reading` that may be changed: those of STRUCTURAL, `keep_totals`, `total_words`, `crs`, `zone`,
            `years_as_columns` (true, false or `{"name", "value"}`), `position` (null or `{"east", "north", "crs"}`), and
            `columns`: `{name: {"name"|"title"|"type"|"unit"|"pattern"|"role"|"keep": …}}`.

    Raises:
        Invalid: naming each field that cannot be so; then nothing is changed.
    """
    wrong: list[FieldError] = []
    new: dict[str, Any] = {}
    for field, value in changes.items():
        if field in STRUCTURAL or field in _SIMPLE:
            new[field] = _checked(field, value, wrong)
        elif field not in {"columns", "years_as_columns", "position"}:
            wrong.append(FieldError(field, _("Dieses Feld kann nicht geändert werden.")))
    columns, renamed = _columns(reading, changes.get("columns") or {}, wrong)
    new["columns"] = columns
    new["position"] = _position(reading, columns, renamed, changes, wrong)
    new["years_as_columns"] = _melt(reading, columns, renamed, changes, wrong)
    if wrong:
        raise Invalid(_("Die Korrektur passt nicht zur Datei."), fields=tuple(wrong))
    new["corrected"] = tuple(sorted({*reading.corrected, *_names_of(changes)}))
    changed = msgspec.structs.replace(reading, **new)
    with reader(()) as lake:
        return understood(lake, changed)


def answer_of(reading: Reading) -> dict[str, Any]:
    """What is kept for the next delivery: its columns, and what a person decided about lines and cells."""
    said = set(reading.corrected)
    structure = {
        name: getattr(reading, name)
        for name in (
            "encoding",
            "delimiter",
            "quote",
            "decimal",
            "skipped_rows",
            "header_rows",
            "footer_rows",
            "crs",
            "zone",
        )
        if name in said
    }
    melt = reading.years_as_columns
    answer = Answer(
        member=reading.member if "member" in said else "",
        sheet=reading.sheet if "sheet" in said else "",
        layer=reading.layer if "layer" in said else "",
        keep_totals=reading.keep_totals,
        total_words=reading.total_words,
        missing_words=reading.missing_words if "missing_words" in said else (),
        melts=melt is not None,
        melt_names=(melt.name, melt.value) if melt else None,
        position=reading.position,
        has_position=reading.position is not None,
        columns=tuple(
            ColumnAnswer(
                source=column.source,
                name=column.name,
                title=column.title,
                type=column.type,
                unit=column.unit,
                pattern=column.pattern,
                role=column.role,
                keep=column.keep,
            )
            for column in reading.columns
        ),
        known=tuple(column.source for column in reading.columns if column.source),
        corrected=reading.corrected,
        **structure,
    )
    plain: dict[str, Any] = msgspec.to_builtins(answer)
    return plain


def _names_of(changes: Mapping[str, Any]) -> set[str]:
    names = set(changes) - {"columns"}
    for name, fields in (changes.get("columns") or {}).items():
        names |= {f"columns.{fields.get('name', name)}.{field}" for field in fields}
    if "missing_words" in changes:
        names |= {f"missing:{word}" for word in changes["missing_words"]}
    return names


def _checked(field: str, value: Any, wrong: list[FieldError]) -> Any:
    """The value of a field about lines and cells, or a note of what is wrong with it."""
    match field:
        case "skipped_rows" | "header_rows" | "footer_rows":
            if not (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1000):
                wrong.append(FieldError(field, _("Hier muss eine Zahl von 0 bis 1000 stehen.")))
        case "missing_words":
            if isinstance(value, Sequence) and not isinstance(value, str) and all(map(_is_word, value)):
                return tuple(value)
            wrong.append(FieldError(field, _("Hier muss eine Liste kurzer Wörter stehen.")))
        case "total_words":
            return _labels(field, value, wrong)
        case "keep_totals" if not isinstance(value, bool):
            wrong.append(FieldError(field, _("Hier geht nur ja oder nein.")))
        case "crs":
            _check_crs(field, value, wrong)
        case "sheet" | "layer" | "member" if not (isinstance(value, str) and len(value) <= 255):
            wrong.append(FieldError(field, _("Hier muss ein Name stehen.")))
        case "encoding" | "delimiter" | "quote" | "decimal" | "zone":
            _check_sign(field, value, wrong)
    return value


def _is_word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 60


def _labels(field: str, value: Any, wrong: list[FieldError]) -> Any:
    """What stands in the rows of sums: a hundred texts at most, each once, without blanks around."""
    is_list = isinstance(value, Sequence) and not isinstance(value, str) and len(value) <= MOST_LABELS
    if is_list and all(isinstance(one, str) and 0 < len(one.strip()) <= LONGEST_LABEL for one in value):
        return tuple(dict.fromkeys(one.strip() for one in value))
    wrong.append(FieldError(field, _("Hier gehen bis zu 100 Zeilen mit je höchstens 200 Zeichen.")))
    return value


def _check_sign(field: str, value: Any, wrong: list[FieldError]) -> None:
    match field:
        case "encoding" if value not in ENCODINGS:
            wrong.append(FieldError(field, _("Diese Zeichenkodierung gibt es hier nicht.")))
        case "delimiter" if not (isinstance(value, str) and len(value) == 1 and value not in '"\n\r'):
            wrong.append(FieldError(field, _("Das Trennzeichen muss ein einzelnes Zeichen sein.")))
        case "quote" if value not in {"", '"', "'"}:
            wrong.append(FieldError(field, _("Als Anführungszeichen gehen \" und ' oder keines.")))
        case "decimal" if value not in {",", "."}:
            wrong.append(FieldError(field, _("Das Dezimalzeichen ist Komma oder Punkt.")))
        case "zone" if value not in available_timezones():
            wrong.append(FieldError(field, _("Diese Zeitzone gibt es nicht.")))


def _check_crs(field: str, value: Any, wrong: list[FieldError]) -> None:
    try:
        if not isinstance(value, str) or not _AUTHORITY.match(value):
            raise CRSError(field)
        CRS.from_user_input(value)
    except CRSError:
        wrong.append(FieldError(field, _("Dieses Koordinatensystem ist nicht bekannt.")))


def _columns(
    reading: Reading, changes: Mapping[str, Mapping[str, Any]], wrong: list[FieldError]
) -> tuple[tuple[ReadColumn, ...], dict[str, str]]:
    known = {column.name for column in reading.columns}
    wrong += [
        FieldError(f"columns.{name}", _("Diese Spalte gibt es nicht."))
        for name in changes
        if name not in known
    ]
    columns = tuple(_column(column, changes.get(column.name) or {}, wrong) for column in reading.columns)
    names = [column.name for column in columns]
    twice = {name for name in names if names.count(name) > 1}
    wrong += [FieldError(f"columns.{name}.name", _("Zwei Spalten heißen gleich.")) for name in sorted(twice)]
    if sum(column.type is ColumnType.GEOMETRY for column in columns if column.keep) > 1:
        wrong.append(FieldError("columns", _("Es darf nur eine Spalte mit Geometrie geben.")))
    if not any(column.keep for column in columns):
        wrong.append(FieldError("columns", _("Mindestens eine Spalte muss bleiben.")))
    renamed = {old.name: new.name for old, new in zip(reading.columns, columns, strict=True)}
    return columns, renamed


def _column(column: ReadColumn, changes: Mapping[str, Any], wrong: list[FieldError]) -> ReadColumn:
    if not changes:
        return column
    place = f"columns.{column.name}"
    new: dict[str, Any] = {}
    for field, value in changes.items():
        if field not in _COLUMN_FIELDS:
            wrong.append(FieldError(f"{place}.{field}", _("Dieses Feld kann nicht geändert werden.")))
            continue
        try:
            new[field] = _converted(field, value)
        except ValueError as error:
            wrong.append(FieldError(f"{place}.{field}", str(error)))
    kind = new.get("type", column.type)
    if "type" in new and "pattern" not in new and kind is not column.type:
        new["pattern"] = _usual_pattern(column, kind)
    if not _fits(kind, new.get("pattern", column.pattern)) and not column.native:
        wrong.append(FieldError(f"{place}.pattern", _("Diese Schreibweise passt nicht zum Typ der Spalte.")))
    # What a person decided is certain.
    return msgspec.structs.replace(column, **new, certainty=1.0, remark=None)


def _converted(field: str, value: Any) -> Any:
    if field == "keep":
        if not isinstance(value, bool):
            raise ValueError(_("Hier geht nur ja oder nein."))
        return value
    if not isinstance(value, str) or len(value) > 200:
        raise ValueError(_("Hier muss ein kurzer Text stehen."))
    if UNSEEN.search(value):
        raise ValueError(_("Der Text enthält unsichtbare Zeichen."))
    match field:
        case "type":
            if value not in set(ColumnType):
                raise ValueError(_("Diesen Typ gibt es nicht."))
            return ColumnType(value)
        case "role":
            if value not in set(Role):
                raise ValueError(_("Diese Rolle gibt es nicht."))
            return Role(value)
        case "name":
            plain = value.isascii() and value.replace("_", "a").isalnum() and value == value.lower()
            if not plain or not value[0].isalpha() or len(value) > NAME_LENGTH:
                raise ValueError(
                    _(
                        "Der Name besteht aus Kleinbuchstaben, Ziffern und Unterstrichen und beginnt mit einem Buchstaben."
                    )
                )
    return value


def _usual_pattern(column: ReadColumn, kind: ColumnType) -> str:
    """The pattern of a type that a person chose without saying one: the one found, where it fits."""
    if _fits(kind, column.pattern) and column.pattern:
        return column.pattern
    match kind:
        case ColumnType.DATE:
            return (
                column.pattern.split(" hh")[0] if column.pattern.split(" hh")[0] in FORM_OF else "TT.MM.JJJJ"
            )
        case ColumnType.TIME:
            return (column.pattern if column.pattern in FORM_OF else "TT.MM.JJJJ") + WITH_CLOCK
        case ColumnType.NUMBER:
            return "1.234,5"
        case ColumnType.INTEGER:
            return "1234"
        case ColumnType.BOOLEAN:
            return "ja/nein"
        case ColumnType.GEOMETRY:
            return "WKT"
        case ColumnType.TEXT:
            return ""


def _fits(kind: ColumnType, pattern: str) -> bool:
    match kind:
        case ColumnType.NUMBER | ColumnType.INTEGER:
            return number_form(pattern) is not None
        case ColumnType.DATE:
            return pattern in FORM_OF
        case ColumnType.TIME:
            return (
                WITH_CLOCK in pattern and pattern.removesuffix(WITH_ZONE).removesuffix(WITH_CLOCK) in FORM_OF
            )
        case ColumnType.BOOLEAN:
            return pattern in TRUTHS
        case ColumnType.GEOMETRY:
            return pattern in _GEOMETRY_PATTERNS
        case ColumnType.TEXT:
            return not pattern or set(pattern) == {"0"}


def _position(
    reading: Reading,
    columns: tuple[ReadColumn, ...],
    renamed: Mapping[str, str],
    changes: Mapping[str, Any],
    wrong: list[FieldError],
) -> Position | None:
    amounts = {c.name for c in columns if c.keep and c.type in {ColumnType.NUMBER, ColumnType.INTEGER}}
    if "position" not in changes:
        old = reading.position
        if old is None or not {renamed[old.east], renamed[old.north]} <= amounts:
            return None
        return msgspec.structs.replace(old, east=renamed[old.east], north=renamed[old.north])
    said = changes["position"]
    if not said:
        return None
    try:
        position = msgspec.convert(said, Position)
    except msgspec.ValidationError:
        wrong.append(FieldError("position", _("Ein Ort braucht zwei Spalten: „east“ und „north“.")))
        return None
    wrong += [
        FieldError(f"position.{field}", _("Koordinaten brauchen eine Spalte mit Zahlen."))
        for field in ("east", "north")
        if getattr(position, field) not in amounts
    ]
    _check_crs("position.crs", position.crs, wrong)
    return position


def _melt(
    reading: Reading,
    columns: tuple[ReadColumn, ...],
    renamed: Mapping[str, str],
    changes: Mapping[str, Any],
    wrong: list[FieldError],
) -> Melt | None:
    kept = {c.name for c in columns if c.keep and c.type in {ColumnType.NUMBER, ColumnType.INTEGER}}
    old = reading.years_as_columns
    said = changes.get("years_as_columns", old is not None)
    if not said:
        return None
    years = years_of([column.source for column in columns])
    chosen = [at for at in years if columns[at].name in kept]
    if old is not None and "years_as_columns" not in changes:
        chosen = [at for at in chosen if columns[at].name in {renamed[name] for name in old.columns}]
    if not chosen or len({years[at][0] for at in chosen}) != len(chosen):
        if "years_as_columns" in changes:
            wrong.append(
                FieldError(
                    "years_as_columns",
                    _("Es gibt keine Spalten mit Zahlen, deren Überschriften verschiedene Jahre nennen."),
                )
            )
        return None
    names = said if isinstance(said, Mapping) else {}
    return Melt(
        columns=tuple(columns[at].name for at in chosen),
        labels=tuple(years[at][0] for at in chosen),
        name=str(names.get("name") or (old.name if old else "jahr")),
        value=str(names.get("value") or (old.value if old else "wert")),
    )
