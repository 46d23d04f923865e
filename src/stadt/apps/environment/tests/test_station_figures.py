"""Days above a limit, the level of the nights and how well is measured, computed by the engine over small made tables."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stadt.apps.environment import station_figures as figures
from stadt.hub.datasets.tests.lake import lake, lake_folder
from stadt.hub.indicators.declaration import Figure, Indicator, Period, Quality
from stadt.hub.lake.engine import engine
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area

__all__ = ["lake", "lake_folder"]
pytestmark = pytest.mark.usefixtures("lake")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Tables:
    """Sources over made tables: the real SQL, on rows as a test wants them."""

    def __init__(
        self, hours: list[dict[str, Any]], stations: Sequence[tuple[str, str, str, bool, bool]] = ()
    ) -> None:
        self.hours = hours
        self.stations = stations

    def ask(self, dataset: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return engine().ask(sql, parameters, view=self._of(dataset))

    def query(self, title: str, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        assert (title, sql) == ("Stadtteile", figures.QUARTERS)
        return [(4,)]

    def _of(self, dataset: str) -> str:
        if dataset == figures.STATIONS:
            rows = ", ".join(
                f"('{number}', '{quarter}', '{district}', TIMESTAMP '{NOON - (HOUR if heard else 25 * HOUR):%Y-%m-%d %H:%M:%S}', {simulated})"
                for number, quarter, district, heard, simulated in self.stations
            )
            return f"SELECT * FROM (VALUES {rows}) AS t (number, quarter, district, seen_at, simulated)"
        columns = ("temperature", "humidity", "pm10", "pm2_5", "no2", "noise")
        rows = ", ".join(
            "({station!r}, TIMESTAMP '{at:%Y-%m-%d %H:%M:%S}', {simulated}, {values})".format(
                station=hour.get("station", "a"),
                at=hour["at"],
                simulated=hour.get("simulated", False),
                values=", ".join(f"CAST({hour.get(column, 'NULL')} AS DOUBLE)" for column in columns),
            )
            for hour in self.hours
        )
        return f"SELECT * FROM (VALUES {rows}) AS t (station, hour, simulated, {', '.join(columns)})"


def compute(indicator: Indicator, tables: Tables, place: Area | None = None) -> Figure:
    return indicator.compute(Period.containing(indicator.period, NOON, BERLIN), place, tables)


def day(number: int, hours: int = 24, **values: Any) -> Iterator[dict[str, Any]]:
    """Hours of a day of November, from its local midnight."""
    start = datetime(2026, 11, number, tzinfo=BERLIN).astimezone(UTC)
    return ({"at": start + number * HOUR, **values} for number in range(hours))


def test_a_day_has_poor_air_when_one_station_hour_had() -> None:
    hours = [
        *day(1, 2, pm10=54.4, no2=20), {"at": datetime(2026, 11, 1, 5, tzinfo=UTC), "pm10": 54.5},
        *day(2, 2, no2=60.4, pm2_5=30), *day(3, 2, no2=61, simulated=True), *day(4, 2, temperature=30),
    ]  # fmt: skip
    figure = compute(figures.POOR_AIR_DAYS, Tables(hours))
    assert (figure.value, figure.denominator, figure.simulated) == (2, 3, True)
    assert figure.quality is Quality.INCOMPLETE


def test_the_first_hour_after_local_midnight_belongs_to_the_new_day() -> None:
    late = datetime(2026, 11, 1, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
    figure = compute(
        figures.POOR_AIR_DAYS, Tables([{"at": late, "pm10": 99}, {"at": late + HOUR, "pm10": 99}])
    )
    assert figure.value == 2


def test_days_above_the_limit_are_those_of_the_station_that_has_most_of_them() -> None:
    hours = [
        *day(1, pm10=50), *day(2, pm10=51), *day(3, 17, pm10=99), *day(4, 18, pm10=51),
        *day(1, station="b", pm10=60),
    ]  # fmt: skip
    figure = compute(figures.LIMIT_DAYS_PM10, Tables(hours))
    assert (figure.value, figure.denominator, figure.simulated) == (2, 4, False)


def test_the_night_is_averaged_by_energy_and_the_day_is_left_out() -> None:
    nights = [
        {"at": datetime(2026, 11, 1, hour, tzinfo=UTC), "noise": level} for hour, level in ((21, 40), (4, 50))
    ]
    figure = compute(
        figures.NIGHT_LEVEL, Tables([*nights, {"at": datetime(2026, 11, 1, 12, tzinfo=UTC), "noise": 90}])
    )
    assert figure.value == pytest.approx(47.403626894942)  # 10 lg((10^4 + 10^5) / 2)
    assert figure.denominator == 2


STATIONS = [("a", "Altstadt", "Mitte", True, False), ("b", "Neustadt", "Mitte", True, False)]


@pytest.mark.parametrize(("last", "waiting"), [(NOON - HOUR, 0), (NOON - 2 * HOUR, 1), (NOON - 9 * HOUR, 1)])
def test_the_measured_share_divides_by_all_hours_that_the_dataset_can_hold(
    last: datetime, waiting: int
) -> None:
    """The dataset is an hour late at most: who is silent for longer is missing."""
    period = Period.containing(figures.MEASURED_SHARE.period, NOON, BERLIN)
    elapsed = (NOON - period.start.astimezone(UTC)) // HOUR
    hours = [*day(2, 10, no2=1), *day(3, 5), {"at": last, "no2": 1}]
    figure = compute(figures.MEASURED_SHARE, Tables(hours, STATIONS))
    assert (figure.numerator, figure.denominator) == (11, 2 * (elapsed - waiting))


@pytest.mark.parametrize(("month", "hours"), [(3, 31 * 24 - 1), (10, 31 * 24 + 1)])
def test_a_month_with_a_change_of_the_clock_has_an_hour_less_or_more(month: int, hours: int) -> None:
    inside = datetime(2026, month, 15, tzinfo=UTC)
    period = Period.containing(figures.MEASURED_SHARE.period, inside, BERLIN).closed()
    rows = [{"at": period.end.astimezone(UTC) - HOUR, "no2": 1}]
    figure = figures.MEASURED_SHARE.compute(period, None, Tables(rows, STATIONS[:1]))
    assert (figure.numerator, figure.denominator) == (1, hours)


def test_before_the_first_hour_of_a_month_is_known_there_is_no_share_and_a_true_reason() -> None:
    start = Period.containing(figures.MEASURED_SHARE.period, NOON, BERLIN).start.astimezone(UTC)
    for minutes in (5, 65):
        period = Period.containing(figures.MEASURED_SHARE.period, start + timedelta(minutes=minutes), BERLIN)
        figure = figures.MEASURED_SHARE.compute(
            period, None, Tables([{"at": start - HOUR, "no2": 1}], STATIONS)
        )
        assert (figure.value, figure.reason) == (None, figures.NO_HOUR)


@pytest.mark.parametrize(
    ("kind", "name", "heard", "total", "quarters"),
    [(None, "", 2, 3, 1), ("city", "Stadt", 2, 3, 1), ("district", "Nord", 0, 1, 0), ("quarter", "Altstadt", 2, 2, 1)],
)  # fmt: skip
def test_stations_are_counted_for_the_city_and_for_its_parts(
    kind: str | None, name: str, heard: int, total: int, quarters: int
) -> None:
    tables = Tables(
        [], [("a", "Altstadt", "Mitte", True, False), ("b", "Altstadt", "Mitte", True, True), ("c", "Horst", "Nord", False, False)]
    )  # fmt: skip
    place = (
        None
        if kind is None
        else Area(1, PlaceKind(kind), "x", name, "", None, (0, 0, 0, 0), (0, 0), 1, False, "", "")
    )
    figure = compute(figures.REPORTING_SHARE, tables, place)
    assert (figure.numerator, figure.denominator) == (heard, total)
    covered = compute(figures.COVERED_QUARTERS, tables, place)
    assert (covered.numerator, covered.denominator, covered.value) == (quarters, 4, 25 * quarters)


@pytest.mark.parametrize("indicator", [figures.POOR_AIR_DAYS, figures.LIMIT_DAYS_PM10, figures.NIGHT_LEVEL])
def test_without_a_valid_hour_there_is_no_value_and_a_reason(indicator: Indicator) -> None:
    figure = compute(indicator, Tables(list(day(1, 2, temperature=20))))
    assert (figure.value, bool(figure.reason)) == (None, True)


def test_the_limits_of_the_classes_are_those_of_the_index() -> None:
    assert figures.LIMIT_OF_CLASS == {"pm10": 54, "pm2_5": 30, "no2": 60}


def test_nothing_is_read_beyond_the_moment_of_the_computation() -> None:
    check: Callable[[Indicator], Figure] = lambda indicator: compute(  # noqa: E731 - one line
        indicator, Tables([{"at": NOON, "pm10": 99, "noise": 99}])
    )
    assert check(figures.POOR_AIR_DAYS).value is None
