"""18-088 req/request-data/built-in-query-functions: each function of table 23, and what a wrong call is told."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

SQUARE = "POLYGON((7.05 51.4,7.15 51.4,7.15 51.6,7.05 51.6,7.05 51.4))"


def found(sta: "Client", collection: str, condition: str, token: str = "reader") -> list[Any]:
    """The names (or results) of what a filter finds."""
    path = f"/{collection}?$filter={quote(condition)}&$orderby=id&$top=1000"
    return [item.get("name", item.get("result")) for item in sta.values(path, token)]


@pytest.mark.requirement(
    "http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/built-in-query-functions"
)
@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("substringof('pen', name)", ["open thing"]),
        ("contains(name,'pen')", ["open thing"]),
        ("startswith(name,'clo')", ["closed thing"]),
        ("endswith(name,'d thing')", ["closed thing"]),
        ("length(name) eq 12", ["closed thing"]),
        ("indexof(name,'thing') eq 5", ["open thing"]),
        ("indexof(name,'nothing') eq -1", ["open thing", "closed thing"]),
        ("substring(name,5) eq 'thing'", ["open thing"]),
        ("substring(name,1,3) eq 'pen'", ["open thing"]),
        ("substring(name,-5,4) eq 'open'", ["open thing"]),
        ("substring(name,99999999999999,99999999999999) eq ''", ["open thing", "closed thing"]),
        ("toupper(name) eq 'OPEN THING'", ["open thing"]),
        ("tolower(toupper(name)) eq name", ["open thing", "closed thing"]),
        ("tolower('ÄÖÜ') eq 'äöü'", ["open thing", "closed thing"]),
        ("trim('  open thing ') eq name", ["open thing"]),
        ("concat(concat(name,': '),properties/kind) eq 'open thing: open'", ["open thing"]),
        ("startswith(properties/kind,'cl')", ["closed thing"]),
        ("startswith(properties/floor,'0')", []),
        ("contains(properties/absent,'a')", []),
        ("not contains(properties/absent,'a')", ["open thing", "closed thing"]),
        ("contains(name,null)", []),
        ("properties/absent eq properties/missing", ["open thing", "closed thing"]),
        ("properties/absent ne properties/missing", []),
        ("properties/kind ne properties/missing", ["open thing", "closed thing"]),
        ("properties/floor eq length(properties/missing)", []),
        ("contains(name,'pen') eq true", ["open thing"]),
    ],
)
def test_string_functions(sta: "Client", city: "City", condition: str, names: list[str]) -> None:
    assert found(sta, "Things", condition) == names


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("year(phenomenonTime) eq 2026 and month(phenomenonTime) eq 1", 48),
        ("day(resultTime) eq 31", 24),
        ("hour(phenomenonTime) eq 7", 11),
        ("minute(resultTime) eq 0 and second(resultTime) eq 1", 250),
        ("fractionalseconds(resultTime) eq 0", 250),
        ("date(phenomenonTime) eq 2026-01-31", 24),
        ("time(phenomenonTime) lt 06:00", 66),
        ("time(phenomenonTime) eq 05:00:00.000", 11),
        ("hour(time(phenomenonTime)) eq 5", 11),
        ("totaloffsetminutes(phenomenonTime) eq 0", 250),
        ("phenomenonTime gt mindatetime() and phenomenonTime lt maxdatetime()", 250),
        ("phenomenonTime lt now()", 250),
        ("phenomenonTime gt now() sub duration'P1D'", 0),
        ("phenomenonTime add duration'P1D' gt now()", 0),
        ("phenomenonTime add duration'P1D' eq 2026-02-01T05:00:00Z", 1),
        ("phenomenonTime lt 2026-01-30T00:00:00Z add duration'PT1H' mul 3", 3),
        ("resultTime sub phenomenonTime eq duration'PT1S'", 250),
        ("totalseconds(resultTime sub phenomenonTime) eq 1", 250),
        ("phenomenonTime add duration'P900000000D' gt now()", 0),
        ("before(phenomenonTime,2026-01-31T00:00:00Z)", 24),
        ("after(phenomenonTime,2026-01-30T00:00:00Z/2026-01-31T00:00:00Z)", 225),
        ("meets(phenomenonTime,2026-01-30T05:00:00Z/2026-01-31T00:00:00Z)", 2),
        ("during(phenomenonTime,2026-01-30T05:00:00Z/2026-01-30T07:00:00Z)", 3),
        ("overlaps(phenomenonTime,2026-01-30T05:00:00Z/2026-01-30T07:00:00Z)", 3),
        ("starts(phenomenonTime,2026-01-30T05:00:00Z/2026-01-31T00:00:00Z)", 1),
        ("finishes(phenomenonTime,2026-01-30T05:00:00Z/2026-01-31T00:00:00Z)", 1),
        ("overlaps(validTime,2026-01-30T05:00:00Z)", 0),
        ("during('2026-01-30T05:00:00Z',Datastream/phenomenonTime)", 250),
    ],
)
def test_date_and_time_functions(sta: "Client", city: "City", condition: str, count: int) -> None:
    path = f"/Datastreams({city.open_stream})/Observations"
    assert int(sta.request("GET", f"{path}/$count?$filter={quote(condition)}").text) == count


@pytest.mark.parametrize(
    ("condition", "results"),
    [
        ("round(result) eq 1", [0.5, 1]),
        ("floor(result) eq 1", [1, 1.5]),
        ("ceiling(result) eq 1", [0.5, 1]),
        ("round(result add 0.25) eq 2 and result lt 2", [1.5]),
        ("result in (1,2.5,'text 6',7)", [1, 2.5, "text 6", 7]),
        ("result div 0 eq 1", []),
        ("result mod 2 eq 1 and result lt 8", [1, 5, 7]),
        ("(result add 1) mul 2 eq 5 ", [1.5]),
        ("result sub 1 eq -1", [0]),
    ],
)
def test_math_functions_and_arithmetic(
    sta: "Client", city: "City", condition: str, results: list[Any]
) -> None:
    assert found(sta, f"Datastreams({city.open_stream})/Observations", condition) == results


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("geo.distance(location,geography'POINT(7.1 51.5)') lt 0.05", ["open place"]),
        ("geo.distance(geography'POINT(7.1 51.5)',location) ge 0.05", ["closed place"]),
        ("geo.intersects(location,geography'%s')", ["open place"]),
        ("st_intersects(location,geography'%s')", ["open place"]),
        ("st_within(location,geography'%s')", ["open place"]),
        ("not st_within(location,geography'%s')", ["closed place"]),
        ("st_contains(geography'%s',location)", ["open place"]),
        ("st_contains(location,geography'%s')", []),
        ("st_disjoint(location,geography'%s')", ["closed place"]),
        ("st_equals(location,geography'POINT(7.1 51.5)')", ["open place"]),
        ("st_touches(location,geography'LINESTRING(7.1 51.5,8 52)')", ["open place"]),
        ("st_crosses(geography'MULTIPOINT(7.1 51.5,8 52)',location)", []),
        ("st_overlaps(location,geography'%s')", []),
        ("st_relate(location,geography'%s','T*F**F***')", ["open place"]),
        ("st_relate(location,geography'%s','FF*FF****')", ["closed place"]),
        ("geo.length(location) eq 0", ["open place", "closed place"]),
        ("geo.length(geography'LINESTRING(0 0,3 4)') eq 5", ["open place", "closed place"]),
        ("geo.distance(geography'POINT(0 0)',geography'POINT(0 1)') eq 1", ["open place", "closed place"]),
        (
            "st_within(location,geography'SRID=4326;%s') or name eq 'closed place'",
            ["open place", "closed place"],
        ),
    ],
)
def test_geospatial_functions(sta: "Client", city: "City", condition: str, names: list[str]) -> None:
    assert found(sta, "Locations", condition.replace("%s", SQUARE)) == names


def test_geospatial_functions_reach_through_relations(sta: "Client", city: "City") -> None:
    inside = f"geography'{SQUARE}'"
    assert found(sta, "Things", f"st_within(Locations/location,{inside})") == ["open thing"]
    assert len(found(sta, "Observations", f"not st_within(FeatureOfInterest/feature,{inside})")) == 7
    assert found(sta, "Datastreams", f"st_within(observedArea,{inside})") == []
    assert found(sta, "Datastreams", f"not st_within(observedArea,{inside})") == [
        "open stream",
        "closed stream",
    ]
    near = quote("geo.distance(location,geography'POINT(9 51.5)')")
    assert sta.names(f"/Locations?$orderby={near}", "reader") == ["closed place", "open place"]
    assert sta.names(f"/Locations?$orderby={near} desc", "reader") == ["open place", "closed place"]


def test_what_may_not_be_seen_has_no_place(sta: "Client", city: "City") -> None:
    everywhere = "geography'POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))'"
    for condition in (
        f"st_within(location,{everywhere})",
        "geo.distance(location,geography'POINT(7.3 51.5)') ge 0",
    ):
        assert found(sta, "Locations", condition, token="") == ["open place"]
        assert found(sta, "Locations", condition) == ["open place", "closed place"]
    assert found(sta, "Things", f"st_within(Locations/location,{everywhere})", token="") == ["open thing"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("Datastreams/name eq 'open stream'", ["open thing"]),
        ("Datastreams/Observations/result eq 100", ["open thing"]),
        ("Datastreams/Observations/FeatureOfInterest/name eq 'closed feature'", ["closed thing"]),
        ("Datastreams/name eq 'open stream' and Datastreams/properties/rank eq 1", []),
        ("Datastreams/name eq 'open stream' or Datastreams/properties/rank eq 1", ["open thing", "closed thing"]),
        ("not Datastreams/name eq 'open stream'", ["closed thing"]),
        ("Datastreams/Observations/phenomenonTime lt 2026-01-31T00:00:00Z and Datastreams/Observations/result gt 2.5", ["open thing"]),
        ("Datastreams/any(d: d/name eq 'open stream')", ["open thing"]),
        ("Datastreams/any(d: d/name eq 'open stream' and d/Observations/any(o: o/result eq 2))", ["open thing"]),
        ("Datastreams/all(d: d/name eq 'open stream')", ["open thing"]),
        ("Datastreams/any(d: d/Thing/name eq name)", ["open thing", "closed thing"]),
        ("Locations/HistoricalLocations/Thing/id gt 0", ["open thing", "closed thing"]),
        ("HistoricalLocations/time eq 2026-01-30T00:00:00Z and length(name) gt 10", ["closed thing"]),
        ("name in ('open thing','x') and id in (99999999999999999,-1)", []),
        ("id in (%d)", ["open thing"]),
        ("@iot.id in (%d) and not (name in (null))", ["open thing"]),
        ("properties/kind in ('open')", ["open thing"]),
    ],
)  # fmt: skip
def test_filters_lead_through_every_relation(
    sta: "Client", city: "City", condition: str, names: list[str]
) -> None:
    condition = condition.replace("%d", str(city.open_thing))
    assert found(sta, "Things", condition) == names


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("startwith(name,'a')", "position 1: unknown function 'startwith', did you mean 'startswith'?"),
        ("contains(name)", "position 1: 'contains' takes 2 arguments, found 1"),
        ("substring(name)", "position 1: 'substring' takes 2 or 3 arguments, found 1"),
        ("contains(name,5)", "position 15: expected a text, found a number"),
        ("year(name) eq 5", "position 6: expected a time, found a text"),
        ("name add 1 eq 2", "position 1: expected a number, found a text"),
        ("now() add now() eq 2", "position 7: two times cannot be added"),
        ("now() mul duration'P1D' eq 2", "position 7: 'mul' does not join a time and a duration"),
        ("now() lt duration'P1D'", "position 7: cannot compare a time with a duration"),
        ("length(name)", "position 1: expected a condition, such as a comparison"),
        ("before(name,now())", "position 8: expected a time or an interval, found a text"),
        ("st_within(name,geography'POINT(1 1)')", "position 11: expected a geometry, such as location, feature or geography'POINT(7.1 51.5)', found a text"),
        ("st_within(Locations/location,geography'POINT(1')", "position 30: this is no geometry in WKT, such as POINT(7.1 51.5)"),
        ("st_within(Locations/location,geography'SRID=25832;POINT(1 1)')", "position 30: geometries are in SRID 4326, longitude first"),
        ("st_within(Locations/location,Locations/location)", "position 1: compare a property with a geography'…', not with another property"),
        ("st_relate(Locations/location,geography'POINT(1 1)','TTT')", "position 52: expected nine of the characters T, F, *, 0, 1 and 2 in quotes"),
        ("geo.distance(Locations/location)", "position 1: 'geo.distance' takes 2 arguments, found 1"),
        ("Locations eq 1", "position 1: 'Locations' is an entity; name one of its properties, such as Locations/id"),
        ("name/any(x: x/name eq 'a')", "position 1: 'name' is a property, not a navigation property"),
        ("Datastreams/any(x: x/nmae eq 'a')", "position 22: unknown property 'nmae', did you mean 'name'?"),
        ("Datastreams/Thing/any(x: x/name eq 'a')", "position 1: 'Datastreams/Thing' is no collection"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_what_is_wrong_and_where(
    sta: "Client", city: "City", condition: str, message: str
) -> None:
    assert sta.refusal(f"/Things?$filter={quote(condition)}") == f"$filter, {message}"


def test_an_order_has_one_value_for_each_entity(sta: "Client", city: "City") -> None:
    assert "'Datastreams' is a collection" in sta.refusal("/Things?$orderby=Datastreams/name")
