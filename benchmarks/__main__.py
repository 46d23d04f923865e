"""`python -m benchmarks [NAME …]`: runs all benchmarks, or those named, against one city; ends with 1 when a budget is missed.

A benchmark is a module of this package with `run(city) -> Iterator[Figure]`, imported when Django is set up for the city.
"""

import importlib
import os
import pkgutil
import sys
import time

import benchmarks
from benchmarks.city import running_city

ORDER = ("storing", "posting", "reading", "sta", "deleting", "counting")


def main(wanted: list[str]) -> int:
    """Run and print; the number of budgets missed decides the exit code."""
    found = {module.name for module in pkgutil.iter_modules(benchmarks.__path__)} - {"__main__"}
    names = wanted or [*ORDER, *sorted(found - set(ORDER))]
    missed = 0
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start, {time.strftime('%Y-%m-%d %H:%M')}"
    )
    with running_city() as city:
        for name in names:
            module = importlib.import_module(f"benchmarks.{name}")
            if not hasattr(module, "run"):
                continue
            for figure in module.run(city):
                print(figure.line(), flush=True)
                missed += not figure.is_met
    print(f"{missed} budgets missed" if missed else "all budgets met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
