"""Batches as JSON (OData JSON Format 4.01, clause 19), named in the landing document as FROST names its extension."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.sta.batch_request.messages import post, send_json
from tests.conformance.sta.batch_request.test_batch_request import SENSOR, count, flow, thing

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db


def ask(name: str, method: str, url: str, body: Any = None, group: str = "", **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"id": name, "method": method, "url": url, **more}
    return found | ({} if body is None else {"body": body}) | ({"atomicityGroup": group} if group else {})


@pytest.mark.requirement("https://fraunhoferiosb.github.io/FROST-Server/extensions/JsonBatchRequest.html")
def test_requests_and_groups_are_answered_by_their_ids(sta: "Client", city: "City") -> None:
    first, made, changed, missing = send_json(
        sta,
        [
            ask("0", "get", f"Things({city.closed_thing})?$select=name"),
            ask("1", "post", "Things", thing(), "group1"),
            ask("2", "patch", f"Things({city.closed_thing})", {"description": "json patched"}, "group1"),
            ask("3", "get", "Things(987654321)"),
        ],
    )
    assert first == {
        "id": "0",
        "status": 200,
        "headers": {"content-type": "application/json;charset=utf-8"},
        "body": {"name": "closed thing"},
    }
    assert (made["id"], made["status"], made["atomicityGroup"]) == ("1", 201, "group1")
    assert made["location"] == made["headers"]["location"] == made["body"]["@iot.selfLink"]
    assert sta.get(made["location"], token="manager")["name"] == "New"
    assert (changed["id"], changed["status"]) == ("2", 200)
    assert (missing["status"], missing["body"]["code"]) == (404, 404)


def test_a_group_refers_to_what_it_made(sta: "Client", city: "City") -> None:
    found = send_json(
        sta,
        [
            ask("sensor1", "post", "Sensors", SENSOR, "g"),
            ask(
                "any", "post", f"Things({city.closed_thing})/Datastreams",
                flow(Sensor={"@iot.id": "$sensor1"}, ObservedProperty={"@iot.id": city.closed_property}), "g",
            ),
            ask("read", "get", "$any/Sensor?$select=name", dependsOn=["any"]),
        ],
    )  # fmt: skip
    assert [item["status"] for item in found] == [201, 201, 200]
    assert found[2]["body"] == {"name": "DS18B20"}


def test_of_a_group_all_is_done_or_nothing_and_each_part_says_why(sta: "Client", city: "City") -> None:
    before = count(sta, "/Things")
    made, failed, last, other = send_json(
        sta,
        [
            ask("1", "post", "Things", thing("half"), "g"),
            ask("2", "post", "Things", {"name": 5}, "g"),
            ask("3", "post", "Things", thing("half"), "g"),
            ask("4", "get", "Things(0)"),
        ],
        Prefer="continue-on-error",
    )
    assert [made["status"], failed["status"], last["status"], other["status"]] == [424, 400, 424, 404]
    assert "requests[1]" in made["body"]["message"]
    assert failed["body"]["type"] == "error"
    assert count(sta, "/Things") == before


def test_what_depends_on_a_failure_is_not_tried(sta: "Client", city: "City") -> None:
    before = count(sta, "/Things")
    found = send_json(
        sta,
        [
            ask("1", "get", "Things(0)"),
            ask("2", "post", "Things", thing("never"), dependsOn=["1"]),
            ask("3", "post", "Things", {"name": 5}, "g"),
            ask("4", "post", "Things", thing("never"), dependsOn=["g"]),
            ask("5", "get", "$3"),
            ask("6", "get", "Things?$top=1&$select=id"),
        ],
        Prefer="continue-on-error",
    )
    assert [item["status"] for item in found] == [404, 424, 400, 424, 424, 200]
    assert count(sta, "/Things") == before


def test_an_answer_that_is_no_json_is_a_text(sta: "Client", city: "City") -> None:
    counted, table = send_json(
        sta, [ask("1", "get", "Things/$count"), ask("2", "get", "Things?$resultFormat=CSV&$select=id&$top=0")]
    )
    assert counted["body"].isdecimal()
    assert table["body"] == "id\r\n"


NEVER = ask("never", "post", "Things", thing("never"))
MALFORMED: dict[str, list[dict[str, Any]]] = {
    "an unknown name": [NEVER, ask("1", "get", "Things", atomicitygroup="g")],
    "no url": [NEVER, {"id": "1", "method": "get"}],
    "no id": [NEVER, ask("", "get", "Things")],
    "an id twice": [NEVER, NEVER],
    "a group in two pieces": [ask("1", "post", "Things", thing(), "g"), NEVER, ask("2", "post", "Things", thing(), "g")],
    "a query in a group": [NEVER, ask("1", "get", "Things", None, "g")],
    "an unknown dependency": [NEVER, ask("1", "get", "Things", dependsOn=["2"])],
    "a group named as a request": [NEVER, ask("1", "post", "Things", thing(), "never")],
    "a batch in it": [NEVER, ask("1", "post", "$batch", {"requests": []})],
    "nothing": [],
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_nothing_of_a_malformed_batch_is_done(sta: "Client", city: "City", case: str) -> None:
    before = count(sta, "/Things")
    (refused,) = send_json(sta, MALFORMED[case], status=400)
    assert refused["type"] == "error"
    assert count(sta, "/Things") == before


def test_conditions_are_refused_before_anything_is_done(sta: "Client", city: "City") -> None:
    (refused,) = send_json(sta, [NEVER, ask("1", "get", "Things", **{"if": "$never eq 1"})], status=501)
    assert refused["code"] == 501


@pytest.mark.parametrize("body", [b"", b"[]", b'{"requests": 5}', b'{"requests": [', b"[" * 5000, b"\xff"])
def test_what_is_no_json_batch_is_refused(sta: "Client", city: "City", body: bytes) -> None:
    assert post(sta, body, kind="application/json").status_code == 400


def test_a_json_batch_has_bounds(sta: "Client", city: "City") -> None:
    many = [ask(str(number), "get", "Things(1)") for number in range(1001)]
    assert post(sta, json.dumps({"requests": many}), kind="application/json").status_code == 413
