"""The order of a collection: `$orderby`, then the default order, so that every order is total; and how pages follow.

A page ends with a token that holds the keys of its last row; the next page is what comes behind them. What is stored or
deleted meanwhile neither shifts nor doubles a row.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.filters import operand
from stadt.hub.sta.compiler.operands import POSTGRESQL, Operand, noun_of
from stadt.hub.sta.compiler.scopes import Scope
from stadt.hub.sta.model import EntityType, Key, Type
from stadt.hub.sta.syntax.nodes import OrderItem
from stadt.hub.sta.syntax.problems import BadQuery
from stadt.hub.sta.syntax.writing import write_moment

MOST_ITEMS = 10
# PostgreSQL counts microseconds from here.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# Longer keys would make links that are refused; such a page is continued after a number of rows.
LONGEST_TOKEN = 3_000
BIGINT = 2**63

Token = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One key of an order: its SQL, PostgreSQL's type, and where null stands: first, and last in descending order."""

    sql: str
    cast: str
    descending: bool = False
    is_nullable: bool = False

    @property
    def ordered(self) -> str:
        """The key in ORDER BY."""
        if self.is_nullable:
            return f"{self.sql} DESC NULLS LAST" if self.descending else f"{self.sql} ASC NULLS FIRST"
        return f"{self.sql} DESC" if self.descending else self.sql

    def same(self, value: str | None) -> str:
        """That a row has this key; `value` is a placeholder."""
        return f"{self.sql} IS NULL" if value is None else f"{self.sql} = {value}"

    def behind(self, value: str | None) -> str:
        """That a row's key comes behind this one."""
        if value is None:
            return "false" if self.descending else f"{self.sql} IS NOT NULL"
        if not self.descending:
            return f"{self.sql} > {value}"
        return (
            f"({self.sql} < {value} OR {self.sql} IS NULL)" if self.is_nullable else f"{self.sql} < {value}"
        )


@dataclass(frozen=True, slots=True)
class Order:
    """ORDER BY of a collection. `is_plain`: its keys are columns in one direction, none ever null."""

    parts: tuple[Part, ...]
    is_plain: bool

    @property
    def sql(self) -> str:
        return ", ".join(part.ordered for part in self.parts)

    @property
    def descending(self) -> bool:
        """Of a plain order."""
        return self.parts[0].descending

    @property
    def columns(self) -> list[str]:
        """The keys of a row: plain ones as they are, others as text."""
        return [part.sql if self.is_plain else f"({part.sql})::text" for part in self.parts]

    @property
    def document(self) -> str:
        """The keys of a row as the text of a JSON list, for tokens made in SQL."""
        keys = ", ".join(f"({part.sql})::text" for part in self.parts)
        return f"jsonb_build_array({keys})::text"

    def behind(self, context: Context, token: Token) -> str:
        """The condition that a row comes behind the one the token was made from."""
        values = [
            None if text is None else context.values.bind(text, part.cast)
            for part, text in zip(self.parts, token, strict=True)
        ]
        if self.is_plain:
            columns = ", ".join(part.sql for part in self.parts)
            return (
                f"({columns}) {'<' if self.descending else '>'} ({', '.join(str(value) for value in values)})"
            )
        found = ""
        for part, value in zip(reversed(self.parts), reversed(values), strict=True):
            found = (
                f"({part.behind(value)} OR ({part.same(value)} AND {found}))" if found else part.behind(value)
            )
        return found


def key_text(part: Part, value: bytes | None, *, is_plain: bool) -> str | None:
    """A key as text, from PostgreSQL's binary form: only the last row of a page is ever asked."""
    if value is None:
        return None
    if not is_plain:
        return value.decode()
    number = int.from_bytes(value, "big", signed=True)
    return write_moment(EPOCH + timedelta(microseconds=number)) if part.cast == "timestamptz" else str(number)


def write_token(keys: Token) -> str | None:
    """Keys as a token; None when it would be too long for an address."""
    document = json.dumps(keys, ensure_ascii=False, separators=(",", ":")).encode()
    if len(document) > LONGEST_TOKEN:
        return None
    return urlsafe_b64encode(document).decode().rstrip("=")


def token_in_sql(document: str) -> str:
    """As `write_token` in SQL, from the text of a JSON list."""
    return f"translate(encode(convert_to({document}, 'UTF8'), 'base64'), E'+/=\\n', '-_')"


def read_token(order: Order, text: str) -> Token:
    """The keys in a `$skiptoken` of this service.

    Raises:
        BadQuery: it was made for another order, or by somebody else.
    """
    wrong = BadQuery(1, "this is no token of this service for this order", "$skiptoken")
    try:
        keys = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(keys, list) or len(keys) != len(order.parts):
        raise wrong
    for key, part in zip(keys, order.parts, strict=True):
        if key is None and part.is_nullable:
            continue
        try:
            is_right = isinstance(key, str) and "\0" not in key and READ_AS[part.cast](key)
        except (ValueError, ArithmeticError, RecursionError):
            is_right = False
        if not is_right:
            raise wrong
    return tuple(keys)


def _is_json(text: str) -> bool:
    json.loads(text, parse_constant=_refuse)
    return "\\u0000" not in text


def _refuse(text: str) -> Any:
    raise ValueError(text)


NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
READ_AS: dict[str, Callable[[str], Any]] = {
    "bigint": lambda text: text.isascii() and -BIGINT <= int(text) < BIGINT,
    "timestamptz": lambda text: datetime.fromisoformat(text).tzinfo is not None,
    "time": lambda text: time.fromisoformat(text) is not None,
    "numeric": lambda text: NUMBER.fullmatch(text) and Decimal(text).is_finite(),
    "boolean": lambda text: text in {"true", "false"},
    "jsonb": _is_json,
    "text": lambda text: bool(text.encode()) or True,
}


def order_of(
    context: Context, entity: EntityType, alias: str, items: tuple[OrderItem, ...], default: tuple[Key, ...]
) -> Order:
    """The order of a collection; `default` are the columns that make it total.

    Null comes before everything else, as OData has it (4.01, 11.2.6.2); text is ordered by code points.

    Raises:
        BadQuery: too many items, or values that have no order.
    """
    if len(items) > MOST_ITEMS:
        raise BadQuery(
            items[MOST_ITEMS].expression.position, f"at most {MOST_ITEMS} properties can give the order"
        )
    scope = Scope.of(context, entity, alias)
    found = [operand(scope, item.expression) for item in items]
    directions = {item.descending for item in items}
    wanted = [key.sql.format(t=alias) for key in default]
    if len(directions) <= 1 and [item.sql for item in found] == wanted[: len(found)]:
        descending = True in directions
        return Order(
            tuple(Part(key.sql.format(t=alias), key.cast, descending) for key in default), is_plain=True
        )
    parts = [_part(value, item.descending) for value, item in zip(found, items, strict=True)]
    parts += [Part(key.sql.format(t=alias), key.cast) for key in default]
    return Order(tuple(parts), is_plain=False)


def _part(found: Operand, descending: bool) -> Part:
    if found.type is None or not found.sql:
        raise BadQuery(found.position, f"{noun_of(found.type)} has no order")
    if found.type is Type.GEOMETRY:
        # No geometry comes before another: its text is an order that stays the same.
        return Part(f'(({found.sql})::text COLLATE "C")', "text", descending, is_nullable=True)
    sql = f'({found.sql} COLLATE "C")' if found.type is Type.TEXT else found.sql
    if found.type is Type.JSON:
        sql = f"nullif({sql}, 'null'::jsonb)"
    return Part(sql, POSTGRESQL[found.type], descending, found.is_nullable or found.type is Type.JSON)
