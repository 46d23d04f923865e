"""What this app tells."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class ApplicationRegistered(Event):
    """An application stands in the public register."""

    application_id: int


@dataclass(frozen=True)
class DataRequestAnswered(Event):
    """A request for data got its public answer."""

    request_id: int
