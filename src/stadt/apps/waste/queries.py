"""Reads of the waste app: containers with their newest fill level, their history, and things without a container."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from stadt.apps.waste.models import Container, ContainerKind
from stadt.core.errors import NotFound
from stadt.core.once import once_a_page
from stadt.hub.observations.queries import Bucket, find_datastreams, latest, series
from stadt.hub.places.models import PlaceKind, SpotKind
from stadt.hub.places.queries import Area, assign
from stadt.hub.places.spot_files import SpotRow

FILL_LEVEL = "fill-level"
"""Key of the observed property, in per cent of the container's height."""
NEARLY_FULL = 80.0
"""From here on a container is shown as nearly full: a help for the eye, no rule of a contract."""
MONITORED_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ContainerNow:
    """A container with its newest fill level (per cent, None without a public reading) and where it stands."""

    container: Container
    fill: float | None
    seen_at: datetime | None
    datastream_id: int | None
    observation_id: int | None
    is_simulated: bool
    quarter: Area | None
    district: Area | None

    @property
    def is_nearly_full(self) -> bool:
        return self.fill is not None and self.fill >= NEARLY_FULL

    def is_monitored(self, now: datetime) -> bool:
        """Whether a reading of the last 24 hours is there."""
        return self.seen_at is not None and self.seen_at > now - MONITORED_WITHIN


@once_a_page
def all_containers_now() -> list[ContainerNow]:
    """All containers as they are now; shared by everything that one page shows."""
    return containers_now()


def containers_now(containers: Sequence[Container] | None = None) -> list[ContainerNow]:
    """All containers (or those given) as they are now, by number. Three queries."""
    found = list(Container.objects.all()) if containers is None else list(containers)
    newest = latest([stream_key(container) for container in found if container.thing_key])
    points = [(container.lon, container.lat) for container in found]
    quarters, districts = assign(points, PlaceKind.QUARTER), assign(points, PlaceKind.DISTRICT)
    rows = []
    for container, quarter, district in zip(found, quarters, districts, strict=True):
        seen = newest.get(stream_key(container)) if container.thing_key else None
        value = seen.value if seen and isinstance(seen.value, int | float) else None
        rows.append(
            ContainerNow(
                container=container,
                fill=None if value is None else float(value),
                seen_at=seen.time if seen and value is not None else None,
                datastream_id=seen.datastream_id if seen else None,
                observation_id=seen.observation_id if seen and value is not None else None,
                is_simulated=container.is_simulated or bool(seen and seen.is_simulated),
                quarter=quarter,
                district=district,
            )
        )
    return rows


def get_container(number: str) -> Container:
    """The container with this number. Raises NotFound."""
    container = Container.objects.filter(number=number).first()
    if container is None:
        raise NotFound(_("Es gibt keinen Behälter „%(number)s“.") % {"number": number})
    return container


def stream_key(container: Container) -> str:
    """Key of the Datastream with the container's fill level."""
    return f"{container.thing_key}/{FILL_LEVEL}"


def fill_history(datastream_id: int, days: int = 7) -> list[Bucket]:
    """Hourly means of the fill level of the last days, oldest first."""
    now = timezone.now()
    return series([datastream_id], now - timedelta(days=days), now, timedelta(hours=1))


def rows() -> Iterator[dict[str, Any]]:
    """The rows of the dataset of containers."""
    for now in containers_now():
        container = now.container
        yield {
            "number": container.number,
            "title": container.title,
            "kind": ContainerKind(container.kind).value,
            "capacity_l": container.capacity_l,
            "quarter": now.quarter.name if now.quarter else None,
            "district": now.district.name if now.district else None,
            "fill": now.fill,
            "seen_at": now.seen_at,
            "observation_id": now.observation_id,
            "simulated": now.is_simulated,
            "geom": (container.lon, container.lat),
        }


def free_things(besides: str = "") -> list[tuple[str, str]]:
    """Things that report a public fill level and have no container, as (key, name); `besides` stays in the list."""
    taken = set(Container.objects.exclude(thing_key="").values_list("thing_key", flat=True)) - {besides}
    streams = find_datastreams(property_keys=[FILL_LEVEL])
    things = {stream.thing_key: stream.thing_name for stream in streams if stream.thing_key not in taken}
    return sorted(((key, name) for key, name in things.items() if key), key=lambda pair: pair[1])


def find_by_words(words: str, limit: int) -> list[Container]:
    """Containers whose number or title contains every word."""
    wanted = Q()
    for word in words.split():
        wanted &= Q(title__icontains=word) | Q(number__iexact=word)
    return list(Container.objects.filter(wanted)[:limit])


def spots() -> Iterator[SpotRow]:
    """The places of the containers for address search, with the number that is painted on them."""
    for one in Container.objects.all():
        name = f"{one.title} ({one.number})"
        yield SpotRow(
            SpotKind.SITE, name, "", "", "", "", one.lon, one.lat, one.number, is_simulated=one.is_simulated
        )
