"""The order of a collection: `$orderby`, then the default order, so that every order is total."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.filters import operand
from stadt.hub.sta.compiler.operands import Operand
from stadt.hub.sta.compiler.scopes import Scope
from stadt.hub.sta.model import EntityType, Key, Type
from stadt.hub.sta.syntax.nodes import OrderItem
from stadt.hub.sta.syntax.problems import BadQuery
from stadt.hub.sta.syntax.writing import write_moment

MOST_ITEMS = 10
# PostgreSQL counts microseconds from here.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Order:
    """ORDER BY of a collection. With `keys` (and one direction) the next page continues behind a row's keys."""

    sql: str
    keys: tuple[Key, ...] = ()
    descending: bool = False

    def columns(self, alias: str) -> list[str]:
        """The keys of a row, for the link to the next page."""
        return [key.sql.format(t=alias) for key in self.keys]

    def behind(self, context: Context, alias: str, token: tuple[str, ...]) -> str:
        """The condition that a row comes behind the one the token was made from."""
        columns = ", ".join(key.sql.format(t=alias) for key in self.keys)
        values = ", ".join(
            context.values.bind(text, key.cast) for key, text in zip(self.keys, token, strict=True)
        )
        return f"({columns}) {'<' if self.descending else '>'} ({values})"


def key_text(key: Key, value: bytes) -> str:
    """A key as text, from PostgreSQL's binary form: only the last row of a page is ever asked."""
    number = int.from_bytes(value, "big", signed=True)
    return write_moment(EPOCH + timedelta(microseconds=number)) if key.cast == "timestamptz" else str(number)


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
    found = [operand(Scope.of(context, entity, alias), item.expression) for item in items]
    directions = {item.descending for item in items}
    wanted = [key.sql.format(t=alias) for key in default]
    if len(directions) <= 1 and [item.sql for item in found] == wanted[: len(found)]:
        descending = True in directions
        sql = ", ".join(f"{column} DESC" if descending else column for column in wanted)
        return Order(sql, default, descending)
    parts = [_part(value, item.descending) for value, item in zip(found, items, strict=True)]
    return Order(", ".join([*parts, *wanted]))


def _part(found: Operand, descending: bool) -> str:
    if found.type in {Type.GEOMETRY, None}:
        raise BadQuery(found.position, "this value has no order")
    sql = f'{found.sql} COLLATE "C"' if found.type is Type.TEXT else found.sql
    if found.type is Type.JSON:
        sql = f"nullif({sql}, 'null'::jsonb)"
    if found.is_nullable:
        return f"{sql} DESC NULLS LAST" if descending else f"{sql} ASC NULLS FIRST"
    return f"{sql} DESC" if descending else sql
