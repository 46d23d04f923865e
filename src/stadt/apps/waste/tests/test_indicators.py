"""Full containers and quarters with a monitored one, for the city and for its parts, over a small made table (M-2.1.3)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stadt.apps.waste import indicators
from stadt.hub.datasets.tests.lake import lake, lake_folder
from stadt.hub.indicators.declaration import Figure, Indicator, Period
from stadt.hub.lake.engine import engine
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area

__all__ = ["lake", "lake_folder"]
pytestmark = pytest.mark.usefixtures("lake")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROWS = (
    # quarter, district, fill, hours ago, simulated
    ("Altstadt", "Mitte", 80.0, 1, False),
    ("Altstadt", "Mitte", 79.9, 23, False),
    ("Horst", "Nord", 99.0, 25, False),
    ("", "", 100.0, 1, True),
)


class Table:
    """Sources over made containers; the city has five quarters."""

    def __init__(self, rows: tuple[tuple[str, str, float, int, bool], ...] = ROWS) -> None:
        values = ", ".join(
            f"('{quarter}', '{district}', {fill}, TIMESTAMP '{NOON - timedelta(hours=ago):%Y-%m-%d %H:%M:%S}', {simulated})"
            for quarter, district, fill, ago, simulated in rows
        )
        self.view = f"SELECT * FROM (VALUES {values}) AS t (quarter, district, fill, seen_at, simulated)"

    def ask(self, dataset: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        assert dataset == "waste.containers"
        return engine().ask(sql, parameters, view=self.view)

    def query(self, title: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return [(5,)]


def compute(indicator: Indicator, kind: str = "", name: str = "") -> Figure:
    place = (
        Area(1, PlaceKind(kind), "x", name, "", None, (0, 0, 0, 0), (0, 0), 1, False, "", "")
        if kind
        else None
    )
    period = Period.containing(indicator.period, NOON, ZoneInfo("Europe/Berlin"))
    return indicator.compute(period, place, Table())


@pytest.mark.parametrize(
    ("kind", "name", "full", "seen", "total"),
    [("", "", 2, 3, 4), ("city", "Stadt", 2, 3, 4), ("district", "Mitte", 1, 2, 2), ("quarter", "Horst", 0, 0, 1)],
)  # fmt: skip
def test_full_and_monitored_containers_are_counted_for_the_city_and_for_its_parts(
    kind: str, name: str, full: int, seen: int, total: int
) -> None:
    figure = compute(indicators.FULL_SHARE, kind, name)
    assert (figure.numerator, figure.denominator) == (full, seen)
    assert (figure.value is None) is (seen == 0)
    monitored = compute(indicators.MONITORED_SHARE, kind, name)
    assert (monitored.numerator, monitored.denominator) == (seen, total)


def test_a_quarter_is_covered_by_a_container_that_reported_and_lies_in_it() -> None:
    figure = compute(indicators.COVERED_QUARTERS)
    assert (figure.value, figure.numerator, figure.denominator, figure.simulated) == (20, 1, 5, True)
    assert compute(indicators.COVERED_QUARTERS, "district", "Nord").numerator == 0
