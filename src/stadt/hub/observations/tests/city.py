"""Things with datastreams for the tests of this folder, made through the same verbs as real ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections

from stadt.core.database import Role, parameters
from stadt.core.people.actor import Actor
from stadt.hub.observations.models import Datastream, DatastreamDay, DatastreamState, Observation
from stadt.hub.observations.services import (
    DatastreamSpec,
    PropertySpec,
    RegisteredThing,
    SensorSpec,
    ThingSpec,
    Unit,
    register_thing,
)

ACTOR = Actor.system("test")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEMPERATURE = PropertySpec("air_temperature", "Lufttemperatur", "https://vocab.example/air-temperature")
CELSIUS = Unit("Grad Celsius", "°C", "Cel")
SENSOR = SensorSpec("thermometer", "Thermometer")


def minutes(count: float) -> datetime:
    """So many minutes after a Sunday noon in March 2026."""
    return NOON + timedelta(minutes=count)


def stream(key: str, **more: Any) -> DatastreamSpec:
    """A public datastream of temperatures."""
    return DatastreamSpec(
        key, f"Temperatur {key}", TEMPERATURE, CELSIUS, SENSOR, **({"is_public": True} | more)
    )


def make_thing(key: str = "station", count: int = 3, **more: Any) -> RegisteredThing:
    """A thing with datastreams `<key>/0`, `<key>/1`, …"""
    streams = tuple(stream(f"{key}/{n}", **more) for n in range(count))
    return register_thing(ACTOR, ThingSpec(key, f"Station {key}", lon=7.1, lat=51.5, datastreams=streams))


def make_datastreams(count: int = 3, **more: Any) -> list[int]:
    """Ids of new datastreams of one thing."""
    return list(make_thing(count=count, **more).datastreams.values())


def raw() -> psycopg.Connection[Any]:
    """Django's own connection, as `append` wants it."""
    connection.ensure_connection()
    found: psycopg.Connection[Any] = connection.connection
    return found


def another(*, autocommit: bool = False, role: Role = Role.APP) -> psycopg.Connection[Any]:
    """A second connection to the test's database, by default with the rights of the running city."""
    found = parameters(settings.STADT, role) | {"dbname": connections["default"].settings_dict["NAME"]}
    return psycopg.connect(**found, autocommit=autocommit)


def store() -> dict[str, Any]:
    """Everything that must not depend on how readings arrived: rows without their ids, counters, days."""
    return {
        "rows": sorted(
            Observation.objects.values_list(
                "datastream_id", "phenomenon_time", "result_number", "is_simulated"
            )
        ),
        "states": list(
            DatastreamState.objects.order_by("datastream_id").values_list(
                "datastream_id",
                "count",
                "first_time",
                "last_time",
                "last_number",
                "last_simulated",
                "end_time",
            )
        ),
        "days": list(DatastreamDay.objects.order_by("pk").values_list("datastream_id", "day", "count")),
    }


def counted_anew() -> list[tuple[Any, ...]]:
    """What the counters should say, from the observations themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id, count(o.id), min(o.phenomenon_time), max(o.phenomenon_time), max(o.phenomenon_time_end),"
            " min(o.result_time), max(o.result_time),"
            " (array_agg(o.id ORDER BY o.phenomenon_time DESC, o.id DESC))[1],"
            " (array_agg(o.result_number ORDER BY o.phenomenon_time DESC, o.id DESC))[1]"
            " FROM observations_datastream d LEFT JOIN observations_observation o ON o.datastream_id = d.id"
            " GROUP BY d.id ORDER BY d.id"
        )
        return list(cursor.fetchall())


def counted() -> list[tuple[Any, ...]]:
    """What the counters say."""
    return list(
        DatastreamState.objects.order_by("datastream_id").values_list(
            "datastream_id",
            "count",
            "first_time",
            "last_time",
            "end_time",
            "first_result_time",
            "last_result_time",
            "last_id",
            "last_number",
        )
    )


def days_counted_anew() -> list[tuple[Any, ...]]:
    """Count and greatest id of each datastream's days, from the observations themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datastream_id, (phenomenon_time AT TIME ZONE 'UTC')::date AS day, count(*), max(id)"
            " FROM observations_observation GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return list(cursor.fetchall())


def days_counted() -> list[tuple[Any, ...]]:
    """The same from the counters, without days that became empty."""
    rows = DatastreamDay.objects.filter(count__gt=0).order_by("datastream_id", "day")
    return list(rows.values_list("datastream_id", "day", "count", "max_id"))


def datastream(key: str) -> Datastream:
    return Datastream.objects.get(key=key)
