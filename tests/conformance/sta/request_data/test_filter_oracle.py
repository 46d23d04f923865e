"""`$filter` and `$orderby` against an oracle in Python: the same rows, in the same order, on random entities."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.hub.sta.syntax.nodes import (
    Expression,
    Literal,
    LiteralKind,
    Name,
    Negation,
    Operation,
    OrderItem,
    Query,
    Reference,
)
from stadt.hub.sta.syntax.writing import write_query_string

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import Client

pytestmark = pytest.mark.django_db

START = datetime(2026, 2, 27, tzinfo=UTC)
NUMBERS = [-3.5, -1, 0, 0.5, 1, 2, 7, 1000.25]
TEXTS = ["", "a", "B", "ab", "ä", "Z", "10", "true"]
ABSENT = object()
OBSERVATIONS = 120
Row = dict[str, Any]


class Rows(list[Row]):
    """The observations as the oracle knows them."""

    def __repr__(self) -> str:
        return f"<{len(self)} observations>"


@pytest.fixture(scope="module")
def rows(sta: "Client") -> Rows:
    """Random things with datastreams and observations, as they are in the database."""
    chance = random.Random(20260301)
    found = Rows()
    for number in range(6):
        floor = chance.choice([1, 2.5, "eg", None, True, ABSENT])
        properties = {} if floor is ABSENT else {"floor": floor}
        thing = {
            "name": chance.choice(TEXTS) or "x",
            "description": chance.choice(TEXTS),
            "properties": properties,
        }
        place = {
            "name": "p",
            "description": "",
            "encodingType": "application/geo+json",
            "location": {"type": "Point", "coordinates": [7, 51]},
        }
        observations = [_observation(chance) for _ in range(OBSERVATIONS // 6)]
        flow = {
            "name": f"s{number}",
            "description": "",
            "observationType": "x",
            "unitOfMeasurement": {"name": None, "symbol": None, "definition": None},
            "Sensor": {"name": "s", "description": "", "encodingType": "x", "metadata": "x"},
            "ObservedProperty": {"name": "o", "description": "", "definition": "x"},
        }
        body = {**thing, "Locations": [place], "Datastreams": [{**flow, "Observations": observations}]}
        root = sta.post("/Things", body).headers["location"]
        stream = sta.values(f"{root}/Datastreams", "writer")[0]["@iot.id"]
        path = f"/Datastreams({stream})/Observations?$orderby=id&$select=id"
        for stored, observation in zip(sta.values(path, "writer"), observations, strict=True):
            above = {"id": stream, "name": f"s{number}", "Thing": thing}
            found.append({**observation, "id": stored["@iot.id"], "Datastream": above})
    return found


def _observation(chance: random.Random) -> Row:
    def moment() -> datetime:
        return START + timedelta(hours=chance.randrange(0, 60))

    start = moment()
    text = start.isoformat()
    if chance.random() < 0.3:
        text += f"/{(start + timedelta(hours=chance.randrange(0, 5))).isoformat()}"
    body: Row = {"phenomenonTime": text, "result": chance.choice([*NUMBERS, *NUMBERS, *TEXTS, True, False])}
    if chance.random() < 0.7:
        body["resultTime"] = moment().isoformat()
    if chance.random() < 0.7:
        body["parameters"] = {"n": chance.choice([*NUMBERS, *TEXTS, True, None]), "m": chance.choice(NUMBERS)}
    return body


# --- the oracle


def _value(row: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        row = row.get(name, ABSENT) if isinstance(row, dict) else ABSENT
        if row is ABSENT:
            return None
    if names[-1] in {"phenomenonTime", "resultTime"} and row is not None:
        start, _, end = row.partition("/")
        return (datetime.fromisoformat(start), datetime.fromisoformat(end or start))
    return row


def _sort_of(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return {int: "number", float: "number", str: "text", tuple: "time"}[type(value)]


def _compares(operator: str, left: Any, right: Any) -> bool:
    if operator == "ne":
        return not _compares("eq", left, right)
    if left is None or right is None:
        return operator == "eq" and left is right
    if _sort_of(left) != _sort_of(right):
        return False
    if isinstance(left, tuple):
        if operator == "eq":
            return bool(left == right)
        return (
            _ordered(operator, left[0], right[1])
            if operator[0] == "g"
            else _ordered(operator, left[1], right[0])
        )
    return bool(left == right) if operator == "eq" else _ordered(operator, left, right)


def _ordered(operator: str, left: Any, right: Any) -> bool:
    compare: dict[str, Callable[[Any, Any], bool]] = {
        "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
    }  # fmt: skip
    return compare[operator](left, right)


def _operand(node: Expression, row: Row) -> Any:
    if isinstance(node, Literal):
        return (node.value, node.value) if isinstance(node.value, datetime) else node.value
    assert isinstance(node, Reference)
    return _value(row, tuple(name.text for name in node.names))


def _holds(node: Expression, row: Row) -> bool:
    match node:
        case Negation():
            return not _holds(node.operand, row)
        case Operation(operator="and"):
            return _holds(node.left, row) and _holds(node.right, row)
        case Operation(operator="or"):
            return _holds(node.left, row) or _holds(node.right, row)
        case Operation():
            return _compares(node.operator, _operand(node.left, row), _operand(node.right, row))
        case _:
            return _operand(node, row) is True


def _sorted(rows: list[Row], items: tuple[OrderItem, ...]) -> list[int]:
    def rank(value: Any) -> tuple[int, Any]:
        """PostgreSQL orders JSON by kind; nothing at all comes first."""
        kind = ["null", "text", "number", "boolean", "time"].index(_sort_of(value))
        return kind, value[0] if isinstance(value, tuple) else 0 if value is None else value

    def compare(one: Row, other: Row) -> int:
        for item in items:
            assert isinstance(item.expression, Reference)
            names = tuple(name.text for name in item.expression.names)
            left, right = rank(_value(one, names)), rank(_value(other, names))
            if left != right:
                return (1 if left > right else -1) * (-1 if item.descending else 1)
        return -1 if one["id"] < other["id"] else 1

    return [row["id"] for row in sorted(rows, key=cmp_to_key(compare))]


# --- random expressions


def _reference(path: str) -> Reference:
    return Reference(tuple(Name(1, name) for name in path.split("/")))


def _literals(kind: LiteralKind, values: list[Any]) -> st.SearchStrategy[Literal]:
    return st.sampled_from([Literal(1, kind, value) for value in values])


MOMENTS = _literals(LiteralKind.TIME, [START + timedelta(hours=number) for number in range(-2, 62)])
NULL = st.just(Literal(1, LiteralKind.NULL, None))
ANY = st.one_of(
    _literals(LiteralKind.NUMBER, [*NUMBERS, 0.25, 12]), _literals(LiteralKind.TEXT, [*TEXTS, "it's"]), NULL
)
COMPARED: dict[str, st.SearchStrategy[Literal]] = {
    "result": ANY,
    "parameters/n": ANY,
    "parameters/m": ANY,
    "parameters/absent": ANY,
    "Datastream/Thing/properties/floor": ANY,
    "Datastream/Thing/name": st.one_of(_literals(LiteralKind.TEXT, TEXTS), NULL),
    "Datastream/name": _literals(LiteralKind.TEXT, ["s0", "s3", "s9"]),
    "phenomenonTime": st.one_of(MOMENTS, NULL),
    "resultTime": st.one_of(MOMENTS, NULL),
}


@st.composite
def comparisons(draw: st.DrawFn) -> Expression:
    path = draw(st.sampled_from(sorted(COMPARED)))
    operator = draw(st.sampled_from(["eq", "ne", "gt", "ge", "lt", "le"]))
    left, right = _reference(path), draw(COMPARED[path])
    if draw(st.booleans()) or path == "phenomenonTime":
        return Operation(1, operator, left, right)
    turned = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}.get(operator, operator)
    return Operation(1, turned, right, left)


CONDITIONS = st.recursive(
    st.one_of(comparisons(), st.just(_reference("result"))),
    lambda inner: st.one_of(
        st.builds(Operation, st.just(1), st.sampled_from(["and", "or"]), inner, inner),
        st.builds(Negation, st.just(1), inner),
    ),
    max_leaves=6,
)
ORDERS = st.lists(
    st.builds(OrderItem, st.sampled_from([_reference(path) for path in sorted(COMPARED)]), st.booleans()),
    max_size=3,
).map(tuple)


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(condition=CONDITIONS, order=ORDERS)
def test_the_same_rows_in_the_same_order(
    sta: "Client", rows: Rows, condition: Expression, order: tuple[OrderItem, ...]
) -> None:
    query = Query(filter=condition, orderby=order, top=1000)
    found = [item["@iot.id"] for item in sta.values(f"/Observations?{write_query_string(query)}", "writer")]
    assert found == _sorted([row for row in rows if _holds(condition, row)], order)


def _halves(count: int) -> Iterator[int]:
    yield from (count // 2, 7)


def test_pages_of_an_order_are_the_whole_of_it(sta: "Client", rows: Rows) -> None:
    for order in ("result desc,phenomenonTime", "phenomenonTime desc", "Datastream/Thing/name"):
        for size in _halves(len(rows)):
            pages = sta.pages(f"/Observations?$orderby={quote(order)}&$top={size}", "writer")
            whole = sta.values(f"/Observations?$orderby={quote(order)}&$top=1000", "writer")
            assert [item["@iot.id"] for item in pages] == [item["@iot.id"] for item in whole]
