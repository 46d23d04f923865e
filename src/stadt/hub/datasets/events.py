"""Facts about datasets."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class SnapshotPublished(Event):
    """A new snapshot can be read."""

    dataset: str
    number: int
