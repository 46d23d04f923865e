"""The functions of `$filter` and `$orderby` as data: parameters, result and SQL (18-088, 9.3.3.5.2).

Positions in texts count from 0. Dates and times of day are those of UTC, in which all times are kept. A function of null
is null. No function can fail in the database, whatever its arguments: an error would tell about rows out of sight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stadt.hub.sta.compiler.geometry import GEO, geo_call
from stadt.hub.sta.compiler.operands import Operand, as_time, as_type, from_json, noun_of
from stadt.hub.sta.compiler.scopes import Scope
from stadt.hub.sta.model import Type
from stadt.hub.sta.syntax.nodes import Call
from stadt.hub.sta.syntax.problems import BadQuery, unknown

TEXT, NUMBER, TIME, BOOLEAN = Type.TEXT, Type.NUMBER, Type.TIME, Type.BOOLEAN
# Upper and lower case as Unicode has them, whatever collation the database was made with.
UNICODE = 'COLLATE "pg_c_utf8") COLLATE "C"'
BLANKS = r"E' \t\n\r\f\v'"


@dataclass(frozen=True, slots=True)
class Function:
    """`sql` has `{0}`, `{1}`, … for the arguments; `optional` of the parameters may be left out."""

    parameters: tuple[Type, ...]
    result: Type
    sql: str
    optional: int = 0


def _index(argument: str) -> str:
    """A number as a position or length that PostgreSQL takes: whole, not negative, not too large."""
    return f"least(greatest(trunc({argument}::numeric), 0), 1e9)::int"


PLAIN: dict[str, Function] = {
    "substringof": Function((TEXT, TEXT), BOOLEAN, "(strpos({1}, {0}) > 0)"),
    "contains": Function((TEXT, TEXT), BOOLEAN, "(strpos({0}, {1}) > 0)"),
    "startswith": Function((TEXT, TEXT), BOOLEAN, "starts_with({0}, {1})"),
    "endswith": Function((TEXT, TEXT), BOOLEAN, "(right({0}, length({1})) = {1})"),
    "length": Function((TEXT,), NUMBER, "length({0})"),
    "indexof": Function((TEXT, TEXT), NUMBER, "(strpos({0}, {1}) - 1)"),
    "substring": Function(
        (TEXT, NUMBER, NUMBER),
        TEXT,
        f"substr({{0}}, {_index('{1}')} + 1, {_index('{2}')})",
        optional=1,
    ),
    "tolower": Function((TEXT,), TEXT, f"(lower({{0}} {UNICODE})"),
    "toupper": Function((TEXT,), TEXT, f"(upper({{0}} {UNICODE})"),
    "trim": Function((TEXT,), TEXT, f"btrim({{0}}, {BLANKS})"),
    "concat": Function((TEXT, TEXT), TEXT, "({0} || {1})"),
    "year": Function((TIME,), NUMBER, "extract(year FROM timezone('UTC', {0}))"),
    "month": Function((TIME,), NUMBER, "extract(month FROM timezone('UTC', {0}))"),
    "day": Function((TIME,), NUMBER, "extract(day FROM timezone('UTC', {0}))"),
    "hour": Function((TIME,), NUMBER, "extract(hour FROM timezone('UTC', {0}))"),
    "minute": Function((TIME,), NUMBER, "extract(minute FROM timezone('UTC', {0}))"),
    "second": Function((TIME,), NUMBER, "floor(extract(second FROM timezone('UTC', {0})))"),
    "fractionalseconds": Function((TIME,), NUMBER, "mod(extract(second FROM timezone('UTC', {0})), 1)"),
    "date": Function((TIME,), TIME, "date_trunc('day', {0}, 'UTC')"),
    "time": Function((TIME,), Type.CLOCK, "timezone('UTC', {0})::time"),
    "totaloffsetminutes": Function((TIME,), NUMBER, "(0 * extract(minute FROM {0}))"),
    "totalseconds": Function((Type.DURATION,), NUMBER, "{0}"),
    "now": Function((), TIME, "now()"),
    "mindatetime": Function((), TIME, "timestamptz '0001-01-01T00:00:00Z'"),
    "maxdatetime": Function((), TIME, "timestamptz '9999-12-31T23:59:59.999999Z'"),
    "round": Function((NUMBER,), NUMBER, "round({0}::numeric)"),
    "floor": Function((NUMBER,), NUMBER, "floor({0}::numeric)"),
    "ceiling": Function((NUMBER,), NUMBER, "ceiling({0}::numeric)"),
}
# The parts of a time of day are had from a time too.
OF_CLOCK = frozenset({"hour", "minute", "second", "fractionalseconds"})

# Start and end of both: {a} to {b}, and {c} to {d}. An instant ends where it begins, and ends belong to an interval.
TEMPORAL: dict[str, str] = {
    "before": "{b} < {c}",
    "after": "{a} > {d}",
    "meets": "({b} = {c} OR {a} = {d})",
    "during": "({a} >= {c} AND {b} <= {d} AND {a} <= {d})",
    "overlaps": "({a} <= {d} AND {b} >= {c})",
    "starts": "({a} = {c} AND {b} <= {d})",
    "finishes": "({b} = {d} AND {a} >= {c})",
}
FUNCTIONS: tuple[str, ...] = (*PLAIN, *TEMPORAL, *GEO)


def call(scope: Scope, node: Call, arguments: Sequence[Operand]) -> Operand:
    """The value of a function.

    Raises:
        BadQuery: there is no such function, or not with these arguments.
    """
    name = node.function
    if name in GEO:
        return geo_call(scope.context, node, arguments)
    if name in TEMPORAL:
        return _temporal(scope, node, arguments)
    function = PLAIN.get(name)
    if function is None:
        raise unknown(node.position, "function", name, FUNCTIONS)
    most = len(function.parameters)
    count_arguments(node, most - function.optional, most)
    if name in OF_CLOCK and arguments[0].type is Type.CLOCK:
        sql = function.sql.replace("timezone('UTC', {0})", "{0}").format(arguments[0].sql)
        return Operand(node.position, function.result, sql)
    texts = [
        as_type(scope.context, found, wanted).sql
        for found, wanted in zip(arguments, function.parameters, strict=False)
    ]
    texts += ["1e9"] * (most - len(texts))
    return Operand(node.position, function.result, function.sql.format(*texts), is_nullable=bool(arguments))


def count_arguments(node: Call, least: int, most: int) -> None:
    """Refuse a wrong number of arguments."""
    if not least <= len(node.arguments) <= most:
        wanted = f"{least}" if least == most else f"{least} or {most}"
        noun = "argument" if most == 1 else "arguments"
        raise BadQuery(node.position, f"'{node.function}' takes {wanted} {noun}, found {len(node.arguments)}")


def _temporal(scope: Scope, node: Call, arguments: Sequence[Operand]) -> Operand:
    count_arguments(node, 2, 2)
    (a, b), (c, d) = (_ends(scope, found) for found in arguments)
    return Operand(node.position, BOOLEAN, f"({TEMPORAL[node.function].format(a=a, b=b, c=c, d=d)})")


def _ends(scope: Scope, found: Operand) -> tuple[str, str]:
    found = as_time(scope.context, found)
    if found.type is Type.JSON:
        found = from_json(found, Type.TIME)
    if found.type is None:
        return "NULL::timestamptz", "NULL::timestamptz"
    if found.type not in {Type.TIME, Type.INTERVAL}:
        raise BadQuery(found.position, f"expected a time or an interval, found {noun_of(found.type)}")
    return found.sql, f"coalesce({found.end}, {found.sql})" if found.end else found.sql
