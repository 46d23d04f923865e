"""Operators create and change sources, profiles and devices; what is wrong is refused by field."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.hub.ingest import services
from stadt.hub.ingest.intake import accept_uplinks
from stadt.hub.ingest.models import DeviceProfile
from stadt.hub.ingest.queries import messages_by_source, seconds_since_message
from stadt.hub.ingest.rights import MANAGE
from stadt.hub.ingest.services import DeviceDraft, ProfileDraft, RowDraft
from stadt.hub.ingest.tests.city import FILL, OPERATOR, TEMPERATURE, make_profile, make_source, organisation
from stadt.hub.ingest.tests.test_intake import read
from stadt.hub.ingest.tests.uplinks import uplink
from stadt.hub.observations.models import Datastream

pytestmark = pytest.mark.django_db


def draft_of(profile: DeviceProfile, *rows: RowDraft) -> ProfileDraft:
    return ProfileDraft(
        profile.key,
        profile.title,
        profile.category,
        rows,
        battery_path=profile.battery_path,
        is_public=profile.is_public,
    )


def refused_fields(call: Any, *args: Any, **kwargs: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        call(*args, **kwargs)
    return [item.field for item in caught.value.fields]


def test_creating_a_source_leaves_a_trace() -> None:
    source = make_source()
    entry = AuditEntry.objects.get(verb="create_source")
    assert (entry.subject, entry.changes) == (f"source:{source.pk}", {"slug": "rathaus"})


@pytest.mark.parametrize("slug", ["", "Rathaus", "rat haus", "-a", "neu", "profile", "x" * 61])
def test_a_source_needs_a_usable_slug(slug: str) -> None:
    assert refused_fields(make_source, slug=slug) == ["slug"]


def test_a_slug_is_taken_once() -> None:
    make_source()
    assert refused_fields(make_source) == ["slug"]


def test_somebody_without_the_right_changes_nothing() -> None:
    source = make_source()
    stranger = Actor(kind="user", identifier="1")
    expires_at = timezone.now() + timedelta(days=1)
    with pytest.raises(Forbidden):
        services.issue_source_token(stranger, source, title="x", expires_at=expires_at)
    with pytest.raises(Forbidden):
        services.create_profile(stranger, ProfileDraft("a", "A", "b", [FILL]))


def test_a_manager_of_another_organisation_does_not_reach_the_source() -> None:
    source = make_source()
    elsewhere = Actor(
        kind="user", identifier="1", grants={MANAGE.key: frozenset({source.organisation_id + 1})}
    )
    with pytest.raises(Forbidden):
        services.change_source(
            elsewhere, source, title="x", enabled=False, default_profile=None, keep_frames_days=1
        )


def test_a_token_of_something_else_cannot_be_revoked_here() -> None:
    source, other = make_source(), make_source(slug="andere")
    expires_at = timezone.now() + timedelta(days=1)
    token, _ = services.issue_source_token(OPERATOR, other, title="x", expires_at=expires_at)
    with pytest.raises(NotFound):
        services.revoke_source_token(OPERATOR, source, token.pk)
    services.revoke_source_token(OPERATOR, other, token.pk)
    token.refresh_from_db()
    assert not token.is_valid


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"path": ""}, "rows.0.path"),
        ({"path": "a..b"}, "rows.0.path"),
        ({"key": "Füllstand"}, "rows.0.key"),
        ({"name": " "}, "rows.0.name"),
        ({"unit_code": "°C"}, "rows.0.unit_code"),
        ({"unit_code": ""}, "rows.0.unit_code"),
        ({"definition": "javascript:x"}, "rows.0.definition"),
        ({"factor": 0.0}, "rows.0.factor"),
        ({"minimum": 5.0, "maximum": 1.0}, "rows.0.maximum"),
        ({"observation_type": "OM_TruthObservation"}, "rows.0.unit_code"),
    ],
)
def test_a_wrong_row_is_refused_by_its_field(change: dict[str, Any], field: str) -> None:
    assert refused_fields(make_profile, replace(FILL, **change)) == [field]


def test_a_key_stands_once_in_a_profile() -> None:
    assert refused_fields(make_profile, FILL, replace(FILL, path="other")) == ["rows.1.key"]


def test_a_unit_never_changes_under_readings() -> None:
    profile = make_profile()
    accept_uplinks(make_source(profile), [read(uplink({"fill_level": 5, "temperature": 3}))])
    changed = draft_of(profile, FILL, replace(TEMPERATURE, unit_code="[degF]"))
    assert refused_fields(services.change_profile, OPERATOR, profile, changed) == ["rows.1.unit_code"]


def test_publishing_a_profile_publishes_the_datastreams_there_are() -> None:
    profile = make_profile(is_public=False)
    accept_uplinks(make_source(profile), [read(uplink())])
    services.change_profile(OPERATOR, profile, replace(draft_of(profile, FILL, TEMPERATURE), is_public=True))
    assert list(Datastream.objects.values_list("is_public", flat=True)) == [True, True]


def test_each_change_of_a_profile_is_a_new_revision() -> None:
    profile = make_profile()
    changed = services.change_profile(OPERATOR, profile, draft_of(profile, FILL))
    assert (profile.revision, changed.revision) == (1, 2)
    assert [row.key for row in changed.rows.all()] == ["fill-level"]


def test_a_place_is_both_coordinates_or_none() -> None:
    source, profile = make_source(), make_profile()
    assert refused_fields(services.add_device, OPERATOR, source, DeviceDraft("a", profile, lon=7.0)) == [
        "lat"
    ]
    assert refused_fields(
        services.add_device, OPERATOR, source, DeviceDraft("a", profile, lon=700.0, lat=5.0)
    ) == ["lon"]


def test_a_device_is_added_once() -> None:
    source, profile = make_source(), make_profile()
    services.add_device(OPERATOR, source, DeviceDraft("a-1", profile))
    with pytest.raises(Conflict):
        services.add_device(OPERATOR, source, DeviceDraft("a-1", profile))


def test_the_metrics_count_messages_by_outcome() -> None:
    source = make_source(make_profile())
    accept_uplinks(source, [read(uplink()), read(uplink())])
    assert messages_by_source() == [
        ({"source": "rathaus", "outcome": "stored"}, 1.0),
        ({"source": "rathaus", "outcome": "duplicate"}, 1.0),
        ({"source": "rathaus", "outcome": "refused"}, 0.0),
    ]
    [(labels, seconds)] = seconds_since_message()
    assert labels == {"source": "rathaus"}
    assert seconds >= 0


def test_the_organisation_of_a_source_owns_its_things() -> None:
    accept_uplinks(make_source(make_profile()), [read(uplink())])
    assert {stream.organisation_id for stream in Datastream.objects.all()} == {organisation().pk}
