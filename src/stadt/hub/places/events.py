"""Facts the places tell."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class AreasImported(Event):
    """Outlines were added or replaced, so what lies where may have changed."""

    kinds: tuple[str, ...]
    place_ids: tuple[int, ...]


@dataclass(frozen=True)
class SitesChanged(Event):
    """Places that an app keeps were added, changed or removed; `source` is the key of its `SpotSource`."""

    source: str


@dataclass(frozen=True)
class SpotsImported(Event):
    """Addresses, stops or sites were added, changed or removed; the numbers say how many."""

    added: int
    changed: int
    removed: int
