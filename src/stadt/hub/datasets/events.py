"""Facts about datasets."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class SnapshotPublished(Event):
    """A new snapshot can be read."""

    dataset: str
    number: int


@dataclass(frozen=True)
class DatasetChanged(Event):
    """What readers see of a kept dataset besides its rows is another now: title, licence, address, who may see it."""

    key: str


@dataclass(frozen=True)
class DatasetWithdrawn(Event):
    """A kept dataset is there for nobody any more."""

    key: str
