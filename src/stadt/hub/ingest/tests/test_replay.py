"""A corrected profile reads kept messages again."""

from dataclasses import replace

import pytest

from stadt.core.errors import Conflict
from stadt.hub.ingest import replaying, services
from stadt.hub.ingest.intake import accept_uplinks
from stadt.hub.ingest.models import DeviceProfile, RawFrame, Replay
from stadt.hub.ingest.services import RowDraft
from stadt.hub.ingest.tests.city import FILL, OPERATOR, TEMPERATURE, make_profile, make_source
from stadt.hub.ingest.tests.test_intake import read
from stadt.hub.ingest.tests.test_services import draft_of
from stadt.hub.ingest.tests.uplinks import uplink
from stadt.hub.observations.models import Observation, ObservationRevision

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile() -> DeviceProfile:
    """A profile by which three messages of two devices were read."""
    profile = make_profile()
    documents = [
        uplink({"fill_level": 10, "temperature": 20}),
        uplink({"fill_level": 30, "temperature": 21}, f_cnt=43, received_at="2026-11-20T11:59:31Z"),
        uplink({"fill_level": 50, "temperature": 22}, f_cnt=7, device_id="container-0002")
        | {"end_device_ids": {"device_id": "container-0002"}},
    ]
    accept_uplinks(make_source(profile), [read(document) for document in documents])
    return profile


def replay(profile: DeviceProfile, *rows: RowDraft) -> Replay:
    services.change_profile(OPERATOR, profile, draft_of(profile, *rows))
    profile.refresh_from_db()
    run = services.request_replay(OPERATOR, profile)
    replaying.run_replay(run.pk)
    run.refresh_from_db()
    return run


def values(key: str) -> list[float | None]:
    from stadt.hub.ingest.models import DeviceStream

    ids = DeviceStream.objects.filter(key=key).values_list("datastream_id", flat=True)
    found = Observation.objects.filter(datastream_id__in=ids).order_by("result_number")
    return [row.result_number for row in found]


def test_a_corrected_factor_makes_new_revisions_and_keeps_the_old_values(profile: DeviceProfile) -> None:
    run = replay(profile, replace(FILL, factor=2.0), TEMPERATURE)

    assert (run.state, run.done, run.changed) == (Replay.State.DONE, 3, 3)
    assert values("fill-level") == [20, 60, 100]
    assert values("temperature") == [20, 21, 22]
    old = ObservationRevision.objects.filter(is_tombstone=False).order_by("result_number")
    assert [row.result_number for row in old] == [10, 30, 50]


def test_a_value_that_is_no_longer_valid_is_removed(profile: DeviceProfile) -> None:
    replay(profile, replace(FILL, maximum=40.0), TEMPERATURE)
    assert values("fill-level") == [10, 30]
    assert ObservationRevision.objects.filter(is_tombstone=True).count() == 1


def test_a_new_row_fills_its_datastream_from_the_kept_messages(profile: DeviceProfile) -> None:
    fahrenheit = RowDraft("temperature", "temperature-f", "Temperatur", "[degF]", factor=1.8, offset=32)
    run = replay(profile, FILL, TEMPERATURE, fahrenheit)
    assert run.changed == 3
    assert values("temperature-f") == pytest.approx([68, 69.8, 71.6])


def test_reading_again_by_the_same_profile_changes_nothing(profile: DeviceProfile) -> None:
    run = replay(profile, FILL, TEMPERATURE)
    assert run.changed == 0
    assert not ObservationRevision.objects.exists()


def test_frames_remember_by_which_revision_they_were_read(profile: DeviceProfile) -> None:
    replay(profile, replace(FILL, maximum=40.0), TEMPERATURE)
    assert set(RawFrame.objects.values_list("revision", flat=True)) == {2}
    assert RawFrame.objects.filter(notes=[["fill_level", "out_of_range"]]).count() == 1


def test_a_run_goes_on_where_it_was_broken_off(
    profile: DeviceProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "FRAMES_AT_ONCE", 1)
    services.change_profile(OPERATOR, profile, draft_of(profile, replace(FILL, factor=2.0), TEMPERATURE))
    profile.refresh_from_db()
    run = services.request_replay(OPERATOR, profile)
    assert replaying._replay_part(run.pk)  # the worker dies after the first part
    run.refresh_from_db()
    assert (run.done, run.state) == (1, Replay.State.RUNNING)

    replaying.run_replay(run.pk)

    run.refresh_from_db()
    assert (run.done, run.changed, run.state) == (3, 3, Replay.State.DONE)
    assert values("fill-level") == [20, 60, 100]


def test_one_run_at_a_time(profile: DeviceProfile) -> None:
    services.request_replay(OPERATOR, profile)
    with pytest.raises(Conflict):
        services.request_replay(OPERATOR, profile)


def test_one_device_can_be_read_again_alone(profile: DeviceProfile) -> None:
    services.change_profile(OPERATOR, profile, draft_of(profile, replace(FILL, factor=2.0), TEMPERATURE))
    device = profile.devices.get(device_id="container-0002")
    run = services.request_replay(OPERATOR, profile, device)
    replaying.run_replay(run.pk)
    assert values("fill-level") == [10, 30, 100]
