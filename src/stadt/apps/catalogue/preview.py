"""What a dataset's page shows of its rows: a first table, the columns, and a first map or chart."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from stadt.apps.catalogue.remembered import remembered
from stadt.core.city import current
from stadt.hub.datasets import queries
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.datasets.distribution import Spread, spreads_of
from stadt.hub.datasets.profile import EXACT_ROWS
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.indicators.units import on_screen
from stadt.hub.lake.engine import engine, literal, quoted
from stadt.hub.opendata.records import Record
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind
from stadt.web.formats import day, moment, number
from stadt.web.maps import LayerKind, MapFeature, MapLayer

MAP_FEATURES = 300
CHART_SERIES = 4
HOURLY_UP_TO = timedelta(days=4)

NAMES = ("name", "title")


def in_words(column: Column, value: Any) -> str:
    """A cell (as JSON has it) in the active language; empty where it is missing."""
    if value is None:
        return ""
    if _is_year(column):
        return str(value)
    match column.type:
        case ColumnType.NUMBER | ColumnType.INTEGER:
            return number(value)
        case ColumnType.BOOLEAN:
            return gettext("ja") if value else gettext("nein")
        case ColumnType.DATE:
            return day(date.fromisoformat(value))
        case ColumnType.TIME:
            return moment(datetime.fromisoformat(value))
    return str(value)


def _is_year(column: Column) -> bool:
    """Whether whole numbers are years, which are written without a dot; told by the column's name, as people do."""
    return (
        column.type is ColumnType.INTEGER
        and not column.unit
        and column.name.lower().endswith(("jahr", "year"))
    )


def column_rows(snapshot: SnapshotInfo) -> list[dict[str, Any]]:
    """The columns with type, unit, missing cells, range, and how their values are spread."""
    profile = snapshot.profile.get("columns", {})
    spreads = spreads_of(snapshot)
    rows = []
    for column in snapshot.columns:
        found = profile.get(column.name, {})
        low, high = found.get("minimum"), found.get("maximum")
        spread = spreads.get(column.name, Spread())
        rows.append(
            {
                "name": column.name,
                "title": gettext(column.heading)
                + (f" – {gettext(column.description)}" if column.description else ""),
                "type": type_title(column.type),
                "unit": on_screen(column.unit),
                "missing": found.get("missing"),
                "distinct": found.get("distinct"),
                "is_exact": snapshot.row_count <= EXACT_ROWS,
                "range": _range(column, low, high),
                "bars": bars_of(spread.bins),
                "bars_label": gettext("So viele Werte in zehn gleich langen Abschnitten: %(counts)s")
                % {"counts": ", ".join(number(count) for count in spread.bins)},
                "frequent": [(_told(column, value), count) for value, count in spread.frequent],
            }
        )
    return rows


def _range(column: Column, low: Any, high: Any) -> str:
    edges = dict.fromkeys(in_words(column, edge) for edge in (low, high) if edge is not None)
    return " – ".join(edges)


def bars_of(bins: Sequence[int]) -> list[dict[str, int]]:
    """Bars in a box of 100 by 24; what is there at all is seen."""
    if not any(bins):
        return []
    most = max(bins)
    heights = [max(1, round(24 * count / most)) if count else 0 for count in bins]
    return [{"x": 10 * place, "y": 24 - height, "height": height} for place, height in enumerate(heights)]


def _told(column: Column, value: str) -> str:
    return in_words(column, value == "true") if column.type is ColumnType.BOOLEAN else value


def type_title(column_type: ColumnType) -> str:
    """What a column holds, in words."""
    return {
        ColumnType.TEXT: gettext("Text"),
        ColumnType.NUMBER: gettext("Zahl"),
        ColumnType.INTEGER: gettext("ganze Zahl"),
        ColumnType.BOOLEAN: gettext("ja/nein"),
        ColumnType.DATE: gettext("Tag"),
        ColumnType.TIME: gettext("Zeitpunkt"),
        ColumnType.GEOMETRY: gettext("Ort (WGS 84)"),
    }[column_type]


def heading_of(column: Column) -> str:
    """A column's title with its unit, as it stands over a table."""
    unit = on_screen(column.unit)
    title = gettext(column.heading)
    return f"{title} ({unit})" if unit else title


def map_layers(record: Record) -> list[MapLayer]:
    """The first features on a map, where the dataset has geometry; empty without any."""
    snapshot = record.snapshot
    if snapshot is None or not any(column.type is ColumnType.GEOMETRY for column in snapshot.columns):
        return []
    columns = [column for column in snapshot.columns if column.type is not ColumnType.GEOMETRY]
    read = remembered(snapshot, "features", lambda: queries.read_features(snapshot, MAP_FEATURES))
    found = [item for item in read if item["geometry"]]
    if not found:
        return []
    flag = record.dataset.simulated
    features = [
        MapFeature(
            key=str(place),
            title=_title(columns, item["properties"], place),
            geometry=item["geometry"],
            text=_facts([column for column in columns[1:] if column.name not in NAMES], item["properties"]),
            simulated=bool(flag and item["properties"].get(flag)),
        )
        for place, item in enumerate(found, 1)
    ]
    are_points = all(item["geometry"]["type"] in {"Point", "MultiPoint"} for item in found)
    kind = LayerKind.POINTS if are_points else LayerKind.AREAS
    return [MapLayer(record.key, record.title, features, kind=kind)]


def _title(columns: Sequence[Column], row: dict[str, Any], place: int) -> str:
    named = next((row[name] for name in NAMES if row.get(name)), None)
    first = in_words(columns[0], row[columns[0].name]) if columns else ""
    return str(named or first or place)


def _facts(columns: Sequence[Column], row: dict[str, Any]) -> str:
    cells = [
        (column, in_words(column, row[column.name])) for column in columns if row[column.name] is not None
    ]
    return ", ".join(
        f"{gettext(column.heading)}: {text} {on_screen(column.unit)}".strip() for column, text in cells[:4]
    )


def chart_of(record: Record) -> Chart | None:
    """The mean of the first measured columns over time; None without a time column or a column with a unit.

    Columns without a unit may mix quantities, so no mean is drawn of them.
    """
    snapshot = record.snapshot
    if snapshot is None:
        return None
    time = next((column for column in snapshot.columns if column.type is ColumnType.TIME), None)
    measured = [column for column in snapshot.columns if column.type is ColumnType.NUMBER and column.unit]
    series = [column for column in measured if column.unit == measured[0].unit][:CHART_SERIES]
    if time is None or not series:
        return None
    rows, is_hourly = remembered(snapshot, "means", lambda: _means(snapshot, time, series))
    if len(rows) < 2:
        return None
    step = gettext("Stundenmittel") if is_hourly else gettext("Tagesmittel")
    return Chart(
        title=gettext("%(title)s: %(step)s über alle Zeilen") % {"title": record.title, "step": step},
        kind=ChartKind.LINE,
        columns=(
            ChartColumn(gettext("Zeit"), ColumnKind.TIME if is_hourly else ColumnKind.DATE),
            *(ChartColumn(gettext(column.heading), unit=on_screen(column.unit)) for column in series),
        ),
        rows=rows,
        summary=gettext("%(count)s Zeitpunkte von %(start)s bis %(end)s.")
        % {"count": number(len(rows)), "start": day(rows[0][0]), "end": day(rows[-1][0])},
        source=record.publisher,
        simulated=record.is_simulated,
    )


def _means(
    snapshot: SnapshotInfo, time: Column, series: Sequence[Column]
) -> tuple[list[tuple[Any, ...]], bool]:
    found = snapshot.profile.get("columns", {}).get(time.name, {})
    if not found.get("minimum"):
        return [], False
    first, last = (datetime.fromisoformat(found[edge]) for edge in ("minimum", "maximum"))
    is_hourly = last - first <= HOURLY_UP_TO
    zone = literal(current().timezone)
    local = f"(({quoted(time.name)} AT TIME ZONE 'UTC') AT TIME ZONE {zone})"
    bucket = f"date_trunc('hour', {quoted(time.name)})" if is_hourly else f"CAST({local} AS DATE)"
    means = ", ".join(f"avg({quoted(column.name)})" for column in series)
    rows = engine().ask(
        f"SELECT {bucket} AS bucket, {means} FROM data WHERE bucket IS NOT NULL GROUP BY 1 ORDER BY 1",  # noqa: S608 - declared columns
        view=snapshot.view,
    )
    return list(rows), is_hourly
