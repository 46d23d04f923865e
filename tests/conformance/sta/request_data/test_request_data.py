"""18-088 clause 9.3: req/request-data/…"""

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


def results(sta: "Client", city: "City", options: str) -> list[object]:
    found = sta.values(f"/Datastreams({city.open_stream})/Observations?{options}")
    return [item["result"] for item in found]


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/top",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/skip",
)
def test_top_and_skip(sta: "Client", city: "City") -> None:
    """req/request-data/top and skip"""
    assert results(sta, city, "$top=2") == [0, 0.5]
    assert results(sta, city, "$top=2&$skip=3") == [1.5, 2]
    assert results(sta, city, "$top=0") == []
    assert results(sta, city, "$skip=100000") == []


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/count")
def test_count_is_exact_and_ignores_paging(sta: "Client", city: "City") -> None:
    """req/request-data/count"""
    path = f"/Datastreams({city.open_stream})/Observations"
    assert sta.get(f"{path}?$count=true&$top=1")["@iot.count"] == 250
    assert sta.get(f"{path}?$count=true&$top=0")["@iot.count"] == 250
    assert sta.get(f"{path}?$count=true&$filter=result lt 10")["@iot.count"] == 18
    assert "@iot.count" not in sta.get(f"{path}?$count=false")
    assert sta.get("/Observations?$count=true&$top=1", token="reader")["@iot.count"] == 257


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/pagination")
def test_pagination_leads_through_all_by_key(sta: "Client", city: "City") -> None:
    """req/request-data/pagination: pages of 100, links that continue behind the last key"""
    first = sta.get(f"/Datastreams({city.open_stream})/Observations")
    assert len(first["value"]) == 100
    assert "$skiptoken=" in first["@iot.nextLink"]
    for path in (f"/Datastreams({city.open_stream})/Observations", "/Observations"):
        for options in (
            "",
            "?$top=60",
            "?$orderby=phenomenonTime desc",
            "?$orderby=result desc",
            "?$orderby=id desc",
        ):
            ids = [item["@iot.id"] for item in sta.pages(f"{path}{options}")]
            assert len(ids) == len(set(ids)) == 250


def test_a_page_is_bounded(sta: "Client", city: "City") -> None:
    from stadt.hub.sta.compiler.shapes import LARGEST_PAGE, page_size
    from stadt.hub.sta.syntax.nodes import Query

    assert page_size(Query(top=10**9)) == LARGEST_PAGE == 10_000
    assert len(sta.values("/Observations?$top=1000000")) == 250


def test_a_token_of_another_order_is_refused(sta: "Client", city: "City") -> None:
    for options in (
        "$skiptoken=abc",
        "$skiptoken=1,2,3",
        "$orderby=name&$skiptoken=1",
        "$skiptoken=",
        "$skiptoken=²",
    ):
        assert "no token" in sta.refusal(f"/Things?{options}")
    assert "no token" in sta.refusal(f"/Datastreams({city.open_stream})/Observations?$skiptoken=now,5")


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/select")
def test_select_gives_the_named_properties_only(sta: "Client", city: "City") -> None:
    """req/request-data/select"""
    assert sta.values("/Things?$select=name") == [{"name": "open thing"}]
    assert sta.values("/Things?$select=@iot.id,properties") == [
        {"@iot.id": city.open_thing, "properties": {"kind": "open", "floor": 0}}
    ]
    assert set(sta.get(f"/Things({city.open_thing})?$select=id,Datastreams")) == {
        "@iot.id",
        "Datastreams@iot.navigationLink",
    }
    assert sta.values("/Datastreams?$select=observedArea") == [{}]
    assert sta.refusal("/Things?$select=name,nmae") == (
        "$select, position 6: unknown property 'nmae', did you mean 'name'?"
    )


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/expand")
def test_expand_puts_related_entities_inline(sta: "Client", city: "City") -> None:
    """req/request-data/expand"""
    found = sta.get(
        f"/Things({city.open_thing})?$expand=Locations,Datastreams($select=name;$expand=Sensor,Thing)"
    )
    assert [place["name"] for place in found["Locations"]] == ["open place"]
    assert "Locations@iot.navigationLink" not in found
    assert found["Datastreams"][0]["Sensor"]["name"] == "open sensor"
    assert found["Datastreams"][0]["Thing"]["@iot.id"] == city.open_thing
    path = sta.get("/Things?$expand=Datastreams/Observations($top=1)")["value"][0]
    assert len(path["Datastreams"][0]["Observations"]) == 1


def test_expanded_collections_have_options_and_links_of_their_own(sta: "Client", city: "City") -> None:
    options = "$top=2;$skip=1;$count=true;$filter=result ge 1;$orderby=phenomenonTime desc;$select=result"
    found = sta.get(f"/Datastreams({city.open_stream})?$expand=Observations({options})")
    assert [item["result"] for item in found["Observations"]] == [124, 123.5]
    assert found["Observations@iot.count"] == 213
    following = sta.get(found["Observations@iot.nextLink"])
    assert [item["result"] for item in following["value"]] == [123, 122.5]
    assert following["@iot.count"] == 213


def test_the_newest_observation_of_each_datastream(sta: "Client", city: "City") -> None:
    found = sta.values("/Datastreams?$expand=Observations($orderby=phenomenonTime desc;$top=1)", "reader")
    assert [item["Observations"][0]["phenomenonTime"] for item in found] == [
        "2026-02-09T09:00:00Z",
        "2026-01-30T06:00:00Z",
    ]
    assert "@iot.nextLink" not in found[0]["Observations"][0]
    assert (
        sta.get(found[0]["Observations@iot.nextLink"])["value"][0]["phenomenonTime"] == "2026-02-09T08:00:00Z"
    )


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/orderby")
def test_orderby_takes_several_paths_and_directions(sta: "Client", city: "City") -> None:
    """req/request-data/orderby"""
    names = ["closed thing", "open thing"]
    assert sta.names("/Things?$orderby=name", "reader") == names
    assert sta.names("/Things?$orderby=name desc", "reader") == names[::-1]
    assert sta.names("/Things?$orderby=description,properties/floor desc", "reader") == names
    assert sta.names("/Datastreams?$orderby=Thing/properties/floor desc,id asc", "reader") == [
        "closed stream",
        "open stream",
    ]
    assert results(sta, city, "$orderby=result desc&$top=2") == [124.5, 124]


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/order")
def test_order_of_options_does_not_matter(sta: "Client", city: "City") -> None:
    """req/request-data/order: filter, count, order, skip and top, then expand and select"""
    options = [
        "$filter=result ge 5",
        "$orderby=result desc",
        "$skip=1",
        "$top=2",
        "$count=true",
        "$select=result",
    ]
    path = f"/Datastreams({city.open_stream})/Observations?"
    assert sta.get(path + "&".join(options))["value"] == sta.get(path + "&".join(reversed(options)))["value"]


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/filter",
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/built-in-filter-operations",
)
@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("result gt 100", 42),
        ("result eq 'text 6'", 1),
        ("result ne 0", 249),
        ("not (result gt 100)", 208),
        ("result ge 1 and result le 2 or result eq 'text 13'", 4),
        ("(result ge 1 and result le 2) and result eq 'text 13'", 0),
        ("phenomenonTime ge 2026-02-01T00:00:00Z", 202),
        ("phenomenonTime lt 2026-02-01T00:00:00+01:00", 47),
        ("phenomenonTime eq 2026-01-30T05:00:00Z", 1),
        ("phenomenonTime gt '2026-02-09T08:00:00Z'", 1),
        ("resultTime le 2026-01-30T01:00:01Z", 2),
        ("Datastream/Thing/name eq 'open thing'", 250),
        ("Datastream/id eq 999999", 0),
        ("Datastream/properties/rank eq 0", 250),
        ("Datastream/unitOfMeasurement/definition eq 'Cel'", 250),
        ("FeatureOfInterest/name ne 'open feature'", 0),
        ("validTime eq null", 250),
        ("parameters/a ne null", 0),
        ("result add 1 mul 2 eq 5.5", 1),
        ("result mod 5 eq 0 and result div 10 ge 12", 1),
        ("result div 0 eq 1", 0),
        ("5 lt result and true", 205),
        ("phenomenonTime lt 2026-02-01T00:00:00Z/2026-02-02T00:00:00Z", 48),
    ],
)
def test_filter_finds_what_the_condition_says(
    sta: "Client", city: "City", condition: str, count: int
) -> None:
    """req/request-data/filter and built-in-filter-operations"""
    path = f"/Datastreams({city.open_stream})/Observations"
    assert sta.get(f"{path}/$count?$filter={quote(condition)}") == count
    assert sta.get(f"/Observations?$count=true&$filter={quote(condition)}")["@iot.count"] == count


def test_filter_by_the_datastream_reads_only_that_one(sta: "Client", city: "City") -> None:
    path = f"/Observations?$filter=Datastream/@iot.id eq {city.open_stream} and result ge 120&$top=3"
    page = sta.get(path)
    assert [item["result"] for item in page["value"]] == [120, 120.5, 121]
    assert [item["result"] for item in sta.get(page["@iot.nextLink"])["value"]] == [121.5, 122.5, 123]
    hidden = f"/Observations?$count=true&$filter=Datastream/id eq {city.closed_stream}"
    assert (sta.get(hidden)["@iot.count"], sta.get(hidden, token="reader")["@iot.count"]) == (0, 7)


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/query-status-code")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("$filter=resutl gt 5", "$filter, position 1: unknown property 'resutl', did you mean 'result'?"),
        ("$filter=result gt 5 and nmae eq 1", "$filter, position 17: unknown property 'nmae'"),
        ("$filter=result gt", "$filter, position 10: expected a value or a property, the text ends"),
        ("$filter=phenomenonTime gt 5", "$filter, position 16: cannot compare an interval with a number"),
        ("$filter=resultTime gt 'soon'", "$filter, position 15: 'soon' is no time of the calendar"),
        ("$filter=Datastream eq 1",
         "$filter, position 1: 'Datastream' is an entity; name one of its properties, such as Datastream/id"),
        ("$filter=Datastream/Thing/nmae eq 1", "$filter, position 18: unknown property 'nmae', did you mean 'name'?"),
        ("$filter=1 add 2", "$filter, position 3: expected a condition, such as a comparison"),
        ("$filter=resultTime/a eq 1", "$filter, position 12: only JSON values have members"),
        ("$orderby=nmae", "$orderby, position 1: unknown property 'nmae'"),
        ("$orderby=null", "$orderby, position 1: null has no order"),
        ("$expand=Things", "$expand, position 1: unknown navigation property 'Things'"),
        ("$expand=result", "$expand, position 1: 'result' is a property, not a navigation property"),
        ("$expand=Datastream($top=1)", "$expand, position 1: 'Datastream' is one entity: only $select and $expand apply"),
        ("$expand=Datastream/Thing/Datastreams/Thing/Datastreams", "$expand, position 36: $expand goes at most 4 levels deep"),
        ("$expand=Datastream,Datastream($select=id)", None),
        ("$expand=Datastream($select=id),Datastream($select=name)",
         "$expand, position 24: 'Datastream' is expanded twice with options"),
        ("$top=x", "$top, position 1: expected a whole number that is not negative, found 'x'"),
    ],
)  # fmt: skip
def test_an_option_that_is_wrong_is_refused_with_its_position(
    sta: "Client", city: "City", options: str, message: str | None
) -> None:
    """req/request-data/query-status-code: 400 with what is wrong, decided before the first byte"""
    if message is None:
        assert sta.get(f"/Observations?{options}")["value"]
    else:
        assert sta.refusal(f"/Observations?{options}") == message


def test_options_that_do_not_apply_are_refused(sta: "Client", city: "City") -> None:
    assert (
        sta.refusal(f"/Things({city.open_thing})?$top=1")
        == "$top, position 1: the option does not apply to one entity"
    )
    assert "does not apply" in sta.refusal(f"/Things({city.open_thing})/name?$select=name")
    assert "does not apply" in sta.refusal("/Things/$count?$top=1")


def test_select_takes_parts_of_json_properties(sta: "Client", city: "City") -> None:
    path = f"/Things({city.open_thing})?$select=name,properties/kind,properties/a/b,properties/floor"
    assert sta.get(path) == {"name": "open thing", "properties": {"kind": "open", "floor": 0}}
    found = sta.get(
        f"/Datastreams({city.open_stream})?$select=unitOfMeasurement/symbol,Thing&$expand=Thing($select=properties/kind)"
    )
    assert found == {"unitOfMeasurement": {"symbol": "°C"}, "Thing": {"properties": {"kind": "open"}}}
    assert sta.get(f"/Things({city.open_thing})?$select=properties/absent") == {}
    assert "'name' has no members" in sta.refusal("/Things?$select=name/a")
    assert "by $expand=Datastreams($select=…)" in sta.refusal("/Things?$select=Datastreams/name")


def test_what_is_not_claimed_is_answered_by_501(sta: "Client", city: "City") -> None:
    for options in ("$compute=x", "$search=x", "$format=json"):
        assert sta.refusal(f"/Things?{options}", 501)


def test_head_and_options(sta: "Client", city: "City") -> None:
    head, get = sta.request("HEAD", "/Things"), sta.request("GET", "/Things")
    assert (head.status_code, head.content, head.headers["content-length"]) == (
        200,
        b"",
        get.headers["content-length"],
    )
    assert (
        sta.request("OPTIONS", "/Things").headers["allow"] == "GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS"
    )


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/status-code")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Things", 200),
        ("GET", "/Things({open_thing})", 200),
        ("GET", "/Observations({open_observation})/parameters", 204),
        ("GET", "/Things?$top=x", 400),
        ("POST", "/Things", 401),
        ("GET", "/Things(987654321)", 404),
        ("GET", "/Nothing", 404),
        ("POST", "/$batch/Things", 401),
        ("TRACE", "/Things", 405),
        ("GET", "/Things?$filter=" + "x" * 20_000, 414),
    ],
)
def test_what_was_asked_is_told_by_the_status(
    sta: "Client", city: "City", method: str, path: str, status: int
) -> None:
    assert sta.request(method, path.format(**city.ids)).status_code == status
