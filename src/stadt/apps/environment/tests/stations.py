"""Stations with readings of their own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from stadt.apps.environment.demo import FLEET, PROFILE
from stadt.apps.environment.models import Station
from stadt.apps.environment.services import StationDraft, add_stations
from stadt.core.people.models import Organisation
from stadt.hub.ingest import services
from stadt.hub.ingest.demo import ACTOR
from stadt.hub.ingest.intake import accept_uplinks
from stadt.hub.ingest.models import DeviceProfile, Source
from stadt.hub.ingest.tts import Uplink


def hour_ago(hours: int) -> datetime:
    """The begin of a full hour (UTC), so many hours before the running one."""
    return timezone.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours)


def make_source() -> Source:
    """A source whose devices are environment stations."""
    organisation = Organisation.objects.get_or_create(key="stadt", defaults={"name": "Stadt"})[0]
    profile = DeviceProfile.objects.filter(key=PROFILE.key).first() or services.create_profile(ACTOR, PROFILE)
    return services.create_source(
        ACTOR, slug=FLEET.key, title="Netz", organisation=organisation, default_profile=profile
    )


def make_station(number: int = 0, *, surroundings: str = "background", is_simulated: bool = False) -> Station:
    """A station for the device with this number."""
    draft = StationDraft(
        f"U-{number + 1}", f"Station {number + 1}", surroundings, 7.06 + number / 1000, 51.55, FLEET.thing_key(number),
        is_simulated=is_simulated,
    )  # fmt: skip
    return add_stations(ACTOR, [draft])[0]


def send(
    source: Source,
    readings: Mapping[datetime, Mapping[str, Any]],
    number: int = 0,
    *,
    simulated: bool = False,
) -> None:
    """Have a device send these payloads at these times."""
    uplinks = [
        Uplink(
            device_id=FLEET.device_id(number), dev_eui="", key=f"{number}/{moment.isoformat()}", received_at=moment,
            time=moment, f_port=1, f_cnt=0, payload=b"", decoded=dict(payload), simulated=simulated,
        )
        for moment, payload in readings.items()
    ]  # fmt: skip
    for outcome in accept_uplinks(source, uplinks):
        assert not isinstance(outcome, Exception), outcome


def quarters(hour: datetime, *payloads: Mapping[str, Any]) -> dict[datetime, Mapping[str, Any]]:
    """These payloads at minute 5, 20, 35 and 50 of an hour."""
    return {hour + timedelta(minutes=5 + 15 * n): payload for n, payload in enumerate(payloads)}
