"""A value in words: its number, its period, how firm it is, and what it was computed from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext, gettext_lazy

from stadt.core.errors import StadtError
from stadt.core.registry import registry
from stadt.hub.datasets import downloads, queries
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.formats import formats_of
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.indicators.declaration import PeriodKind, Quality
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.queries import Value
from stadt.hub.indicators.statistics import Method
from stadt.hub.indicators.units import on_screen
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind
from stadt.web.formats import clock, day, local, moment, number
from stadt.web.maps import State

KINDS = {
    PeriodKind.DAY: gettext_lazy("einen Tag"),
    PeriodKind.WEEK: gettext_lazy("eine Woche"),
    PeriodKind.MONTH: gettext_lazy("einen Monat"),
    PeriodKind.QUARTER: gettext_lazy("ein Quartal"),
    PeriodKind.HALF_YEAR: gettext_lazy("ein Halbjahr"),
    PeriodKind.YEAR: gettext_lazy("ein Jahr"),
    PeriodKind.TWO_YEARS: gettext_lazy("zwei Jahre"),
    PeriodKind.THREE_YEARS: gettext_lazy("drei Jahre"),
    PeriodKind.FIVE_YEARS: gettext_lazy("fünf Jahre"),
}
OBSERVATION = "observation_id"
SAMPLE_ROWS = 5


def with_unit(indicator: Definition, value: float | None, series: str = "") -> str:
    """ "82,5 %"; an en dash where there is no value."""
    unit = on_screen(indicator.unit_of(series))
    text = number(value, indicator.digits)
    return f"{text}\u202f{unit}" if unit and value is not None else text


def plain_number(value: float) -> str:
    """A number as a form takes it again: with comma, without groups."""
    return f"{value:.10f}".rstrip("0").rstrip(".").replace(".", ",")


def period_in_words(value: Value) -> str:
    """ "21.11.2026", "November 2026", "3. Quartal 2026" or "2023–2025", with "bisher" while it runs."""
    words = _whole_period(value.period, local(value.period_start))
    if value.is_final:
        return words
    if value.period is PeriodKind.DAY and day(value.as_of) == words:
        return gettext("%(day)s bis %(clock)s Uhr") % {"day": words, "clock": clock(value.as_of)}
    return gettext("%(period)s, bis %(moment)s") % {"period": words, "moment": moment(value.as_of)}


def _whole_period(kind: PeriodKind, start: datetime) -> str:
    numbers = {"year": start.year, "number": 1}
    match kind:
        case PeriodKind.DAY:
            return day(start)
        case PeriodKind.WEEK:
            year, week, _day = start.isocalendar()
            return gettext("%(number)s. Woche %(year)s") % {"year": year, "number": week}
        case PeriodKind.MONTH:
            return f"{MONTHS[start.month]} {start.year}"
        case PeriodKind.QUARTER:
            return gettext("%(number)s. Quartal %(year)s") % {**numbers, "number": start.month // 3 + 1}
        case PeriodKind.HALF_YEAR:
            return gettext("%(number)s. Halbjahr %(year)s") % {**numbers, "number": start.month // 6 + 1}
        case PeriodKind.YEAR:
            return str(start.year)
    return f"{start.year}–{start.year + kind.years - 1}"


def interval_in_words(indicator: Definition, value: Value) -> str:
    """ "12,1 bis 14,9 % (95 %, Wilson)"; empty where the value has none."""
    interval = value.interval
    if interval is None:
        return ""
    return gettext("%(low)s bis %(high)s (mit %(level)s\u202f%% Sicherheit, Verfahren: %(method)s)") % {
        "low": number(interval.low, indicator.digits),
        "high": with_unit(indicator, interval.high, value.series),
        "level": number(100 * interval.level),
        "method": METHODS[interval.method],
    }


METHODS = {Method.WILSON: "Wilson", Method.POISSON: "Poisson", Method.MEAN: "Student"}


def quality_in_words(quality: Quality) -> tuple[str, State]:
    """The word for how firm a value is, and its colour."""
    return {
        Quality.FINAL: (gettext("endgültig"), State.SUCCESS),
        Quality.PROVISIONAL: (gettext("vorläufig"), State.INFO),
        Quality.INCOMPLETE: (gettext("unvollständig"), State.WARNING),
    }[quality]


def sentence(indicator: Definition, value: Value) -> str:
    """The value as one sentence."""
    if value.value is None:
        return gettext("Noch kein Wert: %(reason)s") % {"reason": value.reason}
    words = gettext("%(title)s: %(value)s (%(period)s).") % {
        "title": gettext(indicator.title),
        "value": with_unit(indicator, value.value, value.series),
        "period": period_in_words(value),
    }
    if value.numerator is None or value.denominator is None:
        return words
    parts = {"numerator": number(value.numerator), "denominator": number(value.denominator)}
    if indicator.unit_of(value.series) == "%":
        made = gettext("Das entspricht %(numerator)s von %(denominator)s.") % parts
    else:
        made = gettext("Gerechnet als %(numerator)s geteilt durch %(denominator)s.") % parts
    return f"{words} {made}"


@dataclass(frozen=True, slots=True)
class ShownReading:
    """A reading that went in, with its address in the SensorThings interface."""

    id: int

    @property
    def url(self) -> str:
        """The observation in `/sta/v1.1`."""
        return f"/sta/v1.1/Observations({self.id})"


@dataclass(frozen=True, slots=True)
class ShownInput:
    """A snapshot or query that a value was computed from."""

    title: str
    sql: str
    is_snapshot: bool
    page: str = ""
    number: int = 0
    published_at: datetime | None = None
    content_hash: str = ""
    row_count: int = 0
    simulated_rows: int = 0
    files: tuple[tuple[str, str], ...] = ()
    rows_url: str = ""
    readings: tuple[ShownReading, ...] = ()
    result: tuple[tuple[str, ...], ...] = ()
    gone: str = ""


def inputs_of(value: Value) -> list[ShownInput]:
    """What a value was computed from, down to the snapshot; the same snapshot asked twice stands once."""
    shown: list[ShownInput] = []
    seen: set[tuple[str, int]] = set()
    for item in value.inputs:
        if item["kind"] not in {"query", "snapshot"}:
            continue
        if item["kind"] == "query":
            result = tuple(tuple(_cell(cell) for cell in row) for row in item["result"][:SAMPLE_ROWS])
            title = item["title"]
            shown.append(ShownInput(gettext(title), item["sql"], is_snapshot=False, result=result))
        elif (item["dataset"], item["number"]) not in seen:
            seen.add((item["dataset"], item["number"]))
            shown.append(_shown_snapshot(item))
    return shown


def _shown_snapshot(item: dict[str, Any]) -> ShownInput:
    key, snapshot_number = item["dataset"], item["number"]
    dataset = registry.datasets.get(key)
    title = gettext(dataset.title) if isinstance(dataset, Dataset) else key
    try:
        snapshot = queries.get_snapshot(key, snapshot_number)
    except StadtError as gone:
        return ShownInput(title, item["sql"], is_snapshot=True, number=snapshot_number, gone=gone.detail)
    shown = dataset if isinstance(dataset, Dataset) and dataset.is_public else None
    return ShownInput(
        title,
        item["sql"],
        is_snapshot=True,
        page=queries.find_page(key) if shown else "",
        number=snapshot.number,
        published_at=snapshot.published_at,
        content_hash=snapshot.content_hash,
        row_count=snapshot.row_count,
        simulated_rows=snapshot.simulated_count,
        files=tuple(
            (form.title, downloads.url_of(key, snapshot.number, form))
            for form in formats_of(shown, snapshot.row_count)
        )
        if shown
        else (),
        rows_url=f"/api/v1/datasets/{key}/rows?number={snapshot.number}" if shown else "",
        readings=_readings_of(snapshot),
    )


def _readings_of(snapshot: SnapshotInfo) -> tuple[ShownReading, ...]:
    """A few readings of a snapshot whose rows name their observation."""
    if not any(column.name == OBSERVATION for column in snapshot.columns):
        return ()
    sql = f"SELECT max({OBSERVATION}) AS id FROM data GROUP BY {OBSERVATION} ORDER BY id DESC LIMIT {SAMPLE_ROWS}"  # noqa: S608 - constants
    rows = queries.read_rows(snapshot.dataset, sql, number=snapshot.number)
    return tuple(ShownReading(pk) for (pk,) in rows if pk is not None)


def _cell(cell: Any) -> str:
    match cell:
        case {"time": text}:
            return moment(datetime.fromisoformat(text))
        case {"date": text} | {"decimal": text}:
            return str(text)
        case None:
            return "–"
        case int() | float():
            return number(cell)
    return str(cell)


def chart_of(indicator: Definition, values: list[Value]) -> Chart | None:
    """The history as a chart; None with fewer than two values. A period without a value is a gap.

    Where values have intervals, their bounds stand beside them as two further lines.
    """
    if sum(value.value is not None for value in values) < 2:
        return None
    title = gettext(indicator.title)
    unit = on_screen(indicator.unit_of(values[0].series))
    has_bounds = any(value.interval for value in values)
    names = [title, *((gettext("untere Grenze"), gettext("obere Grenze")) if has_bounds else ())]
    bounds = [(value.interval_low, value.interval_high) if has_bounds else () for value in values]
    return Chart(
        title=gettext("Verlauf: %(title)s") % {"title": title},
        kind=ChartKind.LINE,
        columns=(
            ChartColumn(gettext("Zeitraum"), ColumnKind.DATE),
            *(ChartColumn(name, ColumnKind.NUMBER, unit, indicator.digits) for name in names),
        ),
        rows=[
            [local(value.period_start + timedelta(hours=1)).date(), value.value, *pair]
            for value, pair in zip(values, bounds, strict=True)
        ],
        simulated=any(value.simulated for value in values),
        summary=_summary(indicator, [value for value in values if value.value is not None]),
    )


def _summary(indicator: Definition, values: list[Value]) -> str:
    numbers = [value.value for value in values if value.value is not None]
    return gettext(
        "Von %(first)s (%(start)s) bis %(last)s (%(end)s); kleinster Wert %(low)s, größter %(high)s."
    ) % {
        "first": with_unit(indicator, numbers[0]),
        "start": day(values[0].period_start),
        "last": with_unit(indicator, numbers[-1]),
        "end": day(values[-1].period_start),
        "low": with_unit(indicator, min(numbers)),
        "high": with_unit(indicator, max(numbers)),
    }
