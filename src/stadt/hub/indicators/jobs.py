"""Computes values every hour and whenever a dataset they are made from is published."""

import logging
from collections.abc import Callable, Iterable

from stadt.core.people.actor import Actor
from stadt.hub.datasets.events import SnapshotPublished
from stadt.hub.indicators import demo, queries, services
from stadt.hub.indicators.declaration import Indicator

logger = logging.getLogger("stadt.indicators")


def compute_all() -> None:
    """Every hour: final values for periods that are over, then the running periods."""
    _compute(queries.list_indicators(), close=True)


def compute_over_dataset(event: SnapshotPublished) -> None:
    """After a publication: the indicators that cite the dataset or wait for it."""
    _compute(services.indicators_over(event.dataset), close=False)


def compute_for_demo(progress: Callable[[str], None]) -> None:
    """All values at once, for the demo city's first start."""
    demo.fill(progress)
    compute_all()
    progress("Kennzahlen berechnet")


def _compute(indicators: Iterable[Indicator], *, close: bool) -> None:
    """One after the other; what goes wrong with one stops no other."""
    actor = Actor.system("job:indicators.compute")
    for indicator in indicators:
        try:
            if close:
                services.close_periods(actor, indicator)
            services.compute_now(actor, indicator.key)
        except Exception:
            logger.exception("%s could not be computed", indicator.key)
