"""What the queries of things and observations find: plain, frozen rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest observation of a datastream; `value` is a number, or any JSON."""

    datastream_id: int
    key: str
    time: datetime
    value: Any
    quality: Any
    is_simulated: bool
    observation_id: int


@dataclass(frozen=True, slots=True)
class DatastreamInfo:
    """A datastream with its thing's place. `unit` has name, symbol and UCUM definition."""

    id: int
    key: str | None
    name: str
    thing_id: int
    thing_key: str | None
    thing_name: str
    thing_properties: Mapping[str, Any]
    property_key: str
    property_name: str
    unit: Mapping[str, str]
    lon: float | None
    lat: float | None
    is_public: bool
    is_simulated: bool
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ThingNow:
    """A thing where it is, with the newest value of each observed property (by the property's key)."""

    id: int
    key: str | None
    name: str
    properties: Mapping[str, Any]
    lon: float | None
    lat: float | None
    values: Mapping[str, Latest]


@dataclass(frozen=True, slots=True)
class Bucket:
    """What the numbers of a datastream were from `time` for one bucket's length; simulated when any of them was."""

    datastream_id: int
    time: datetime
    mean: float
    minimum: float
    maximum: float
    count: int
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a datastream's numbers in one bucket of time, [start, end), in the unit of the datastream.

    `total`, `mean`, `p50` and `p95` are None where a number is too large to be summed (10^290). `coverage` is the share, up
    to 1, of the readings that its interval lets expect; None where the interval is not known.
    """

    start: datetime
    end: datetime
    count: int
    total: float | None
    mean: float | None
    minimum: float
    maximum: float
    p50: float | None
    p95: float | None
    coverage: float | None
    is_simulated: bool


class ObservationRow(NamedTuple):
    """One current observation; `value` is a number, or any JSON."""

    id: int
    datastream_id: int
    time: datetime
    time_end: datetime | None
    value: Any
    quality: Any
    result_time: datetime | None
    is_simulated: bool
