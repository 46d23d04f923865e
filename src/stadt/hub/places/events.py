"""Facts the places tell."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class AreasImported(Event):
    """Outlines were added or replaced, so what lies where may have changed."""

    kinds: tuple[str, ...]
    place_ids: tuple[int, ...]
