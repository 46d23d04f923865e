"""How long a call takes."""

import time
from collections.abc import Callable


def median_seconds(work: Callable[[], object], times: int) -> float:
    """Median seconds of some calls, after one to warm up."""
    work()
    measured = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        measured.append(time.perf_counter() - started)
    return sorted(measured)[times // 2]
