"""`$filter` and `$orderby` against an oracle in Python: the same rows, in the same order, on random entities."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from tests.conformance.sta.request_data.oracle import holds, in_order
from tests.conformance.sta.request_data.random_city import NUMBERS, START, TEXTS, Rows, make_rows, things_of

from stadt.hub.sta.syntax.nodes import (
    Call,
    Expression,
    Interval,
    Literal,
    LiteralKind,
    Membership,
    Name,
    Negation,
    Operation,
    OrderItem,
    Quantified,
    Query,
    Reference,
)
from stadt.hub.sta.syntax.writing import write_query_string

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import Client

pytestmark = [
    pytest.mark.django_db,
    # The strategies are a grammar: written out they are long.
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]


@pytest.fixture(scope="module")
def rows(sta: "Client") -> Rows:
    """Random observations, as they are in the database."""
    return make_rows(sta)


@pytest.fixture(scope="module")
def things(rows: Rows) -> Rows:
    """The things of these observations, with all that belongs to them."""
    return things_of(rows)


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
DURATIONS = _literals(
    LiteralKind.DURATION, [timedelta(hours=1), timedelta(days=1, minutes=30), -timedelta(hours=5)]
)
CLOCKS = _literals(LiteralKind.CLOCK, [time(0), time(6, 30), time(12)])
INTERVALS = st.tuples(st.integers(0, 60), st.integers(0, 9)).map(
    lambda pair: Literal(
        1,
        LiteralKind.INTERVAL,
        Interval(START + timedelta(hours=pair[0]), START + timedelta(hours=sum(pair))),
    )
)
POINTS = _literals(LiteralKind.GEOGRAPHY, ["POINT(7.2 51)", "POINT(7 51)", "POINT(8 51.5)"])
AREAS = _literals(
    LiteralKind.GEOGRAPHY,
    [
        "POLYGON((6.9 50.9,7.25 50.9,7.25 51.1,6.9 51.1,6.9 50.9))",
        "POLYGON((7.1 51,7.4 51,7.4 52,7.1 52,7.1 51))",
    ],
)


def _call(name: str, *parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.tuples(*parts).map(lambda arguments: Call(1, name, arguments))


def _operation(operators: list[str], one: Any, other: Any) -> st.SearchStrategy[Expression]:
    return st.builds(Operation, st.just(1), st.sampled_from(operators), one, other)


def _in(found: Any, items: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.builds(Membership, st.just(1), found, st.lists(items, min_size=1, max_size=3).map(tuple))


def _paths(*paths: str) -> st.SearchStrategy[Expression]:
    return st.sampled_from([_reference(path) for path in paths])


def _texts(leaves: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    small = _literals(LiteralKind.NUMBER, [-1, 0, 1, 2, 9])
    plain = st.one_of(leaves, _literals(LiteralKind.TEXT, [*TEXTS, "it's"]))
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            *(_call(name, inner) for name in ("tolower", "toupper", "trim")),
            _call("concat", inner, inner),
            _call("substring", inner, small),
            _call("substring", inner, small, small),
        ),
        max_leaves=3,
    )


def _numbers(leaves: st.SearchStrategy[Expression], texts: Any, times: Any) -> st.SearchStrategy[Expression]:
    plain = st.one_of(
        leaves,
        _literals(LiteralKind.NUMBER, [*NUMBERS, 0.25, 12]),
        _call("length", texts),
        _call("indexof", texts, texts),
        *(
            _call(name, times)
            for name in ("year", "month", "day", "hour", "minute", "second", "fractionalseconds")
        ),
        _call("totaloffsetminutes", times),
        _call("hour", _call("time", times)),
    )
    halves = _literals(LiteralKind.NUMBER, [0, 0.5, 2, -4])
    return st.recursive(
        plain,
        lambda inner: st.one_of(
            _operation(["add", "sub", "mul", "mod"], inner, inner),
            _operation(["div"], inner, halves),
            *(_call(name, inner) for name in ("round", "floor", "ceiling")),
        ),
        max_leaves=3,
    )


def _times(leaves: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    plain = st.one_of(leaves, MOMENTS)
    return st.one_of(plain, plain, _operation(["add", "sub"], leaves, DURATIONS), _call("date", plain))


COMPARISONS = ["eq", "ne", "gt", "ge", "lt", "le"]


def _conditions(
    texts: st.SearchStrategy[Expression],
    numbers: st.SearchStrategy[Expression],
    times: st.SearchStrategy[Expression],
    mixed: st.SearchStrategy[Expression],
    places: st.SearchStrategy[Expression],
    more: st.SearchStrategy[Expression],
) -> st.SearchStrategy[Expression]:
    """Conditions of every kind over paths of these types."""
    text, moment = _texts(st.one_of(texts, mixed)), _times(times)
    number = _numbers(st.one_of(numbers, mixed), text, moment)
    span = _operation(["sub"], moment, moment)
    leaves = st.one_of(
        _operation(COMPARISONS, mixed, st.one_of(number, text, NULL)),
        _operation(COMPARISONS, text, text),
        _operation(COMPARISONS, number, number),
        _operation(COMPARISONS, times, st.one_of(moment, NULL, INTERVALS)),
        _operation(COMPARISONS, span, DURATIONS),
        _operation(COMPARISONS, _call("totalseconds", span), _literals(LiteralKind.NUMBER, [0, 3600, -7200])),
        _operation(COMPARISONS, _call("time", moment), CLOCKS),
        _operation(
            ["lt", "ge"], _call("geo.distance", places, POINTS), _literals(LiteralKind.NUMBER, [0.05, 0.15])
        ),
        *(_call(name, text, text) for name in ("contains", "substringof", "startswith", "endswith")),
        *(
            _call(name, times, st.one_of(moment, INTERVALS))
            for name in ("before", "after", "meets", "during", "overlaps", "starts", "finishes")
        ),
        *(
            _call(name, places, AREAS)
            for name in ("st_within", "st_intersects", "geo.intersects", "st_touches", "st_disjoint")
        ),
        _call("st_contains", AREAS, places),
        _call("st_equals", places, POINTS),
        _in(mixed, st.one_of(text, number)),
        _in(text, text),
        _in(number, number),
        mixed,
        more,
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Operation, st.just(1), st.sampled_from(["and", "or"]), inner, inner),
            st.builds(Operation, st.just(1), st.sampled_from(["and", "or"]), inner, inner),
            st.builds(Negation, st.just(1), inner),
        ),
        max_leaves=6,
    )


MIXED = [
    "result", "result/0", "result/1", "result/2", "parameters/n", "parameters/m", "parameters/absent",
    "Datastream/Thing/properties/floor", "MultiDatastream/Thing/properties/floor",
]  # fmt: skip
TEXTUAL = [
    "Datastream/Thing/name", "Datastream/name", "Datastream/Thing/description", "MultiDatastream/name",
    "MultiDatastream/Thing/name",
]  # fmt: skip
OBSERVED = _conditions(
    _paths(*TEXTUAL),
    _paths("result"),
    _paths("phenomenonTime", "resultTime"),
    _paths(*MIXED),
    _paths("FeatureOfInterest/feature"),
    st.just(_reference("result")),
)
BELOW = "Datastreams/Observations"
MEMBERS = _conditions(
    _paths("v/name", "name"),
    _paths("v/Observations/result"),
    _paths("v/Observations/phenomenonTime"),
    _paths("v/Observations/parameters/n", "properties/floor"),
    _paths("Locations/location"),
    st.just(_reference("v/Observations/result")),
)
OF_THINGS = _conditions(
    _paths("name", "Datastreams/name", "MultiDatastreams/name", "Locations/name"),
    _paths(f"{BELOW}/result", f"Multi{BELOW}/result/0"),
    _paths(f"{BELOW}/phenomenonTime", f"{BELOW}/resultTime"),
    _paths(f"{BELOW}/parameters/n", "properties/floor"),
    _paths("Locations/location"),
    st.builds(
        Quantified,
        st.just(1),
        st.sampled_from(["any", "all"]),
        st.just(_reference("Datastreams")),
        st.just(Name(1, "v")),
        MEMBERS,
    ),
)
ORDERED = [*MIXED, *TEXTUAL, "phenomenonTime", "resultTime"]
ORDERS = st.lists(
    st.builds(
        OrderItem,
        st.one_of(_paths(*ORDERED), _call("length", _paths(*TEXTUAL)), _call("hour", _paths("phenomenonTime")),
                  _operation(["eq"], _paths("result"), _literals(LiteralKind.NUMBER, [1]))),
        st.booleans(),
    ),
    max_size=3,
).map(tuple)  # fmt: skip


# Shrinking asks the database thousands of times; the query is printed as it is.
UNSHRUNK = [Phase.explicit, Phase.generate]
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]


def check_observations(
    sta: "Client", rows: Rows, condition: Expression, order: tuple[OrderItem, ...]
) -> None:
    """The interface finds what the oracle finds, counts it, and pages through it in the same order."""
    query = Query(filter=condition, orderby=order, top=1000, count=True)
    options = write_query_string(query)
    assume(len(options) < 16_000)
    page = sta.get(f"/Observations?{options}", token="writer")
    wanted = in_order([row for row in rows if holds(condition, row)], order)
    assert [item["@iot.id"] for item in page["value"]] == wanted, unquote(options)
    assert page["@iot.count"] == len(wanted)


def check_things(sta: "Client", things: Rows, condition: Expression) -> None:
    """As `check_observations`, through collections."""
    options = write_query_string(Query(filter=condition, top=1000))
    assume(len(options) < 16_000)
    found = [item["name"] for item in sta.values(f"/Things?{options}&$orderby=id", "writer")]
    assert found == [thing["name"] for thing in things if holds(condition, thing)], unquote(options)


@settings(max_examples=120, deadline=None, derandomize=True, phases=UNSHRUNK, suppress_health_check=QUIET)
@given(condition=OBSERVED, order=ORDERS)
def test_the_same_rows_in_the_same_order(
    sta: "Client", rows: Rows, condition: Expression, order: tuple[OrderItem, ...]
) -> None:
    check_observations(sta, rows, condition, order)


@settings(max_examples=80, deadline=None, derandomize=True, phases=UNSHRUNK, suppress_health_check=QUIET)
@given(condition=OF_THINGS)
def test_the_same_things_through_their_collections(
    sta: "Client", things: Rows, condition: Expression
) -> None:
    check_things(sta, things, condition)


@pytest.mark.soak
@settings(max_examples=1500, deadline=None, phases=UNSHRUNK, suppress_health_check=QUIET)
@given(condition=OBSERVED, order=ORDERS)
def test_many_more_of_the_same_rows(
    sta: "Client", rows: Rows, condition: Expression, order: tuple[OrderItem, ...]
) -> None:
    check_observations(sta, rows, condition, order)


@pytest.mark.soak
@settings(max_examples=1000, deadline=None, phases=UNSHRUNK, suppress_health_check=QUIET)
@given(condition=OF_THINGS)
def test_many_more_of_the_same_things(sta: "Client", things: Rows, condition: Expression) -> None:
    check_things(sta, things, condition)


def _halves(count: int) -> Iterator[int]:
    yield from (count // 2, 7)


def test_pages_of_an_order_are_the_whole_of_it(sta: "Client", rows: Rows) -> None:
    for order in ("result desc,phenomenonTime", "phenomenonTime desc", "Datastream/Thing/name", "result[1]"):
        for size in _halves(len(rows)):
            pages = sta.pages(f"/Observations?$orderby={quote(order)}&$top={size}", "writer")
            whole = sta.values(f"/Observations?$orderby={quote(order)}&$top=1000", "writer")
            assert [item["@iot.id"] for item in pages] == [item["@iot.id"] for item in whole]
