"""Computes values every hour, whenever a dataset they are made from is published, and soon after what they count changed."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from stadt.core.jobs import defer
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets.events import SnapshotPublished
from stadt.hub.indicators import demo, queries, services
from stadt.hub.indicators.declaration import Indicator

logger = logging.getLogger("stadt.indicators")

SOON = "indicators.compute_some"
PAUSE = timedelta(minutes=1)


def compute_all() -> None:
    """Every hour: final values for periods that are over, then the running periods."""
    _compute(queries.list_indicators(), close=True)


def compute_over_dataset(event: SnapshotPublished) -> None:
    """After a publication: the indicators that cite the dataset or wait for it."""
    _compute(services.indicators_over(event.dataset), close=False)


def compute_soon(*keys: str) -> None:
    """Compute these indicators again in a minute; however often it is asked for in that time, once."""
    defer(SOON, once=" ".join(keys), after=PAUSE, keys=list(keys))


def compute_some(keys: list[str]) -> None:
    """The running periods of these indicators, after something they count has changed."""
    found = [registry.indicators.get(key) for key in keys]
    _compute([one for one in found if isinstance(one, Indicator)], close=False)


def compute_for_demo(progress: Callable[[str], None]) -> None:
    """All values at once, for the demo city's first start."""
    demo.fill(progress)
    compute_all()
    progress("Kennzahlen berechnet")


def _compute(indicators: Iterable[Indicator], *, close: bool) -> None:
    """One after the other; what goes wrong with one stops no other."""
    actor = Actor.system("job:indicators.compute")
    for indicator in sorted(indicators, key=lambda one: one.counts_others):
        try:
            if close:
                services.close_periods(actor, indicator)
            services.compute_now(actor, indicator.key)
        except Exception:
            logger.exception("%s could not be computed", indicator.key)
