"""Values in expressions: literals and property paths, each with its type and its SQL."""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.joins import get_property, reachable
from stadt.hub.sta.compiler.scopes import Row, Scope
from stadt.hub.sta.entities import BY_NAME
from stadt.hub.sta.model import EntityType, Navigation, Property, Type
from stadt.hub.sta.syntax.lexer import Kind, Token
from stadt.hub.sta.syntax.literals import moment
from stadt.hub.sta.syntax.nodes import Interval, Literal, LiteralKind, Name, Reference
from stadt.hub.sta.syntax.problems import BadQuery

POSTGRESQL = {
    Type.ID: "bigint",
    Type.TEXT: "text",
    Type.NUMBER: "numeric",
    Type.BOOLEAN: "boolean",
    Type.TIME: "timestamptz",
    Type.CLOCK: "time",
    Type.DURATION: "numeric",
    Type.INTERVAL: "timestamptz",
    Type.JSON: "jsonb",
    Type.GEOMETRY: "jsonb",
}
NUMBERS = frozenset({Type.NUMBER, Type.ID})
TIMES = frozenset({Type.TIME, Type.INTERVAL})


@dataclass(frozen=True, slots=True)
class Holder:
    """Where a geometry is kept: the property of an entity type, and SQL of the entity's id."""

    entity: EntityType
    found: Property
    id_sql: str


@dataclass(frozen=True, slots=True)
class Operand:
    """A value: `sql` of the type's PostgreSQL type; `end` of an interval; `number` as in `model.Property`.

    `column` is what `sql` is wherever it is not null, in a form that an index can answer.
    """

    position: int
    type: Type | None  # None: the literal null
    sql: str
    end: str = ""
    number: str = ""
    is_nullable: bool = True
    text: str | None = None  # a literal text, which may be meant as a time, or a literal geometry
    holder: Holder | None = None  # of a geometry
    column: str = ""


def of_literal(context: Context, node: Literal) -> Operand:
    """The operand of a constant."""
    values, value = context.values, node.value

    def constant(kind: Type, sql: str, end: str = "", text: str | None = None) -> Operand:
        return Operand(node.position, kind, sql, end=end, text=text, is_nullable=False)

    match node.kind:
        case LiteralKind.NULL:
            return Operand(node.position, None, "NULL")
        case LiteralKind.BOOLEAN:
            return constant(Type.BOOLEAN, "true::boolean" if value else "false::boolean")
        case LiteralKind.NUMBER:
            assert isinstance(value, int | float)  # noqa: S101 - by the reader
            return constant(Type.NUMBER, values.number(value))
        case LiteralKind.TEXT:
            return constant(Type.TEXT, values.bind(str(value), "text"), text=str(value))
        case LiteralKind.TIME:
            return constant(Type.TIME, values.bind(value, "timestamptz"))
        case LiteralKind.CLOCK:
            return constant(Type.CLOCK, values.bind(value, "time"))
        case LiteralKind.DURATION:
            assert isinstance(value, timedelta)  # noqa: S101 - by the reader
            return constant(Type.DURATION, values.bind(seconds(value), "numeric"))
        case LiteralKind.GEOGRAPHY:
            return constant(Type.GEOMETRY, "", text=str(value))
        case _:
            assert isinstance(value, Interval)  # noqa: S101 - by the reader
            start, end = values.bind(value.start, "timestamptz"), values.bind(value.end, "timestamptz")
            return constant(Type.INTERVAL, start, end)


def seconds(value: timedelta) -> Decimal:
    """The length of a duration in seconds, exactly."""
    return Decimal(value // timedelta(microseconds=1)).scaleb(-6)


def as_time(context: Context, operand: Operand) -> Operand:
    """A quoted time where a time is needed, as clients of version 1.0 write it."""
    if operand.text is None or operand.type is not Type.TEXT:
        return operand
    value = moment(Token(Kind.TIME, operand.text, operand.position))
    return replace(operand, type=Type.TIME, sql=context.values.bind(value, "timestamptz"), text=None)


def as_type(context: Context, found: Operand, wanted: Type) -> Operand:
    """A value where one of another type is needed: null and JSON as that type, an interval as its start.

    Raises:
        BadQuery: there is no such reading.
    """
    if found.type is None:
        return Operand(found.position, wanted, f"NULL::{POSTGRESQL[wanted]}")
    if found.type is Type.JSON:
        found = from_json(found, wanted)
    if wanted is Type.TIME:
        found = as_time(context, found)
        if found.type is Type.INTERVAL:
            found = replace(found, type=Type.TIME, end="")
    if found.type is wanted or {found.type, wanted} <= NUMBERS:
        return found
    raise BadQuery(found.position, f"expected {noun_of(wanted)}, found {noun_of(found.type)}")


def noun_of(kind: Type | None) -> str:
    """A type in a sentence."""
    nouns = {None: "null", Type.ID: "an id", Type.INTERVAL: "an interval", Type.JSON: "a JSON value"}
    return nouns.get(kind, f"a {kind.value}" if kind else "")


def from_json(found: Operand, wanted: Type | None) -> Operand:
    """A JSON value as another type; null where it is none of that type."""
    value = found.sql
    if wanted in NUMBERS:
        if found.number:
            return replace(found, type=Type.NUMBER, sql=found.number, number="")
        sql = f"(CASE WHEN jsonb_typeof({value}) = 'number' THEN ({value})::numeric END)"
        return replace(found, type=Type.NUMBER, sql=sql)
    text = f"(CASE WHEN jsonb_typeof({value}) = 'string' THEN {value} #>> '{{}}' END)"
    if wanted is Type.TEXT:
        return replace(found, type=Type.TEXT, sql=text, number="")
    if wanted in TIMES:
        return replace(found, type=Type.TIME, sql=f"sta_moment({text})", number="")
    if wanted is Type.BOOLEAN:
        sql = f"(CASE WHEN jsonb_typeof({value}) = 'boolean' THEN ({value})::boolean END)"
        return replace(found, type=Type.BOOLEAN, sql=sql, number="")
    return found


def of_reference(scope: Scope, reference: Reference) -> Operand:
    """The operand of a property path; it may pass through single entities and chosen members of collections.

    Raises:
        BadQuery: a name is unknown, or the path passes through a collection.
    """
    row, rest = scope.start(reference.names)
    if not rest:
        raise BadQuery(
            reference.position,
            f"'{reference}' is an entity; name one of its properties, such as {reference}/id",
        )
    return _from(scope.context, row, rest)


def _from(context: Context, row: Row, names: tuple[Name, ...]) -> Operand:
    first, *rest = names
    navigation = row.entity.navigation_by_name.get(first.text)
    if navigation is None:
        found = get_property(row.entity, first)
        return _inside(context, of_property(found, row, first.position), rest)
    if navigation.is_many:
        raise BadQuery(first.position, f"'{first.text}' is a collection and has no single value here")
    if not rest:
        raise BadQuery(
            first.position,
            f"'{first.text}' is an entity; name one of its properties, such as {first.text}/id",
        )
    return _through(context, navigation, row, tuple(rest))


def of_property(found: Property, row: Row, position: int) -> Operand:
    """The operand of a property of a row."""
    alias = row.alias
    is_geometry = found.type is Type.GEOMETRY
    return Operand(
        position,
        found.type,
        found.sql.format(t=alias),
        end=found.end.format(t=alias),
        number=found.number.format(t=alias),
        is_nullable=found.is_nullable,
        holder=Holder(row.entity, found, f"{alias}.id") if is_geometry else None,
    )


def _inside(context: Context, operand: Operand, names: list[Name]) -> Operand:
    """A member of a JSON value."""
    if not names:
        return operand
    if operand.type not in {Type.JSON, Type.GEOMETRY}:
        raise BadQuery(names[0].position, "only JSON values have members")
    path = context.values.bind([name.text for name in names], "text[]")
    return replace(
        operand, type=Type.JSON, sql=f"({operand.sql} #> {path})", number="", is_nullable=True, holder=None
    )


def _through(context: Context, navigation: Navigation, row: Row, rest: tuple[Name, ...]) -> Operand:
    """A property of the single entity that a navigation leads to; null where there is none, or none to be seen."""
    target = BY_NAME[navigation.target]
    position = rest[0].position
    if navigation.is_implied and len(rest) == 1 and rest[0].text in {"id", "@iot.id"}:
        near = navigation.near.format(s=row.alias)
        if not navigation.id_sql:
            return Operand(position, Type.ID, near)
        return Operand(position, Type.ID, navigation.id_sql.format(s=row.alias), column=near)
    inner = context.alias(position)
    found = _from(context, Row(target, inner), rest)
    condition = reachable(context, navigation, row.alias, inner)

    def related(sql: str) -> str:
        return f"(SELECT {sql} FROM {context.source(target, inner)} WHERE {condition})" if sql else ""

    holder = found.holder
    return replace(
        found,
        sql=related(found.sql),
        end=related(found.end),
        number=related(found.number),
        is_nullable=True,
        holder=replace(holder, id_sql=related(holder.id_sql)) if holder else None,
    )
