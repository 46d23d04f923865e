"""Messages of The Things Stack are read as documented, and wrong ones refused by field."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.core.errors import BadRequest, Invalid, StadtError
from stadt.hub.ingest.tests.uplinks import NOW, body, uplink
from stadt.hub.ingest.tts import Ignored, Uplink, read_message


def read(document: Any) -> Uplink:
    found = read_message(body(document), NOW)
    assert isinstance(found, Uplink)
    return found


def refused(raw: bytes) -> tuple[int, str]:
    with pytest.raises(StadtError) as caught:
        read_message(raw, NOW)
    return caught.value.status, caught.value.fields[0].field


def test_a_documented_uplink_is_read() -> None:
    found = read(uplink())
    assert found.device_id == "container-0001"
    assert found.dev_eui == "70B3D57ED005ABCD"
    assert found.decoded == {"fill_level": 62, "battery": 88}
    assert found.time == datetime(2026, 11, 20, 11, 59, 30, 787391, tzinfo=UTC)
    assert (found.f_port, found.f_cnt, found.simulated) == (85, 42, False)


def test_the_best_gateway_tells_the_link_quality() -> None:
    found = read(uplink())
    assert (found.rssi, found.snr, found.gateways) == (-97, 8.2, 2)


def test_left_out_fields_mean_zero() -> None:
    document = uplink(f_cnt=0)
    del document["uplink_message"]["f_port"]
    found = read(document)
    assert (found.f_cnt, found.f_port) == (0, 0)


def test_the_key_names_device_session_and_counter() -> None:
    assert read(uplink()).key == "70B3D57ED005ABCD/AXA50kHtmdwK5oJTzdXTow==/42"


def test_without_a_session_the_time_keeps_restarted_counters_apart() -> None:
    first, second = uplink(f_cnt=0), uplink(f_cnt=0, received_at="2026-11-20T11:00:00Z")
    for document in (first, second):
        del document["uplink_message"]["session_key_id"]
    assert read(first).key != read(second).key


def test_a_gateways_gps_time_is_when_it_was_measured() -> None:
    found = read(uplink(settings={"time": "2026-11-20T11:59:29.100Z"}))
    assert found.time == datetime(2026, 11, 20, 11, 59, 29, 100000, tzinfo=UTC)


@pytest.mark.parametrize("nonsense", ["1980-01-06T00:00:00Z", "2026-11-20T09:00:00Z"])
def test_a_gateway_without_a_gps_fix_is_not_believed(nonsense: str) -> None:
    assert read(uplink(settings={"time": nonsense})).time == datetime(
        2026, 11, 20, 11, 59, 30, 787391, tzinfo=UTC
    )


def test_the_outer_time_of_reception_stands_in_for_the_inner_one() -> None:
    document = uplink()
    del document["uplink_message"]["received_at"]
    assert read(document).time == datetime(2026, 11, 20, 11, 59, 30, 990000, tzinfo=UTC)


def test_the_users_location_is_taken_and_left_out_zeros_are_the_equator() -> None:
    found = read(uplink(locations={"user": {"longitude": 7.06, "source": "SOURCE_REGISTRY"}}))
    assert (found.lon, found.lat) == (7.06, 0.0)


def test_simulated_messages_say_so() -> None:
    assert read(uplink() | {"simulated": True}).simulated


@pytest.mark.parametrize("kind", ["join_accept", "downlink_ack", "service_data", "location_solved"])
def test_other_kinds_of_messages_are_known_and_ignored(kind: str) -> None:
    document = {"end_device_ids": uplink()["end_device_ids"], kind: {"session_key_id": "x"}}
    assert read_message(body(document), NOW) == Ignored(kind)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"f_cnt": "42"}, "uplink_message.f_cnt"),
        ({"f_cnt": -1}, "uplink_message.f_cnt"),
        ({"f_cnt": 2**32}, "uplink_message.f_cnt"),
        ({"f_port": 256}, "uplink_message.f_port"),
        ({"frm_payload": "!!!"}, "uplink_message.frm_payload"),
        ({"decoded_payload": [1]}, "uplink_message.decoded_payload"),
        ({"decoded_payload": {"fill": float("nan")}}, "uplink_message.decoded_payload.fill"),
        ({"decoded_payload": {"a": {"b": [1, float("inf")]}}}, "uplink_message.decoded_payload.a.b[1]"),
        ({"decoded_payload": {"text": "a\x00b"}}, "uplink_message.decoded_payload.text"),
        ({"rx_metadata": [{"rssi": "loud"}]}, "uplink_message.rx_metadata[0].rssi"),
        ({"received_at": "9999-01-01T00:00:00Z"}, "uplink_message.received_at"),
        ({"received_at": "1999-12-31T23:59:59Z"}, "uplink_message.received_at"),
        ({"received_at": "2026-11-20T11:59:30"}, "uplink_message.received_at"),
        ({"received_at": "yesterday"}, "uplink_message.received_at"),
        ({"settings": {"time": "9999-01-01T00:00:00Z"}}, "uplink_message.settings.time"),
        ({"locations": {"user": {"latitude": 91}}}, "uplink_message.locations[...].latitude"),
        ({"session_key_id": "a" * 101}, "uplink_message.session_key_id"),
    ],
)
def test_a_wrong_value_is_refused_by_its_path(change: dict[str, Any], field: str) -> None:
    assert refused(body(uplink(**change))) == (422, field)


@pytest.mark.parametrize("raw", [b"", b"{", b"[1,2", b"\xff\xfe", b'{"a": 1,}', b"[" * 5000])
def test_what_is_no_json_is_a_bad_request(raw: bytes) -> None:
    assert refused(raw) == (400, "body")


def test_missing_fields_are_named() -> None:
    assert refused(b"{}") == (422, "end_device_ids")
    assert refused(b'{"end_device_ids": {}}') == (422, "end_device_ids.device_id")
    assert refused(b'{"end_device_ids": {"device_id": "a"}}') == (422, "uplink_message")
    assert refused(b'{"end_device_ids": {"device_id": "a"}, "uplink_message": {}}') == (
        422,
        "uplink_message.received_at",
    )


def test_a_payload_nested_without_end_is_refused() -> None:
    deep: Any = 1
    for _ in range(100):
        deep = {"a": deep}
    assert refused(body(uplink({"x": deep}))) == (422, "uplink_message.decoded_payload")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    payload=st.dictionaries(st.text(max_size=8), json_values, max_size=5),
    field=st.sampled_from(
        [
            "f_cnt",
            "f_port",
            "received_at",
            "rx_metadata",
            "settings",
            "decoded_payload",
            "session_key_id",
            "locations",
        ]
    ),
    value=json_values,
)
def test_whatever_is_sent_is_read_or_refused(payload: dict[str, Any], field: str, value: Any) -> None:
    document = uplink(payload, **({field: value} if field != "decoded_payload" else {}))
    refused_fields: tuple[object, ...] = ()
    found: object = None
    try:
        found = read_message(body(document), NOW)
    except (BadRequest, Invalid) as error:
        refused_fields = error.fields
    assert isinstance(found, Uplink) or refused_fields


@given(raw=st.binary(max_size=200))
def test_noise_is_refused(raw: bytes) -> None:
    with pytest.raises(StadtError):
        read_message(raw, NOW)
