"""http://www.opengis.net/spec/iot_sensing/1.1/req/batch-request/batch-request: batches as multipart/mixed."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.sta.batch_request.messages import change_set, joined, post, request, send

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

SENSOR = {
    "name": "DS18B20",
    "description": "",
    "encodingType": "application/pdf",
    "metadata": "https://example.org",
}
PROPERTY = {"name": "Temperatur", "description": "", "definition": "https://example.org/t"}
PLACE = {
    "name": "Markt", "description": "", "encodingType": "application/geo+json",
    "location": {"type": "Point", "coordinates": [7, 51]},
}  # fmt: skip


def thing(name: str = "New") -> dict[str, Any]:
    return {"name": name, "description": "Thing"}


def flow(**links: Any) -> dict[str, Any]:
    unit = {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"}
    return {"name": "flow", "description": "", "observationType": "x", "unitOfMeasurement": unit, **links}


def count(sta: "Client", path: str) -> int:
    return int(sta.request("GET", f"{path}/$count", token="manager").text)


@pytest.mark.requirement("http://www.opengis.net/spec/iot_sensing/1.1/req/batch-request/batch-request")
@pytest.mark.parametrize("end", ["\r\n", "\n"], ids=["CRLF", "LF"])
def test_queries_and_a_change_set_are_answered_in_their_order(sta: "Client", city: "City", end: str) -> None:
    """Example 11-2 of 18-088."""
    address = f"/sta/v1.1/Things({city.closed_thing})"
    first, changes, missing = send(
        sta,
        request(f"GET {address}?$select=name", end=end),
        change_set(
            request("POST /sta/v1.1/Things", thing(), "1", end=end),
            request(f"PATCH {address}", {"description": "patched"}, "2", end=end),
            end=end,
        ),
        request("GET /sta/v1.1/Things(987654321)", end=end),
        end=end,
    )
    assert (first.status, first.body) == (200, {"name": "closed thing"})
    assert changes.parts is not None
    made, changed = changes.parts
    assert (made.status, made.id) == (201, "1")
    assert (changed.status, changed.id) == (200, "2")
    assert made.headers is not None
    assert sta.get(made.headers["location"], token="manager")["name"] == "New"
    assert sta.get(f"/Things({city.closed_thing})", token="manager")["description"] == "patched"
    assert (missing.status, missing.body["code"], missing.body["type"]) == (404, 404, "error")


def test_a_change_set_refers_to_what_it_made(sta: "Client", city: "City") -> None:
    """Example 11-3 of 18-088, and `$thing/Datastreams` of OData."""
    (changes,) = send(
        sta,
        change_set(
            request("POST Sensors", SENSOR, "sensor1"),
            request("POST Things", {**thing(), "Locations": [PLACE]}, "thing"),
            request("POST ObservedProperties", PROPERTY, "seen"),
            request(
                "POST $thing/Datastreams",
                flow(Sensor={"@iot.id": "$sensor1"}, ObservedProperty={"@iot.id": "$seen"}),
                "flow",
            ),
            request("POST $flow/Observations", {"result": 1}, "o1"),
            request("POST Observations", {"result": 2, "Datastream": {"@iot.id": "$flow"}}),
            request("PATCH $thing", {"name": "Umbenannt"}),
        ),
    )
    assert changes.parts is not None
    assert [part.status for part in changes.parts] == [201, 201, 201, 201, 201, 201, 200]
    headers = changes.parts[3].headers
    assert headers is not None
    found = sta.get(
        f"{headers['location']}?$expand=Thing,Sensor,Observations($select=result)", token="manager"
    )
    assert found["Thing"]["name"] == "Umbenannt"
    assert found["Sensor"]["name"] == "DS18B20"
    assert sorted(item["result"] for item in found["Observations"]) == [1, 2]


def test_a_change_set_is_done_whole_or_not_at_all(sta: "Client", city: "City") -> None:
    before = count(sta, "/Things"), count(sta, f"/Datastreams({city.closed_stream})/Observations")
    (failed,) = send(
        sta,
        change_set(
            request("POST Things", thing("half"), "1"),
            request(f"POST Datastreams({city.closed_stream})/Observations", {"result": 5}, "2"),
            request(f"POST Datastreams({city.closed_stream})/Observations", {"resutl": 5}, "3"),
        ),
    )
    assert (failed.status, failed.id, failed.parts) == (400, "3", None)
    assert "resutl" in failed.body["message"]
    assert (count(sta, "/Things"), count(sta, f"/Datastreams({city.closed_stream})/Observations")) == before


def test_the_observation_that_cannot_be_stored_is_named(sta: "Client", city: "City") -> None:
    path = f"POST Datastreams({city.closed_stream})/Observations"
    far = {"result": 1, "phenomenonTime": "9999-01-01T00:00:00Z"}
    other = {"result": 1, "Datastream": {"@iot.id": city.other_stream}}
    (late,) = send(sta, change_set(request(path, {"result": 1}, "a"), request(path, far, "b")))
    (hidden,) = send(
        sta, change_set(request(path, {"result": 1}, "a"), request("POST Observations", other, "b"))
    )
    assert (late.status, late.id) == (400, "b")
    assert (hidden.status, hidden.id) == (400, "b")
    assert f"there is no Datastream({city.other_stream})" in hidden.body["message"]


def test_later_parts_see_what_earlier_ones_wrote(sta: "Client", city: "City") -> None:
    made, read, changes, counted = send(
        sta,
        request("POST Things", thing("Erst"), "t"),
        request("GET $t?$select=name"),
        change_set(request("PATCH $t", {"name": "Dann"})),
        request("GET Things/$count?$filter=name%20eq%20'Dann'"),
    )
    assert (made.status, read.body) == (201, {"name": "Erst"})
    assert changes.parts is not None
    assert (counted.status, counted.body) == (200, "1")


def test_a_failure_ends_the_batch_unless_the_client_prefers_otherwise(sta: "Client", city: "City") -> None:
    parts = [request("GET Things(0)"), request("POST Things", thing("after"))]
    assert [part.status for part in send(sta, *parts)] == [404]
    assert [part.status for part in send(sta, *parts, Prefer="continue-on-error")] == [404, 201]
    assert [part.status for part in send(sta, *parts, Prefer="odata.continue-on-error=false")] == [404]
    answer = post(sta, joined("batch_1", parts), Prefer="continue-on-error")
    assert answer.headers["preference-applied"] == "continue-on-error"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/sta/v1.1/Things?$filter=properties/floor%20eq%201&$select=name",
        "/sta/v1.1/Things?$filter=properties/floor%20eq%201&$select=name",
        "Things?$filter=properties/floor%20eq%201&$select=name",
        "Things?$filter=properties/floor eq 1&$select=name",
    ],
)
def test_addresses_are_absolute_or_relative_to_host_or_service(
    sta: "Client", city: "City", address: str
) -> None:
    (part,) = send(sta, request(f"GET {address}"))
    assert part.body["value"] == [{"name": "closed thing"}]


def test_a_data_array_stands_in_a_change_set(sta: "Client", city: "City") -> None:
    rows = [["2026-03-01T00:00:00Z", 1], ["2026-03-01T01:00:00Z", 2]]
    block = {
        "Datastream": {"@iot.id": "$flow"},
        "components": ["phenomenonTime", "result"],
        "dataArray": rows,
    }
    made = flow(
        Thing={"@iot.id": city.closed_thing}, Sensor={"@iot.id": city.closed_sensor},
        ObservedProperty={"@iot.id": city.closed_property},
    )  # fmt: skip
    (changes,) = send(
        sta,
        change_set(
            request("POST Datastreams", made, "flow"), request("POST CreateObservations", [block], "o")
        ),
    )
    assert changes.parts is not None
    assert [part.status for part in changes.parts] == [201, 201]
    assert sta.get(changes.parts[1].body[1] + "/result/$value", token="manager") == 2


def test_many_observations_in_one_change_set(sta: "Client", city: "City") -> None:
    path = f"POST Datastreams({city.closed_stream})/Observations"
    before = count(sta, f"/Datastreams({city.closed_stream})/Observations")
    (changes,) = send(sta, change_set(*(request(path, {"result": n}, f"c{n}") for n in range(300))))
    assert changes.parts is not None
    assert {part.status for part in changes.parts} == {201}
    assert count(sta, f"/Datastreams({city.closed_stream})/Observations") == before + 300


def test_each_part_has_the_rights_of_the_caller(sta: "Client", city: "City") -> None:
    parts = [
        request(f"GET Things({city.closed_thing})"),
        request("POST Things", thing()),
        change_set(request("POST Things", thing(), "s")),
        request(f"DELETE Things({city.closed_thing})"),
    ]
    found = {
        token: [part.status for part in send(sta, *parts, token=token, Prefer="continue-on-error")]
        for token in ("", "reader", "stranger")
    }
    assert found == {"": [404, 401, 401, 401], "reader": [200, 403, 403, 403], "stranger": [404, 201, 0, 403]}


def test_a_part_speaks_for_nobody_else(sta: "Client", city: "City") -> None:
    secret = sta.tokens["manager"]
    (part,) = send(
        sta, request(f"GET Things({city.closed_thing})", Authorization=f"Bearer {secret}"), token="stranger"
    )
    assert part.status == 404


def test_an_unknown_token_is_refused_as_a_whole(sta: "Client", city: "City") -> None:
    (refused,) = send(sta, request("GET Things"), token="stadt_" + "x" * 43, status=401)
    assert refused.body["code"] == 401


GOOD = request("POST Things", thing("never"))
MALFORMED = {
    "no parts": joined("batch_1", []),
    "no end": joined("batch_1", [GOOD])[:-14],
    "another boundary": joined("batch_2", [GOOD]),
    "no headers": joined("batch_1", [GOOD, "\r\n" + GOOD]),
    "another type": joined("batch_1", [GOOD, GOOD.replace("application/http", "text/plain")]),
    "a coded body": joined("batch_1", [GOOD, "Content-Transfer-Encoding: base64\r\n" + GOOD]),
    "no request line": joined("batch_1", [GOOD, "Content-Type: application/http\r\n\r\n\r\n"]),
    "another method": joined("batch_1", [GOOD, request("TRACE Things")]),
    "another service": joined("batch_1", [GOOD, request("GET https://example.org/sta/v1.1/Things")]),
    "another path": joined("batch_1", [GOOD, request("GET /api/v1/things")]),
    "a batch in it": joined("batch_1", [GOOD, request("POST /sta/v1.1/$batch", {"requests": []})]),
    "a query in a change set": joined("batch_1", [GOOD, change_set(request("GET Things"))]),
    "an empty change set": joined("batch_1", [GOOD, change_set()]),
    "a change set in one": joined("batch_1", [GOOD, change_set(change_set(GOOD))]),
    "an id twice": joined("batch_1", [request("POST Things", thing(), "1"), request("POST Things", thing(), "1")]),
    "an unknown id": joined("batch_1", [GOOD, request("GET $2/Datastreams")]),
    "a later id": joined("batch_1", [GOOD, request("GET $2/Datastreams"), request("POST Things", thing(), "2")]),
    "broken headers": joined("batch_1", [GOOD, "Content-Type: application/http\r\nx\r\n\r\nGET Things\r\n\r\n"]),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_nothing_of_a_malformed_batch_is_done(sta: "Client", city: "City", case: str) -> None:
    before = count(sta, "/Things")
    answer = post(sta, MALFORMED[case])
    document = answer.json()
    assert (answer.status_code, document["code"], document["type"]) == (400, 400, "error"), answer.text
    assert count(sta, "/Things") == before


def test_a_batch_has_bounds(sta: "Client", city: "City") -> None:
    many = joined("batch_1", [request("GET Things(1)")] * 1001)
    assert post(sta, many).status_code == 413
    large = joined("batch_1", [request("GET Things", "x" * (1024 * 1024))])
    assert post(sta, large, token="").status_code == 413
    assert post(sta, large, token="reader").status_code == 200


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data; boundary=batch_1"])
def test_other_forms_are_refused(sta: "Client", kind: str) -> None:
    assert post(sta, joined("batch_1", [GOOD]), kind=kind).status_code == 415


def test_a_batch_is_posted(sta: "Client") -> None:
    answer = sta.request("GET", "/$batch")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_reference_to_another_kind_of_entity_is_refused(sta: "Client", city: "City") -> None:
    body = flow(ObservedProperty={"@iot.id": city.closed_property}, Sensor={"@iot.id": "$t"})
    (failed,) = send(
        sta,
        change_set(
            request("POST Things", {**thing(), "Locations": [PLACE]}, "t"),
            request("POST $t/Datastreams", body, "f"),
        ),
    )
    assert (failed.status, failed.id) == (400, "f")
    assert "Sensor.@iot.id: '$t' is a Thing, not a Sensor" in failed.body["message"]


def test_bodies_refer_to_earlier_parts_only(sta: "Client", city: "City") -> None:
    body = {"result": 1, "Datastream": {"@iot.id": "$nix"}}
    (failed,) = send(sta, request("POST Observations", body))
    assert failed.status == 400
    assert "Datastream.@iot.id: '$nix' is no earlier request" in failed.body["message"]


def test_a_json_patch_and_a_deletion_stand_in_a_change_set(sta: "Client", city: "City") -> None:
    steps = [{"op": "replace", "path": "/name", "value": "Gepatcht"}]
    (changes, gone) = send(
        sta,
        change_set(
            request("POST Things", thing(), "t"),
            request("PATCH $t", steps, Content_Type="application/json-patch+json"),
            request("POST Things", thing("weg"), "u"),
            request("DELETE $u"),
        ),
        request("GET $t/name/$value"),
    )
    assert changes.parts is not None
    assert [part.status for part in changes.parts] == [201, 200, 201, 200]
    assert gone.body == "Gepatcht"


def test_what_a_change_set_did_is_in_the_audit_and_what_it_did_not_is_not(
    sta: "Client", city: "City"
) -> None:
    from stadt.core.people.models import AuditEntry

    AuditEntry.objects.all().delete()
    send(sta, change_set(request("POST Things", thing(), "1"), request("POST Things", {"name": 5}, "2")))
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == []
    send(sta, change_set(request("POST Things", thing(), "1"), request("PATCH $1", {"name": "x"}, "2")))
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "create_entity",
        "update_entity",
    ]


def test_the_answer_of_a_failed_part_says_nothing_of_what_is_hidden(sta: "Client", city: "City") -> None:
    """A hidden entity and none give the same answer, in parts as elsewhere."""
    answers = []
    for identifier in (city.other_thing, 987654321):
        (part,) = send(sta, change_set(request(f"PATCH Things({identifier})", {"name": "x"}, "1")))
        answers.append((part.status, json.dumps(part.body)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
