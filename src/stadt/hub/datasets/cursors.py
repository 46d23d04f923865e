"""A cursor says where the next page begins: in which snapshot, of which question, behind which row."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from django.utils.translation import gettext

from stadt.hub.datasets.conditions import refused, value_of
from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.datasets.selection import Ordering

LONGEST = 4_000
LARGEST_NUMBER = 2**31 - 1


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """`number` of the snapshot, a digest of the question, the count of all rows that fit, and the last row told:
    its position and the values it was sorted by, as texts. For groups `position` is how many were told."""

    number: int
    question: str
    total: int
    position: int
    keys: tuple[str | None, ...] = ()


def digest_of(*question: Any) -> str:
    """A question's digest: what is asked for, without where to begin and how much at once."""
    return hashlib.sha256(msgspec.json.encode(question)).hexdigest()[:16]


def write_cursor(cursor: Cursor) -> str:
    """The cursor as it stands in an address."""
    return urlsafe_b64encode(msgspec.json.encode(cursor)).rstrip(b"=").decode()


def read_cursor(text: str) -> Cursor:
    """Raises Invalid."""
    try:
        if len(text) > LONGEST:
            raise ValueError(text)
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        cursor = msgspec.json.decode(raw, type=Cursor)
        if not (1 <= cursor.number <= LARGEST_NUMBER and 0 <= cursor.position < 2**63 and cursor.total >= 0):
            raise ValueError(text)
    except (ValueError, msgspec.MsgspecError):
        raise refused("cursor", gettext("ist kein Lesezeichen dieser Schnittstelle")) from None
    return cursor


def keys_of(values: Sequence[Any]) -> tuple[str | None, ...]:
    """Values of the columns sorted by, as a cursor keeps them."""
    return tuple(_text(value) for value in values)


def _text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case datetime() | date():
            return value.isoformat()
    return str(value)


def rows_behind(sort: Sequence[Ordering], cursor: Cursor, position: str) -> tuple[str, list[Any]]:
    """SQL for "stands behind the cursor's row" with its values; `position` names the column of positions.

    Raises:
        Invalid: the cursor's values do not fit the columns sorted by.
    """
    if len(cursor.keys) != len(sort):
        raise refused("cursor", gettext("gehört zu einer anderen Frage"))
    alternatives: list[str] = []
    values: list[Any] = []
    equal: list[str] = []
    equal_values: list[Any] = []
    for item, text in zip(sort, cursor.keys, strict=True):
        name = item.sql.rsplit(" ", 3)[0]
        if text is None:  # missing values stand last: nothing behind them but their equals
            equal.append(f"{name} IS NULL")
            continue
        value = _read(item.column.type, text)
        behind = f"({name} {'<' if item.descending else '>'} ? OR {name} IS NULL)"
        alternatives.append(" AND ".join([*equal, behind]))
        values += [*equal_values, value]
        equal.append(f"{name} = ?")
        equal_values.append(value)
    alternatives.append(" AND ".join([*equal, f"{position} > ?"]))
    values += [*equal_values, cursor.position]
    return "(" + " OR ".join(f"({item})" for item in alternatives) + ")", values


def _read(column_type: ColumnType, text: str) -> Any:
    try:
        return float(text) if column_type is ColumnType.NUMBER else value_of(column_type, text)
    except (ValueError, OverflowError):
        raise refused("cursor", gettext("gehört zu einer anderen Frage")) from None
