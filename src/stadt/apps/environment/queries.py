"""Reads of the environment app: stations with newest values, hourly means, histories."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from stadt.apps.environment.air_quality import CURRENT, AirClass
from stadt.apps.environment.models import Station
from stadt.apps.environment.quantities import POLLUTANTS, QUANTITIES
from stadt.core.errors import NotFound
from stadt.core.once import once_a_page
from stadt.hub.datasets.declaration import Span
from stadt.hub.observations.queries import Latest, find_datastreams, latest
from stadt.hub.places.models import PlaceKind, SpotKind
from stadt.hub.places.queries import Area, assign
from stadt.hub.places.spot_files import SpotRow

QUARTERS_NEEDED = 3
"""An hourly mean is valid with readings in three of its four quarter hours: 75 per cent, as Directive 2008/50/EC (annex XI) wants."""
FRESH_WITHIN = timedelta(hours=3)
"""A station whose last reading is older is shown as silent, and its values are not the air of now."""
HOUR = timedelta(hours=1)
ROWS_AT_ONCE = 5_000
LEVELS = frozenset(quantity.key for quantity in QUANTITIES if quantity.is_level)


@dataclass(frozen=True, slots=True)
class StationNow:
    """A station with its newest values by observed property, and the air quality of the last full hour."""

    station: Station
    values: Mapping[str, Latest]
    air: AirClass | None
    decided_by: str
    quarter: Area | None
    district: Area | None

    @property
    def seen_at(self) -> datetime | None:
        """When the newest of the values was measured."""
        return max((value.time for value in self.values.values()), default=None)

    def is_fresh(self, now: datetime) -> bool:
        """Whether something was measured in the last hours."""
        return self.seen_at is not None and self.seen_at > now - FRESH_WITHIN

    @property
    def is_simulated(self) -> bool:
        return self.station.is_simulated or any(value.is_simulated for value in self.values.values())

    def number(self, key: str) -> float | None:
        """The newest value of an observed property."""
        found = self.values.get(key)
        return float(found.value) if found and isinstance(found.value, int | float) else None


@once_a_page
def all_stations_now() -> list[StationNow]:
    """All stations as they are now; shared by everything that one page shows."""
    return stations_now()


def stations_now(stations: Sequence[Station] | None = None, now: datetime | None = None) -> list[StationNow]:
    """All stations (or those given) as they are now, by number."""
    found = list(Station.objects.all()) if stations is None else list(stations)
    moment = now or timezone.now()
    newest = latest([stream_key(station, quantity.key) for station in found for quantity in QUANTITIES])
    hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    streams = [
        (newest[key].datastream_id, station.number, quantity.key)
        for station in found
        for quantity in POLLUTANTS
        if (key := stream_key(station, quantity.key)) in newest
    ]
    means = {row["number"]: row for row in _hourly_means(Span(hour - HOUR, hour), streams)}
    points = [(station.lon, station.lat) for station in found]
    quarters, districts = assign(points, PlaceKind.QUARTER), assign(points, PlaceKind.DISTRICT)
    rows = []
    for station, quarter, district in zip(found, quarters, districts, strict=True):
        values = {
            quantity.key: newest[stream_key(station, quantity.key)]
            for quantity in QUANTITIES
            if stream_key(station, quantity.key) in newest
        }
        index = CURRENT.index(pollutants_of(means.get(station.number, {})))
        air, decided_by = index or (None, "")
        rows.append(StationNow(station, values, air, decided_by, quarter, district))
    return rows


def pollutants_of(row: Mapping[str, Any]) -> dict[str, float | None]:
    """The hourly means of the pollutants in a row, by observed property; a negative mean (noise around zero) is 0."""
    means = {quantity.key: row.get(quantity.column) for quantity in POLLUTANTS}
    return {key: None if value is None else max(0.0, value) for key, value in means.items()}


def get_station(number: str) -> Station:
    """The station with this number. Raises NotFound."""
    station = Station.objects.filter(number=number).first()
    if station is None:
        raise NotFound(_("Es gibt keine Messstation „%(number)s“.") % {"number": number})
    return station


def stream_key(station: Station, property_key: str) -> str:
    """Key of the Datastream that keeps an observed property of a station."""
    return f"{station.thing_key}/{property_key}"


def stream_ids(stations: Sequence[Station] | None = None) -> list[int]:
    """Public Datastreams of all stations (or those given) that the app knows what to do with."""
    return sorted(number for number, _station, _key in _streams(stations))


def _streams(stations: Sequence[Station] | None) -> list[tuple[int, str, str]]:
    found = list(Station.objects.all()) if stations is None else stations
    numbers = {station.thing_key: station.number for station in found}
    infos = find_datastreams(
        thing_keys=list(numbers), property_keys=[quantity.key for quantity in QUANTITIES]
    )
    return [
        (info.id, numbers[info.thing_key], info.property_key) for info in infos if info.thing_key in numbers
    ]


_SLOTS = "FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bool[]) AS s(id, station, key, is_level)"
_HOURS = """
SELECT s.station, s.key, date_trunc('hour', o.phenomenon_time, 'UTC') AS hour,
       CASE WHEN s.is_level THEN 10 * log(avg(power(10::float8, o.result_number / 10)) FILTER (WHERE s.is_level))
            ELSE avg(o.result_number) END AS mean,
       bit_count(bit_or(1 << (date_part('minute', o.phenomenon_time)::int / 15))::bit(4)) AS quarters,
       count(*) AS readings, max(o.id) AS observation_id, bool_or(o.is_simulated) AS is_simulated
"""


def hourly_means(span: Span, stations: Sequence[Station] | None = None) -> Iterator[dict[str, Any]]:
    """Valid hourly means of the stations' public Datastreams, a row for each station and full hour (UTC) in [start, end).

    The hour that still runs is left out. Levels are averaged by energy. A row has `number`, `hour` (its begin), a mean
    for each quantity's column (None where fewer than three quarter hours have a reading), `readings`, the
    newest one's `observation_id` and `simulated`; in order of hour and station.
    """
    return _hourly_means(span, _streams(stations))


def _hourly_means(span: Span, streams: Sequence[tuple[int, str, str]]) -> Iterator[dict[str, Any]]:
    """See `hourly_means`; `streams` are (datastream id, station's number, observed property)."""
    end = min(span.end, timezone.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0))
    if not streams or end <= span.start:
        return
    columns = ", ".join(
        f"max(mean) FILTER (WHERE key = '{quantity.key}' AND quarters >= {QUARTERS_NEEDED})"
        for quantity in QUANTITIES
    )
    sql = (
        f"SELECT station, hour, {columns}, sum(readings)::bigint, max(observation_id), bool_or(is_simulated) FROM ({_HOURS} {_SLOTS}"  # noqa: S608 - our own keys
        " JOIN observations_observation AS o ON o.datastream_id = s.id"
        " WHERE o.phenomenon_time >= %s AND o.phenomenon_time < %s AND o.result_number IS NOT NULL"
        " GROUP BY s.station, s.key, hour, s.is_level) AS hours GROUP BY 1, 2 ORDER BY 2, 1"
    )
    ids, numbers, keys = zip(*streams, strict=True)
    levels = [key in LEVELS for key in keys]
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [list(ids), list(numbers), list(keys), levels, span.start, end])
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for row in rows:
                yield _hour(row)


def _hour(row: Sequence[Any]) -> dict[str, Any]:
    means = {quantity.column: mean for quantity, mean in zip(QUANTITIES, row[2:-3], strict=True)}
    readings, observation_id, simulated = row[-3:]
    return {
        "number": row[0],
        "hour": row[1],
        **means,
        "readings": readings,
        "observation_id": observation_id,
        "simulated": simulated,
    }


def measurement_rows(span: Span) -> Iterator[dict[str, Any]]:
    """The rows of the dataset of measurements in [start, end); hours without any valid mean are left out."""
    stations = {station.number: station for station in Station.objects.all()}
    for row in hourly_means(span, list(stations.values())):
        station = stations[row["number"]]
        columns = {quantity.column: _rounded(row[quantity.column]) for quantity in QUANTITIES}
        if all(mean is None for mean in columns.values()):
            continue
        yield {
            "station": station.number,
            "title": station.title,
            "hour": row["hour"],
            **columns,
            "readings": row["readings"],
            "observation_id": row["observation_id"],
            "simulated": row["simulated"] or station.is_simulated,
            "geom": (station.lon, station.lat),
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def station_rows() -> Iterator[dict[str, Any]]:
    """The rows of the dataset of stations."""
    for now in stations_now():
        station = now.station
        yield {
            "number": station.number,
            "title": station.title,
            "surroundings": station.surroundings,
            "quarter": now.quarter.name if now.quarter else None,
            "district": now.district.name if now.district else None,
            **{quantity.column: now.number(quantity.key) for quantity in QUANTITIES},
            "seen_at": now.seen_at,
            "simulated": now.is_simulated,
            "geom": (station.lon, station.lat),
        }


def history(station: Station, days: int = 7) -> list[dict[str, Any]]:
    """The station's hourly means of the last days, oldest first; see `hourly_means`."""
    now = timezone.now()
    return list(hourly_means(Span(now - timedelta(days=days), now), [station]))


def free_things(besides: str = "") -> list[tuple[str, str]]:
    """Things that publicly measure one of the quantities and are no station yet, as (key, name)."""
    taken = set(Station.objects.values_list("thing_key", flat=True)) - {besides}
    streams = find_datastreams(property_keys=[quantity.key for quantity in QUANTITIES])
    things = {stream.thing_key: stream.thing_name for stream in streams if stream.thing_key not in taken}
    return sorted(((key, name) for key, name in things.items() if key), key=lambda pair: pair[1])


def find_by_words(words: str, limit: int) -> list[Station]:
    """Stations whose title or number contains every word."""
    wanted = Q()
    for word in words.split():
        wanted &= Q(title__icontains=word) | Q(number__iexact=word)
    return list(Station.objects.filter(wanted)[:limit])


def spots() -> Iterator[SpotRow]:
    """The places of the stations for address search, with the number that is theirs."""
    for one in Station.objects.all():
        name = f"{one.title} ({one.number})"
        yield SpotRow(
            SpotKind.SITE, name, "", "", "", "", one.lon, one.lat, one.number, is_simulated=one.is_simulated
        )
