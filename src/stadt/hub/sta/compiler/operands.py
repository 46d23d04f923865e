"""Values in expressions: literals and property paths, each with its type and its SQL."""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from dataclasses import dataclass, replace

from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.joins import get_property, reachable
from stadt.hub.sta.entities import BY_NAME
from stadt.hub.sta.model import EntityType, Navigation, Property, Type
from stadt.hub.sta.syntax.lexer import Kind, Token
from stadt.hub.sta.syntax.literals import moment
from stadt.hub.sta.syntax.nodes import Interval, Literal, LiteralKind, Name, Reference
from stadt.hub.sta.syntax.problems import BadQuery, NotSupported


@dataclass(frozen=True, slots=True)
class Operand:
    """A value: `sql` of the type's PostgreSQL type; `end` of an interval; `number` as in `model.Property`."""

    position: int
    type: Type | None  # None: the literal null
    sql: str
    end: str = ""
    number: str = ""
    is_nullable: bool = True
    text: str | None = None  # a literal text, which may be meant as a time


def of_literal(context: Context, node: Literal) -> Operand:
    """The operand of a constant.

    Raises:
        NotSupported: durations and geographies belong to functions.
    """
    values, value = context.values, node.value
    match node.kind:
        case LiteralKind.NULL:
            return Operand(node.position, None, "NULL")
        case LiteralKind.BOOLEAN:
            return Operand(node.position, Type.BOOLEAN, "true" if value else "false", is_nullable=False)
        case LiteralKind.NUMBER:
            assert isinstance(value, int | float)  # noqa: S101 - by the reader
            return Operand(node.position, Type.NUMBER, values.number(value), is_nullable=False)
        case LiteralKind.TEXT:
            text = str(value)
            return Operand(node.position, Type.TEXT, values.bind(text, "text"), is_nullable=False, text=text)
        case LiteralKind.TIME:
            return Operand(node.position, Type.TIME, values.bind(value, "timestamptz"), is_nullable=False)
        case LiteralKind.INTERVAL:
            assert isinstance(value, Interval)  # noqa: S101 - by the reader
            start, end = values.bind(value.start, "timestamptz"), values.bind(value.end, "timestamptz")
            return Operand(node.position, Type.INTERVAL, start, end=end, is_nullable=False)
        case _:
            raise NotSupported(node.position, f"a {node.kind.value} cannot be used here")


def as_time(context: Context, operand: Operand) -> Operand:
    """A quoted time where a time is needed, as clients of version 1.0 write it."""
    if operand.text is None:
        return operand
    value = moment(Token(Kind.TIME, operand.text, operand.position))
    return replace(operand, type=Type.TIME, sql=context.values.bind(value, "timestamptz"), text=None)


def of_reference(context: Context, entity: EntityType, alias: str, reference: Reference) -> Operand:
    """The operand of a property path that starts at row `alias`; it may pass through single entities.

    Raises:
        BadQuery: a name is unknown.
        NotSupported: the path passes through a collection.
    """
    first, *rest = reference.names
    navigation = entity.navigation_by_name.get(first.text)
    if navigation is None:
        found = get_property(entity, first)
        return _inside(context, of_property(found, alias, first.position), rest)
    if navigation.is_many:
        raise NotSupported(
            first.position, f"'{first.text}' is a collection; a path leads through single entities only"
        )
    if not rest:
        raise BadQuery(
            first.position,
            f"'{first.text}' is an entity; name one of its properties, such as {first.text}/id",
        )
    return _through(context, navigation, alias, Reference(tuple(rest)))


def of_property(found: Property, alias: str, position: int) -> Operand:
    """The operand of a property of row `alias`."""
    return Operand(
        position,
        found.type,
        found.sql.format(t=alias),
        end=found.end.format(t=alias),
        number=found.number.format(t=alias),
        is_nullable=found.is_nullable,
    )


def _inside(context: Context, operand: Operand, names: list[Name]) -> Operand:
    """A member of a JSON value."""
    if not names:
        return operand
    if operand.type not in {Type.JSON, Type.GEOMETRY}:
        raise BadQuery(names[0].position, "only JSON values have members")
    path = context.values.bind([name.text for name in names], "text[]")
    return replace(operand, type=Type.JSON, sql=f"({operand.sql} #> {path})", number="", is_nullable=True)


def _through(context: Context, navigation: Navigation, alias: str, rest: Reference) -> Operand:
    """A property of the single entity that a navigation leads to; null where there is none, or none to be seen."""
    target = BY_NAME[navigation.target]
    if navigation.is_implied and len(rest.names) == 1 and rest.names[0].text in {"id", "@iot.id"}:
        return Operand(rest.position, Type.ID, navigation.near.format(s=alias))
    inner = context.alias(rest.position)
    found = of_reference(context, target, inner, rest)
    condition = reachable(context, navigation, alias, inner)

    def related(sql: str) -> str:
        return f"(SELECT {sql} FROM {context.source(target, inner)} WHERE {condition})" if sql else ""

    return replace(
        found, sql=related(found.sql), end=related(found.end), number=related(found.number), is_nullable=True
    )
