"""Fills and clears the demo city: every app's sample data, through its services."""

import time
from collections.abc import Callable

from stadt.core.people.models import Setting
from stadt.core.registry import registry

FILLED = "demo.filled"


def is_filled() -> bool:
    """Whether the demo was filled to its end."""
    return Setting.objects.filter(key=FILLED).exists()


def fill(progress: Callable[[str], None]) -> None:
    """Run every app's demo in order; again after a broken run, since each part may run twice."""
    started = time.perf_counter()
    for demo in registry.demos:
        demo.fill(progress)
    Setting.objects.update_or_create(key=FILLED, defaults={"value": True})
    progress(f"Demo-Stadt gefüllt in {time.perf_counter() - started:.0f} s")


def clear(progress: Callable[[str], None]) -> None:
    """Remove what the demo made, last part first."""
    for demo in reversed(registry.demos):
        if demo.clear:
            demo.clear()
    Setting.objects.filter(key=FILLED).delete()
    progress("Demo-Daten entfernt")
