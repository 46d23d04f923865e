"""The demo's weather station: temperature, humidity and wind of one roof in one MultiDatastream; all values are made up."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from stadt.apps.environment import quantities as q
from stadt.hub.ingest import demo as fleets
from stadt.hub.ingest.things import PROPERTIES
from stadt.hub.observations.batch import Batch
from stadt.hub.observations.models import Datastream, DatastreamState
from stadt.hub.observations.services import (
    MultiDatastreamSpec,
    PropertySpec,
    SensorSpec,
    Unit,
    ValueSpec,
    register_multi_datastream,
    store_readings,
)

KEY = "demo-umwelt/weather"
EVERY = timedelta(minutes=15)


def _value(quantity: q.Quantity) -> ValueSpec:
    observed = PropertySpec(quantity.key, quantity.title, PROPERTIES + quantity.key)
    return ValueSpec(observed, Unit(quantity.symbol, quantity.symbol, quantity.unit))


def spec(thing_key: str) -> MultiDatastreamSpec:
    """The MultiDatastream of the weather station that hangs at a thing."""
    wind = PropertySpec("wind-speed", "Windgeschwindigkeit", f"{PROPERTIES}wind-speed")
    return MultiDatastreamSpec(
        key=KEY,
        name="Wetter: Temperatur, Luftfeuchte, Wind",
        thing_key=thing_key,
        sensor=SensorSpec("simulated-weather-station", "Simulierte Wetterstation"),
        values=(_value(q.TEMPERATURE), _value(q.HUMIDITY), ValueSpec(wind, Unit("m/s", "m/s", "m/s"))),
        is_public=True,
        is_simulated=True,
    )


Measure = Callable[[Sequence[datetime]], list[list[float]]]
"""Results at these times: °C, % and m/s."""


def fill(thing_key: str, measure: Measure) -> int:
    """The station with 30 days of history, as far as it is not there yet; how many results were new."""
    number = register_multi_datastream(fleets.ACTOR, spec(thing_key))
    end = timezone.now().replace(second=0, microsecond=0)
    end -= timedelta(minutes=end.minute % 15)
    last = DatastreamState.objects.get(datastream_id=number).last_time
    start = end - fleets.HISTORY
    times = [start + step * EVERY for step in range(fleets.HISTORY // EVERY)]
    return _store(number, [time for time in times if last is None or time > last], measure)


def send_round(measure: Measure) -> None:
    """The station reports once, where the demo is on and was filled."""
    number = Datastream.objects.filter(key=KEY).values_list("pk", flat=True).first()
    if number is not None and fleets.is_on():
        _store(number, [timezone.now().replace(microsecond=0)], measure)


def _store(number: int, times: Sequence[datetime], measure: Measure) -> int:
    batch = Batch.columns([number] * len(times), times, measure(times), is_simulated=True)
    return store_readings(fleets.ACTOR, batch).stored
