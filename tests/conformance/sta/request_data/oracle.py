"""A plain evaluator of the query language over dictionaries: what the compiler's SQL is compared with.

Entities are dictionaries as the interface writes them, single relations are dictionaries, collections are lists. Times
are pairs of their start and end. Nothing here is shared with the compiler but the syntax tree.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

from stadt.hub.sta.syntax.nodes import (
    Call,
    Expression,
    Interval,
    Literal,
    LiteralKind,
    Membership,
    Negation,
    Operation,
    OrderItem,
    Quantified,
    Reference,
)

Row = dict[str, Any]
Chosen = Mapping[tuple[str, ...], Any]
TIMES = frozenset({"phenomenonTime", "resultTime", "validTime", "time"})
COLLECTIONS = frozenset(
    {"Datastreams", "MultiDatastreams", "Observations", "Locations", "HistoricalLocations", "Things"}
)
ABSENT = object()
TEXT_FUNCTIONS = frozenset({"substring", "tolower", "toupper", "trim", "concat"})


def holds(node: Expression, row: Row, chosen: Chosen | None = None) -> bool:
    """Whether a condition is true for an entity."""
    chosen = chosen or {}
    return any(_holds(node, row, {**chosen, **members}) for members in _choices(node, row, chosen))


def _choices(node: Expression, row: Row, chosen: Chosen) -> Iterator[dict[tuple[str, ...], Any]]:
    """All ways to choose members of the collections that this part of a filter speaks about as a whole."""
    if isinstance(node, Negation):
        wanted: set[tuple[str, ...]] = set()
    elif isinstance(node, Operation) and node.operator in {"and", "or"}:
        wanted = _collections(node.left, chosen) & _collections(node.right, chosen)
    else:
        wanted = _collections(node, chosen)
    found: list[dict[tuple[str, ...], Any]] = [{}]
    for path in sorted(wanted, key=len):
        found = [
            {**members, path: member}
            for members in found
            for member in _member(row, path, {**chosen, **members}) or []
        ]
    yield from found


def _collections(node: Expression, chosen: Chosen) -> set[tuple[str, ...]]:
    found = set()
    for names in _paths(node, frozenset()):
        for length in range(1, len(names) + 1):
            path = names[:length]
            if names[length - 1] in COLLECTIONS and path not in chosen:
                found.add(path)
    return found


def _paths(node: Expression, variables: frozenset[str]) -> Iterator[tuple[str, ...]]:
    match node:
        case Reference():
            names = tuple(name.text for name in node.names)
            if names[0] not in variables:
                yield names
        case Operation():
            yield from _paths(node.left, variables)
            yield from _paths(node.right, variables)
        case Negation():
            yield from _paths(node.operand, variables)
        case Call():
            for part in node.arguments:
                yield from _paths(part, variables)
        case Membership():
            for part in (node.operand, *node.items):
                yield from _paths(part, variables)
        case Quantified():
            yield from _paths(node.condition, variables | {node.variable.text})


def _holds(node: Expression, row: Row, chosen: Chosen) -> bool:
    match node:
        case Negation():
            return not holds(node.operand, row, chosen)
        case Operation(operator="and"):
            return holds(node.left, row, chosen) and holds(node.right, row, chosen)
        case Operation(operator="or"):
            return holds(node.left, row, chosen) or holds(node.right, row, chosen)
        case Operation(operator=operator) if operator in COMPARES:
            left, right = value(node.left, row, chosen), value(node.right, row, chosen)
            if operator == "ne" and _is_unknown(node, left, right):
                return False
            return compares(
                operator, _beside(node.left, left, node.right), _beside(node.right, right, node.left)
            )
        case Membership():
            found = value(node.operand, row, chosen)
            return any(
                compares("eq", _beside(node.operand, found, item), _beside(item, one, node.operand))
                for item, one in ((item, value(item, row, chosen)) for item in node.items)
            )
        case Quantified():
            path = tuple(name.text for name in node.collection.names)
            members = _member(row, path, {key: one for key, one in chosen.items() if key != path}) or []
            quantifier = any if node.quantifier == "any" else all
            variable = (node.variable.text,)
            return quantifier(holds(node.condition, row, {**chosen, variable: member}) for member in members)
        case _:
            return value(node, row, chosen) is True


def _is_unknown(node: Operation, left: Any, right: Any) -> bool:
    """A time that is not there differs from no time; the word null does."""
    if any(isinstance(part, Literal) and part.kind is LiteralKind.NULL for part in (node.left, node.right)):
        return False
    return {sort_of(left), sort_of(right)} == {"null", "time"}


def _beside(node: Expression, found: Any, other: Expression) -> Any:
    """A result beside what is a text by its kind is a text; a member of JSON has no kind of its own."""
    is_result = isinstance(node, Reference) and node.names[-1].text == "result"
    if not is_result or not _is_text(other):
        return found
    if isinstance(found, bool):
        return "true" if found else "false"
    return f"{float(found):g}" if isinstance(found, Fraction) else found


def _is_text(node: Expression) -> bool:
    match node:
        case Literal():
            return node.kind is LiteralKind.TEXT
        case Reference():
            names = {name.text for name in node.names}
            return bool(names & {"name", "description", "symbol"}) and not names & {
                "properties",
                "parameters",
            }
    return isinstance(node, Call) and node.function in TEXT_FUNCTIONS


def _member(row: Row, names: tuple[str, ...], chosen: Chosen) -> Any:
    current: Any = row
    start = next((length for length in range(len(names), 0, -1) if names[:length] in chosen), 0)
    if start:
        current = chosen[names[:start]]
    for name in names[start:]:
        if isinstance(current, list) and name.isdecimal():
            current = current[int(name)] if int(name) < len(current) else ABSENT
        else:
            current = current.get(name, ABSENT) if isinstance(current, dict) else ABSENT
        if current is ABSENT:
            return None
    if names[-1] in TIMES and isinstance(current, str):
        first, _, last = current.partition("/")
        return (datetime.fromisoformat(first), datetime.fromisoformat(last or first))
    return current


# --- values

COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b), "ne": lambda a, b: bool(a != b), "gt": lambda a, b: bool(a > b),
    "ge": lambda a, b: bool(a >= b), "lt": lambda a, b: bool(a < b), "le": lambda a, b: bool(a <= b),
}  # fmt: skip


def value(node: Expression, row: Row, chosen: Chosen) -> Any:
    """The value of an expression: numbers as fractions, so that arithmetic is exact."""
    match node:
        case Literal():
            return _constant(node)
        case Reference():
            return _exact(_member(row, tuple(name.text for name in node.names), chosen))
        case Call():
            return _called(node.function, [value(part, row, chosen) for part in node.arguments])
        case Operation(operator=operator) if operator not in {*COMPARES, "and", "or"}:
            return _calculated(operator, value(node.left, row, chosen), value(node.right, row, chosen))
        case _:
            return holds(node, row, chosen)


def _constant(node: Literal) -> Any:
    if isinstance(node.value, datetime):
        return (node.value, node.value)
    if isinstance(node.value, Interval):
        return (node.value.start, node.value.end)
    return str(node.value) if node.kind is LiteralKind.GEOGRAPHY else _exact(node.value)


def _exact(found: Any) -> Any:
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return Fraction(str(found)) if is_number else found


def sort_of(found: Any) -> str:
    """The kind of a value; values of different kinds are never equal and have no order."""
    if found is None:
        return "null"
    kinds = {
        bool: "boolean",
        int: "number",
        float: "number",
        Fraction: "number",
        str: "text",
        tuple: "time",
        time: "clock",
    }
    return kinds.get(type(found), type(found).__name__)


def compares(operator: str, left: Any, right: Any) -> bool:
    """OData 4.01, 5.1.1.1, with two values of truth."""
    if operator == "ne":
        return not compares("eq", left, right)
    if left is None or right is None:
        return operator == "eq" and left is right
    if sort_of(left) != sort_of(right):
        return False
    if isinstance(left, tuple) and operator != "eq":
        one, other = (left[0], right[1]) if operator[0] == "g" else (left[1], right[0])
        return COMPARES[operator](one, other)
    return COMPARES[operator](left, right)


def _calculated(operator: str, left: Any, right: Any) -> Any:
    kinds = (sort_of(left), sort_of(right))
    sign = -1 if operator == "sub" else 1
    if kinds == ("number", "number"):
        return _number(operator, left, right)
    if kinds == ("time", "timedelta"):
        return tuple(moment + sign * right for moment in left)
    if kinds == ("timedelta", "time"):
        return tuple(moment + left for moment in right)
    if kinds == ("time", "time"):
        return left[0] - right[0]
    if kinds == ("timedelta", "timedelta"):
        return left + sign * right
    if kinds == ("timedelta", "number"):
        return left * right if operator == "mul" else left / right
    return None


def _number(operator: str, left: Fraction, right: Fraction) -> Fraction | None:
    if operator in {"div", "mod"} and right == 0:
        return None
    if operator == "mod":  # the sign of the dividend
        return left - right * math.trunc(left / right)
    steps: dict[str, Callable[[], Fraction]] = {
        "add": lambda: left + right, "sub": lambda: left - right, "mul": lambda: left * right, "div": lambda: left / right,
    }  # fmt: skip
    return steps[operator]()


def _rounded(found: Fraction) -> Fraction:
    whole = math.floor(abs(found) + Fraction(1, 2))
    return Fraction(whole if found >= 0 else -whole)


def _position(found: Fraction) -> int:
    return max(0, math.trunc(found))


def _clock(found: Any) -> Any:
    return found if isinstance(found, time) else found[0].time()


TEXT, NUMBER, TIME = "text", "number", "time"
Function = tuple[tuple[str, ...], Callable[..., Any]]
FUNCTIONS: dict[str, Function] = {
    "substringof": ((TEXT, TEXT), lambda a, b: a in b),
    "contains": ((TEXT, TEXT), lambda a, b: b in a),
    "startswith": ((TEXT, TEXT), lambda a, b: a.startswith(b)),
    "endswith": ((TEXT, TEXT), lambda a, b: a.endswith(b)),
    "length": ((TEXT,), lambda a: Fraction(len(a))),
    "indexof": ((TEXT, TEXT), lambda a, b: Fraction(a.find(b))),
    "substring": ((TEXT, NUMBER, NUMBER), lambda a, n, m=Fraction(10**6): a[_position(n) :][: _position(m)]),
    "tolower": ((TEXT,), str.lower),
    "toupper": ((TEXT,), str.upper),
    "trim": ((TEXT,), str.strip),
    "concat": ((TEXT, TEXT), lambda a, b: a + b),
    "year": ((TIME,), lambda a: Fraction(a[0].year)),
    "month": ((TIME,), lambda a: Fraction(a[0].month)),
    "day": ((TIME,), lambda a: Fraction(a[0].day)),
    "hour": ((TIME,), lambda a: Fraction(_clock(a).hour)),
    "minute": ((TIME,), lambda a: Fraction(_clock(a).minute)),
    "second": ((TIME,), lambda a: Fraction(_clock(a).second)),
    "fractionalseconds": ((TIME,), lambda a: Fraction(_clock(a).microsecond, 10**6)),
    "date": ((TIME,), lambda a: (datetime.combine(a[0].date(), time(), UTC),) * 2),
    "time": ((TIME,), lambda a: a[0].time()),
    "totaloffsetminutes": ((TIME,), lambda a: Fraction(0)),
    "totalseconds": (("timedelta",), lambda a: Fraction(a // timedelta(microseconds=1), 10**6)),
    "round": ((NUMBER,), _rounded),
    "floor": ((NUMBER,), lambda a: Fraction(math.floor(a))),
    "ceiling": ((NUMBER,), lambda a: Fraction(math.ceil(a))),
    "before": ((TIME, TIME), lambda a, b: a[1] < b[0]),
    "after": ((TIME, TIME), lambda a, b: a[0] > b[1]),
    "meets": ((TIME, TIME), lambda a, b: a[1] == b[0] or a[0] == b[1]),
    "during": ((TIME, TIME), lambda a, b: b[0] <= a[0] and a[1] <= b[1]),
    "overlaps": ((TIME, TIME), lambda a, b: a[0] <= b[1] and a[1] >= b[0]),
    "starts": ((TIME, TIME), lambda a, b: a[0] == b[0] and a[1] <= b[1]),
    "finishes": ((TIME, TIME), lambda a, b: a[1] == b[1] and a[0] >= b[0]),
}


def _called(name: str, arguments: list[Any]) -> Any:
    if name in PLACES:
        return PLACES[name](*arguments)
    wanted, function = FUNCTIONS[name]
    for found, kind in zip(arguments, wanted, strict=False):
        is_clock = kind == TIME and isinstance(found, time)
        if sort_of(found) != kind and not is_clock:
            return None
    return function(*arguments)


# --- places: points against points and upright rectangles, by hand


def _point(shape: Any) -> tuple[float, float] | None:
    if isinstance(shape, dict):
        x, y = shape["coordinates"]
        return x, y
    if isinstance(shape, str) and shape.startswith("POINT"):
        x, y = (float(number) for number in shape[6:-1].split())
        return x, y
    return None


def _rectangle(shape: str) -> tuple[float, float, float, float]:
    corners = [tuple(map(float, corner.split())) for corner in shape[9:-2].split(",")]
    xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _in(shape: Any, rectangle: str, *, edge: bool) -> bool:
    point = _point(shape)
    if point is None:
        return False
    west, south, east, north = _rectangle(rectangle)
    if edge:
        return west <= point[0] <= east and south <= point[1] <= north
    return west < point[0] < east and south < point[1] < north


def _distance(one: Any, other: Any) -> Fraction | None:
    a, b = _point(one), _point(other)
    return None if a is None or b is None else Fraction(math.hypot(a[0] - b[0], a[1] - b[1]))


PLACES: dict[str, Callable[..., Any]] = {
    "st_within": lambda shape, area: _in(shape, area, edge=False),
    "st_contains": lambda area, shape: _in(shape, area, edge=False),
    "st_intersects": lambda shape, area: _in(shape, area, edge=True),
    "geo.intersects": lambda shape, area: _in(shape, area, edge=True),
    "st_touches": lambda shape, area: _in(shape, area, edge=True) and not _in(shape, area, edge=False),
    "st_disjoint": lambda shape, area: not _in(shape, area, edge=True),
    "st_equals": lambda shape, other: _point(shape) == _point(other),
    "geo.distance": _distance,
}


# --- orders


def in_order(rows: list[Row], items: tuple[OrderItem, ...]) -> list[int]:
    """The ids of rows in their order, then by id; nothing at all comes first, then JSON by kind."""

    def rank(found: Any) -> tuple[int, Any]:
        kinds = ["null", "text", "number", "boolean", "list", "time", "timedelta"]
        kind = sort_of(found)
        if kind == "list":
            return kinds.index(kind), [rank(_exact(part)) for part in found]
        return kinds.index(kind), found[0] if kind == "time" else 0 if found is None else found

    def compare(one: Row, other: Row) -> int:
        for item in items:
            left, right = (rank(value(item.expression, row, {})) for row in (one, other))
            if left != right:
                return (1 if left > right else -1) * (-1 if item.descending else 1)
        return -1 if one["id"] < other["id"] else 1

    return [row["id"] for row in sorted(rows, key=cmp_to_key(compare))]


__all__ = ["holds", "in_order", "value"]
