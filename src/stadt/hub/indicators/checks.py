"""What is wrong with the declared indicators; asked when the city starts."""

from collections.abc import Iterator

from stadt.core.registry import registry
from stadt.hub.indicators.declaration import Indicator
from stadt.hub.lake.layout import KEY


def problems() -> Iterator[str]:
    """Every fault, as a sentence."""
    for item in registry.indicators.values():
        if not isinstance(item, Indicator):
            yield f"„{getattr(item, 'key', item)}“ ist kein Indicator."
            continue
        if not KEY.match(item.key):
            yield f"Kennzahl „{item.key}“: Der Schlüssel muss die Form bereich.name haben."
        for name in ("title", "unit", "description", "formula", "source"):
            if not getattr(item, name):
                yield f"Kennzahl „{item.key}“: {name} fehlt."
        if item.version < 1 or item.backfill < 0:
            yield f"Kennzahl „{item.key}“: version beginnt bei 1, backfill bei 0."
