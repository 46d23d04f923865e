"""Reads of things and observations, set-wise, bounded by the maintained extent so that few partitions are opened.

Only public datastreams are seen unless a `Visibility` says otherwise. Times are aware and UTC.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from stadt.hub.observations.changes import (
    Changes,
    DayFingerprint,
    MonthFingerprint,
    changed_days,
    day_fingerprints,
    month_fingerprints,
)
from stadt.hub.observations.findings import Bucket, DatastreamInfo, Figures, Latest, ObservationRow, ThingNow
from stadt.hub.observations.rollups import Width, list_buckets
from stadt.hub.observations.visibility import Visibility

__all__ = [
    "Bucket",
    "Changes",
    "DatastreamInfo",
    "DayFingerprint",
    "Figures",
    "Latest",
    "MonthFingerprint",
    "ObservationRow",
    "ThingNow",
    "Visibility",
    "Width",
    "changed_days",
    "counts",
    "day_fingerprints",
    "find_datastreams",
    "latest",
    "latest_of_things",
    "list_buckets",
    "month_fingerprints",
    "newest",
    "observations",
    "series",
]

ROWS_AT_ONCE = 10_000


_PLACED = """
LEFT JOIN LATERAL (
    SELECT l.lon, l.lat FROM observations_thing_locations AS tl
    JOIN observations_location AS l ON l.id = tl.location_id
    WHERE tl.thing_id = t.id ORDER BY l.lon IS NULL, l.id DESC LIMIT 1
) AS l ON true
"""
_LATEST = """
    d.id, coalesce(d.key, d.id::text), s.last_time, s.last_number, s.last_json, s.last_quality,
    s.last_simulated OR d.is_simulated, s.last_id
"""
_ROW = """
    o.id, o.datastream_id, o.phenomenon_time, o.phenomenon_time_end, o.result_number, o.result_json, o.result_quality,
    o.result_time, o.is_simulated
"""


def find_datastreams(
    *,
    keys: Sequence[str] | None = None,
    ids: Sequence[int] | None = None,
    thing_keys: Sequence[str] | None = None,
    thing_key_prefix: str = "",
    property_keys: Sequence[str] | None = None,
    visibility: Visibility = Visibility.PUBLIC,
) -> list[DatastreamInfo]:
    """The datastreams that fit all that is given, in order of their things' keys and their own."""
    visible, parameters = visibility.condition()
    conditions = [visible]
    for column, wanted in (("d.key", keys), ("d.id", ids), ("t.key", thing_keys), ("p.key", property_keys)):
        if wanted is not None:
            conditions.append(f"{column} = ANY(%s)")
            parameters.append(list(wanted))
    if thing_key_prefix:
        conditions.append("starts_with(t.key, %s)")
        parameters.append(thing_key_prefix)
    rows = _select(
        f"""
        SELECT d.id, d.key, d.name, t.id, t.key, t.name, t.properties, coalesce(p.key, p.name), p.name,
               d.unit_of_measurement, l.lon, l.lat, d.is_public, d.is_simulated, d.properties
        FROM observations_datastream AS d
        JOIN observations_thing AS t ON t.id = d.thing_id
        JOIN observations_observedproperty AS p ON p.id = d.observed_property_id
        {_PLACED}
        WHERE {" AND ".join(conditions)}
        ORDER BY t.key, t.id, d.key, d.id
        """,  # noqa: S608 - fixed fragments only
        parameters,
    )
    return [DatastreamInfo(*row) for row in _with_json(rows, 6, 9, 14)]


def latest(
    datastream_keys: Sequence[str], *, visibility: Visibility = Visibility.PUBLIC
) -> dict[str, Latest]:
    """The newest observation of each of these datastreams that has one."""
    visible, parameters = visibility.condition()
    rows = _select(
        f"""
        SELECT {_LATEST} FROM observations_datastream AS d
        JOIN observations_datastreamstate AS s ON s.datastream_id = d.id
        WHERE s.last_id IS NOT NULL AND {visible} AND d.key = ANY(%s)
        """,  # noqa: S608 - fixed fragments only
        [*parameters, list(datastream_keys)],
    )
    found = (_latest(row) for row in rows)
    return {item.key: item for item in found}


def latest_of_things(
    *,
    thing_key_prefix: str = "",
    thing_properties: Mapping[str, Any] | None = None,
    property_keys: Sequence[str] | None = None,
    visibility: Visibility = Visibility.PUBLIC,
) -> list[ThingNow]:
    """Things with a visible datastream of one of the properties, each with its newest values, in order of their keys.

    Args:
        thing_properties: what the things' own properties must contain, such as `{"category": "waste"}`.
        property_keys: keys of observed properties; None for all.
    """
    visible, parameters = visibility.condition()
    conditions = [visible]
    if property_keys is not None:
        conditions.append("p.key = ANY(%s)")
        parameters.append(list(property_keys))
    if thing_key_prefix:
        conditions.append("starts_with(t.key, %s)")
        parameters.append(thing_key_prefix)
    if thing_properties:
        conditions.append("t.properties @> %s::jsonb")
        parameters.append(json.dumps(dict(thing_properties)))
    rows = _select(
        f"""
        SELECT t.id, t.key, t.name, t.properties, l.lon, l.lat, coalesce(p.key, p.name), {_LATEST}
        FROM observations_datastream AS d
        JOIN observations_thing AS t ON t.id = d.thing_id
        JOIN observations_observedproperty AS p ON p.id = d.observed_property_id
        JOIN observations_datastreamstate AS s ON s.datastream_id = d.id
        {_PLACED}
        WHERE {" AND ".join(conditions)}
        ORDER BY t.key, t.id, s.last_time
        """,  # noqa: S608 - fixed fragments only
        parameters,
    )
    things: dict[int, ThingNow] = {}
    values: dict[int, dict[str, Latest]] = {}
    for row in _with_json(rows, 3):
        number, key, name, properties, lon, lat, observed = row[:7]
        if number not in things:
            values[number] = {}
            things[number] = ThingNow(number, key, name, properties, lon, lat, values[number])
        if row[-1] is not None:
            values[number][observed] = _latest(row[7:])
    return list(things.values())


def series(
    datastream_ids: Sequence[int],
    start: datetime,
    end: datetime,
    bucket: timedelta | None = None,
    *,
    visibility: Visibility = Visibility.PUBLIC,
) -> list[Bucket]:
    """Numbers of datastreams in [start, end), one row for each bucket that has any, in order of datastream and time.

    A bucket of a day is a local day (23 to 25 hours); others are counted from 1970 UTC. Without bucket each observation
    is a row of its own.
    """
    bounds = _bounds(datastream_ids, start, end, visibility)
    if bounds is None:
        return []
    ids, first, last = bounds
    slot = "o.phenomenon_time"
    parameters: list[Any] = []
    if bucket == timedelta(days=1):
        slot, parameters = "date_trunc('day', o.phenomenon_time, %s)", [settings.TIME_ZONE]
    elif bucket is not None:
        slot, parameters = "date_bin(%s, o.phenomenon_time, 'epoch'::timestamptz)", [bucket]
    measures = (
        "avg(o.result_number), min(o.result_number), max(o.result_number), count(*), bool_or(o.is_simulated)"
    )
    grouping = "GROUP BY 1, 2"
    if bucket is None:
        measures, grouping = "o.result_number, o.result_number, o.result_number, 1, o.is_simulated", ""
    rows = _select(
        f"""
        SELECT o.datastream_id, {slot}, {measures}
        FROM observations_observation AS o
        WHERE o.datastream_id = ANY(%s) AND o.phenomenon_time >= %s AND o.phenomenon_time < %s
          AND o.result_number IS NOT NULL
        {grouping} ORDER BY 1, 2
        """,  # noqa: S608 - fixed fragments only
        [*parameters, ids, first, last],
    )
    return [Bucket(*row) for row in rows]


def newest(
    datastream_id: int, limit: int = 100, *, visibility: Visibility = Visibility.PUBLIC
) -> list[ObservationRow]:
    """The newest observations of a datastream, newest first; [] for one that may not be seen."""
    visible, parameters = visibility.condition()
    # The days' counts say from which day on there are enough: usually one partition is opened instead of all.
    found = _select(
        f"""
        SELECT s.last_time, coalesce(
            (SELECT min(day) FROM (
                SELECT day, sum(count) OVER (ORDER BY day DESC) - count AS newer
                FROM observations_datastreamday WHERE datastream_id = s.datastream_id ORDER BY day DESC LIMIT %s
             ) AS days WHERE newer < %s),
            s.first_time::date)
        FROM observations_datastreamstate AS s JOIN observations_datastream AS d ON d.id = s.datastream_id
        WHERE s.datastream_id = %s AND s.count > 0 AND {visible}
        """,  # noqa: S608 - fixed fragments only
        [limit, limit, datastream_id, *parameters],
    )
    if not found or limit <= 0:
        return []
    last, day = found[0]
    rows = _select(
        f"""
        SELECT {_ROW} FROM observations_observation AS o
        WHERE o.datastream_id = %s AND o.phenomenon_time >= %s AND o.phenomenon_time <= %s
        ORDER BY o.phenomenon_time DESC, o.id DESC LIMIT %s
        """,  # noqa: S608 - fixed fragments only
        [datastream_id, datetime.combine(day, time(), UTC), last, limit],
    )
    return [_observation(row) for row in rows]


def observations(
    datastream_ids: Sequence[int],
    start: datetime,
    end: datetime,
    *,
    visibility: Visibility = Visibility.PUBLIC,
) -> Iterator[ObservationRow]:
    """All current observations of datastreams in [start, end), in order of datastream, time and id, as a stream."""
    bounds = _bounds(datastream_ids, start, end, visibility)
    if bounds is None:
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {_ROW} FROM observations_observation AS o
            WHERE o.datastream_id = ANY(%s) AND o.phenomenon_time >= %s AND o.phenomenon_time < %s
            ORDER BY o.datastream_id, o.phenomenon_time, o.id
            """,  # noqa: S608 - fixed fragments only
            list(bounds),
        )
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for row in rows:
                yield _observation(row)


def counts(datastream_ids: Sequence[int], *, visibility: Visibility = Visibility.PUBLIC) -> dict[int, int]:
    """Exact number of current observations of each datastream that may be seen."""
    visible, parameters = visibility.condition()
    rows = _select(
        f"""
        SELECT d.id, s.count FROM observations_datastream AS d
        JOIN observations_datastreamstate AS s ON s.datastream_id = d.id
        WHERE {visible} AND d.id = ANY(%s)
        """,  # noqa: S608 - fixed fragments only
        [*parameters, list(datastream_ids)],
    )
    return dict(rows)


def count_all() -> int:
    """How many current observations there are, from the maintained counts; for operators, whatever may be seen."""
    return int(_select("SELECT coalesce(sum(count), 0)::bigint FROM observations_datastreamstate", [])[0][0])


def _bounds(
    datastream_ids: Sequence[int], start: datetime, end: datetime, visibility: Visibility
) -> tuple[list[int], datetime, datetime] | None:
    """The datastreams that may be seen and have observations, and [start, end) cut down to their extent."""
    visible, parameters = visibility.condition()
    rows = _select(
        f"""
        SELECT d.id, s.first_time, s.last_time FROM observations_datastream AS d
        JOIN observations_datastreamstate AS s ON s.datastream_id = d.id
        WHERE {visible} AND d.id = ANY(%s) AND s.count > 0 AND s.first_time < %s AND s.last_time >= %s
        """,  # noqa: S608 - fixed fragments only
        [*parameters, list(datastream_ids), end, start],
    )
    if not rows:
        return None
    first, last = min(row[1] for row in rows), max(row[2] for row in rows)
    return [row[0] for row in rows], max(start, first), min(end, last + timedelta(microseconds=1))


def _select(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _with_json(rows: Sequence[tuple[Any, ...]], *columns: int) -> Iterator[tuple[Any, ...]]:
    """Rows with these columns read: Django's connection hands JSON over as text."""
    for row in rows:
        yield tuple(
            json.loads(value) if n in columns and isinstance(value, str) else value
            for n, value in enumerate(row)
        )


def _value(number: float | None, document: str | None) -> Any:
    return json.loads(document) if number is None and document is not None else number


def _latest(row: Sequence[Any]) -> Latest:
    datastream_id, key, moment, number, document, quality, is_simulated, observation_id = row
    return Latest(
        datastream_id,
        key,
        moment,
        _value(number, document),
        _value(None, quality),
        is_simulated,
        observation_id,
    )


def _observation(row: Sequence[Any]) -> ObservationRow:
    number, datastream_id, moment, end, result, document, quality, result_time, is_simulated = row
    return ObservationRow(
        number,
        datastream_id,
        moment,
        end,
        _value(result, document),
        _value(None, quality),
        result_time,
        is_simulated,
    )
