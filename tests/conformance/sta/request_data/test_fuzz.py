"""Any address is answered or refused with the standard's error form; none is a server's error."""

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stadt.hub.sta.compiler.functions import FUNCTIONS as FUNCTION_NAMES

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

QUIET = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = [
    "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations",
    "FeaturesOfInterest", "Thing", "Sensor", "ObservedProperty", "Datastream", "FeatureOfInterest", "name",
    "description", "properties", "properties/rank", "result", "phenomenonTime", "resultTime", "validTime", "time",
    "unitOfMeasurement/symbol", "location", "location/coordinates", "observedArea", "parameters/a", "id", "@iot.id",
    "MultiDatastreams", "MultiDatastream", "result[0]", "unitOfMeasurements[1]/symbol", "multiObservationDataTypes/0",
    "@iot.selfLink", "$count", "$ref", "$value", "nmae",
]  # fmt: skip
LITERALS = [
    "1", "-1", "0", "1.5", "1e308", "99999999999999999999", "9" * 60, "'a'", "''", "'it''s'", "true", "false", "null",
    "2026-02-01T00:00:00Z", "2026-02-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    "2026-02-01T00:00:00Z/2026-02-02T00:00:00Z", "duration'P1D'", "geography'POINT(7 51)'", "geography'POLYGON((0 0,9 0,9 9,0 9,0 0))'", "geography'X'", "12:30", "duration'P9999999D'",
    "duration'PT1S'", "'T*****FF*'", "'2026-02-01T00:00:00Z'",
    "'infinity'", "'\\'",
]  # fmt: skip
FUNCTIONS = [*FUNCTION_NAMES, "nosuch"]
OPERATORS = ["eq", "ne", "gt", "ge", "lt", "le", "add", "sub", "mul", "div", "mod", "and", "or"]

names = st.sampled_from(NAMES)
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
operands = st.one_of(paths, st.sampled_from(LITERALS))
expressions = st.recursive(
    operands,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda part: f"not ({part})"),
        st.tuples(inner, st.lists(inner, min_size=1, max_size=3)).map(
            lambda p: f"({p[0]} in ({','.join(p[1])}))"
        ),
        st.tuples(st.sampled_from(FUNCTIONS), st.lists(inner, max_size=3)).map(
            lambda p: f"{p[0]}({','.join(p[1])})"
        ),
        st.tuples(paths, st.sampled_from(["any", "all"]), inner).map(
            lambda p: f"{p[0]}/{p[1]}(v:{p[2]} and v/id gt 1)"
        ),
    ),
    max_leaves=8,
)
orders = st.lists(
    st.tuples(expressions, st.sampled_from(["", " asc", " desc"])).map("".join), min_size=1, max_size=3
)
numbers = st.sampled_from(["0", "1", "5", "100000", "99999999999999999999", "-1", "x", ""])


def options(separator: str, expand: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.one_of(
        st.tuples(st.sampled_from(["$top", "$skip"]), numbers).map("=".join),
        st.tuples(st.just("$filter"), expressions).map("=".join),
        orders.map(lambda items: f"$orderby={','.join(items)}"),
        st.lists(paths, min_size=1, max_size=3).map(lambda items: f"$select={','.join(items)}"),
        st.lists(expand, min_size=1, max_size=3).map(lambda items: f"$expand={','.join(items)}"),
        st.sampled_from(
            [
                "$resultFormat=CSV",
                "$resultFormat=GeoJSON",
                "$resultFormat=dataArray",
                "$resultFormat=x",
                "$count=true",
                "$count=1",
                "$skiptoken=5",
                "$skiptoken=2026-01-01T00:00:00,5",
                "$foo=1",
            ]
        ),
    )
    return st.lists(one, max_size=4).map(separator.join)


expands = st.recursive(
    paths, lambda inner: st.tuples(paths, options(";", inner)).map(lambda p: f"{p[0]}({p[1]})")
)
segments = st.tuples(names, st.sampled_from(["", "", "(1)", "(2)", "(999)", "('a')", "(x)"])).map("".join)
resources = st.lists(segments, min_size=1, max_size=5).map("/".join)


def check(sta: "Client", path: str, query: str) -> None:
    for token in ("", "reader"):
        answer = sta.request("GET", f"/{quote(path, safe='/()$@')}?{quote(query, safe='=&$')}", token=token)
        assert answer.status_code in {200, 204, 400, 404, 414, 501}, (path, query, answer.text)
        if answer.status_code >= 400:
            document = answer.json()
            assert (document["code"], document["type"]) == (answer.status_code, "error")
            assert document["message"]


@QUIET
@given(path=resources, query=options("&", expands))
@example(path="Observations", query="$filter=result gt 99999999999999999999")
@example(path="Observations", query="$orderby=true desc,null eq 1")
@example(
    path="Things",
    query="$filter=geo.distance(Locations/location,Locations/location) gt 1 and st_within(geography'X',5)",
)
@example(path="Things", query="$filter=now() add duration'P9999999D' mul 99999999999999999999 gt now()")
@example(path="Things", query="$filter=substring(concat(name,name),-1e308,1e308) eq ''")
@example(path="Things", query="$filter=properties/a gt null and name gt null")
@example(path="Observations", query="$orderby=result mul 1e308 mul 1e308")
def test_the_grammar_of_addresses(sta: "Client", city: "City", path: str, query: str) -> None:
    check(sta, path, query)


@QUIET
@given(path=st.sampled_from(["Things", "Observations", "Datastreams(1)/Observations"]), condition=expressions)
def test_the_grammar_of_filters(sta: "Client", city: "City", path: str, condition: str) -> None:
    check(sta, path, f"$filter={condition}&$orderby={condition}")


@QUIET
@given(path=st.text(max_size=30), query=st.text(max_size=60))
def test_any_text_at_all(sta: "Client", city: "City", path: str, query: str) -> None:
    try:
        path.encode()
        query.encode()
    except UnicodeEncodeError:
        path = query = ""
    check(sta, path, query)
    check(sta, "Things", f"$filter={query}")
