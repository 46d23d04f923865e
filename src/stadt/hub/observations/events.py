"""Facts the observations tell."""

from dataclasses import dataclass
from datetime import date

from stadt.core.events import Event


@dataclass(frozen=True)
class ReadingsStored(Event):
    """Observations of these datastreams were stored, corrected or deleted on days (UTC) from `start` to `end`.

    Told once a minute for everything since, never for each reading; at least once.
    """

    datastream_ids: tuple[int, ...]
    start: date
    end: date


@dataclass(frozen=True)
class PublicationChanged(Event):
    """These datastreams may be seen by everybody from now on, or no longer."""

    datastream_ids: tuple[int, ...]
    is_public: bool


@dataclass(frozen=True)
class DatastreamsDeleted(Event):
    """These datastreams and all their observations are gone."""

    datastream_ids: tuple[int, ...]
