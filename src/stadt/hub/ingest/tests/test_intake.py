"""Messages become observations, once, with all that belongs to them."""

from typing import Any

import pytest

from stadt.core.errors import StadtError
from stadt.hub.ingest.intake import Accepted, accept_uplinks
from stadt.hub.ingest.mapping import NoteCode
from stadt.hub.ingest.models import Device, RawFrame, Source, SourceState
from stadt.hub.ingest.services import DeviceDraft, add_device, change_device
from stadt.hub.ingest.tests.city import OPERATOR, make_profile, make_source
from stadt.hub.ingest.tests.uplinks import NOW, body, uplink
from stadt.hub.ingest.tts import Uplink, read_message
from stadt.hub.observations.models import Datastream, Observation, Thing
from stadt.hub.observations.queries import Visibility, find_datastreams, latest

pytestmark = pytest.mark.django_db


def read(document: dict[str, Any]) -> Uplink:
    found = read_message(body(document), NOW)
    assert isinstance(found, Uplink)
    return found


def accept(source: Source, *documents: dict[str, Any]) -> list[Accepted | StadtError]:
    return accept_uplinks(source, [read(document) for document in documents])


def test_the_first_message_of_an_unknown_device_makes_thing_datastreams_and_observations() -> None:
    source = make_source(make_profile())

    [outcome] = accept(source, uplink({"fill_level": 62, "temperature": 11.5, "battery": 88}))

    assert outcome == Accepted(2)
    thing = Thing.objects.get(key="rathaus/container-0001")
    assert thing.properties["category"] == "container"
    values = latest(["rathaus/container-0001/fill-level", "rathaus/container-0001/temperature"])
    assert {key: item.value for key, item in values.items()} == {
        "rathaus/container-0001/fill-level": 62.0,
        "rathaus/container-0001/temperature": 11.5,
    }


def test_the_unit_is_the_profiles() -> None:
    source = make_source(make_profile())
    accept(source, uplink())
    [stream] = find_datastreams(keys=["rathaus/container-0001/temperature"])
    assert stream.unit["definition"] == "Cel"
    assert stream.unit["symbol"] == "°C"


def test_the_same_message_twice_is_one_reading() -> None:
    source = make_source(make_profile())
    first, second = accept(source, uplink(), uplink())
    [third] = accept(source, uplink())

    assert (first, second, third) == (
        Accepted(1, notes=first.notes if isinstance(first, Accepted) else ()),
        Accepted(0, is_duplicate=True),
        Accepted(0, is_duplicate=True),
    )
    assert Observation.objects.count() == 1
    assert RawFrame.objects.count() == 1
    state = SourceState.objects.get()
    assert (state.messages, state.duplicates, state.readings) == (1, 2, 1)


def test_the_next_counter_is_another_reading() -> None:
    source = make_source(make_profile())
    accept(source, uplink(), uplink(f_cnt=43, received_at="2026-11-20T12:00:30Z"))
    assert Observation.objects.count() == 2


def test_without_a_default_profile_unknown_devices_are_refused_and_nothing_is_written() -> None:
    source = make_source()

    [outcome] = accept(source, uplink())

    assert isinstance(outcome, StadtError)
    assert (outcome.code, outcome.status) == ("unknown-device", 422)
    assert outcome.fields[0].field == "end_device_ids.device_id"
    assert not Device.objects.exists()
    assert not Thing.objects.exists()
    assert not RawFrame.objects.exists()


def test_a_device_that_was_made_known_before_is_taken() -> None:
    source = make_source()
    add_device(OPERATOR, source, DeviceDraft("container-0001", make_profile(), lon=7.06, lat=51.55))
    accept(source, uplink())
    assert Observation.objects.count() == 1
    [stream] = find_datastreams(keys=["rathaus/container-0001/fill-level"])
    assert (stream.lon, stream.lat) == (7.06, 51.55)


def test_a_device_that_is_switched_off_is_refused() -> None:
    source, profile = make_source(), make_profile()
    add_device(OPERATOR, source, DeviceDraft("container-0001", profile, enabled=False))
    [outcome] = accept(source, uplink())
    assert isinstance(outcome, StadtError)
    assert outcome.code == "device-switched-off"


def test_a_value_of_the_wrong_type_refuses_the_whole_message_by_its_path() -> None:
    source = make_source(make_profile())

    [outcome] = accept(source, uplink({"fill_level": "voll", "temperature": 11.5}))

    assert isinstance(outcome, StadtError)
    assert [field.field for field in outcome.fields] == ["uplink_message.decoded_payload.fill_level"]
    assert not Observation.objects.exists()
    assert not RawFrame.objects.exists()


def test_one_refused_message_does_not_hold_up_the_others() -> None:
    source = make_source(make_profile())
    outcomes = accept(source, uplink({"fill_level": []}), uplink(f_cnt=43))
    assert isinstance(outcomes[0], StadtError)
    assert isinstance(outcomes[1], Accepted)
    assert Observation.objects.count() == 1


def test_a_value_outside_the_valid_range_is_left_out_and_the_frame_says_why() -> None:
    source = make_source(make_profile())
    [outcome] = accept(source, uplink({"fill_level": 250, "temperature": 11.5}))
    assert isinstance(outcome, Accepted)
    assert outcome.readings == 1
    frame = RawFrame.objects.get()
    assert frame.notes == [["fill_level", NoteCode.OUT_OF_RANGE]]
    assert frame.decoded == {"fill_level": 250, "temperature": 11.5}
    assert bytes(frame.payload) == b"\x03g\x01\x10\x05g\xff"


def test_a_message_without_decoded_content_is_kept_for_later() -> None:
    source = make_source(make_profile())
    document = uplink()
    del document["uplink_message"]["decoded_payload"]
    [outcome] = accept(source, document)
    assert isinstance(outcome, Accepted)
    assert outcome.readings == 0
    assert RawFrame.objects.get().decoded is None


def test_simulated_messages_make_simulated_observations() -> None:
    source = make_source(make_profile())
    accept(source, uplink() | {"simulated": True})
    assert Observation.objects.get().is_simulated
    accept(source, uplink(f_cnt=43))
    assert Observation.objects.filter(is_simulated=False).count() == 1


def test_health_is_the_newest_messages() -> None:
    source = make_source(make_profile())
    accept(source, uplink(f_cnt=44), uplink({"fill_level": 1}, f_cnt=43, received_at="2026-11-20T11:00:00Z"))
    device = Device.objects.get()
    assert (device.last_count, device.rssi, device.snr, device.gateways, device.battery) == (
        44,
        -97,
        8.2,
        2,
        88,
    )
    assert device.dev_eui == "70B3D57ED005ABCD"


def test_a_device_is_where_the_network_says_unless_an_operator_placed_it() -> None:
    source, profile = make_source(), make_profile()
    device = add_device(OPERATOR, source, DeviceDraft("container-0001", profile))
    here, there = {"latitude": 51.5, "longitude": 7.0}, {"latitude": 51.6, "longitude": 7.1}

    accept(source, uplink(locations={"user": here}))
    device.refresh_from_db()
    assert (device.lon, device.lat) == (7.0, 51.5)

    change_device(OPERATOR, device, DeviceDraft("container-0001", profile, lon=7.05, lat=51.55))
    accept(source, uplink(f_cnt=43, locations={"user": there}))
    [stream] = find_datastreams(keys=["rathaus/container-0001/fill-level"])
    assert (stream.lon, stream.lat) == (7.05, 51.55)


def test_values_are_public_only_where_the_profile_says_so() -> None:
    source = make_source(make_profile(is_public=False))
    accept(source, uplink())
    assert latest(["rathaus/container-0001/fill-level"]) == {}
    assert latest(["rathaus/container-0001/fill-level"], visibility=Visibility.ALL)


def test_frames_older_than_wanted_are_read_but_not_kept() -> None:
    source = make_source(make_profile())
    old = read(uplink(received_at="2026-10-01T00:00:00Z"))
    accept_uplinks(source, [old, read(uplink(f_cnt=43))], keep_frames_since=NOW.replace(day=1))
    assert Observation.objects.count() == 2
    assert RawFrame.objects.count() == 1


def test_texts_and_truths_are_stored_as_what_they_are() -> None:
    from stadt.hub.ingest.services import RowDraft

    profile = make_profile(
        RowDraft("lid", "lid-open", "Deckel offen", observation_type="OM_TruthObservation"),
        RowDraft("mode", "mode", "Betriebsart", observation_type="OM_CategoryObservation"),
    )
    source = make_source(profile)
    accept(source, uplink({"lid": True, "mode": "eco"}))
    values = latest(["rathaus/container-0001/lid-open", "rathaus/container-0001/mode"])
    assert [item.value for _, item in sorted(values.items())] == [True, "eco"]
    assert Datastream.objects.get(key__endswith="lid-open").observation_type.endswith("OM_TruthObservation")
