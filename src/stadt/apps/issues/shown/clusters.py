"""What a map of many reports shows: single ones where there is room, and how many where there is none."""

from dataclasses import dataclass, replace

from stadt.apps.issues.shown.queries import COLUMNS, Box, Issue, IssueQuery, as_issue, conditions, list_rows
from stadt.core.database.reading import read_public

CELLS_ACROSS = 12
MOST_SINGLE = 60
"""Up to so many reports in view are drawn one by one."""
SMALLEST_CELL = 0.0008
"""Degrees of longitude, about 55 m: reports nearer than this share a cell however near one looks."""
MOST_FEATURES = 300


@dataclass(frozen=True, slots=True)
class Cluster:
    """Reports that lie too close together to be told apart at this scale; `lon`/`lat` is their middle."""

    key: str
    count: int
    closed: int
    lon: float
    lat: float
    box: Box


@dataclass(frozen=True, slots=True)
class Cut:
    """What lies in a box: single reports and clusters, together at most `MOST_FEATURES`."""

    issues: list[Issue]
    clusters: list[Cluster]


def cut(query: IssueQuery, box: Box) -> Cut:
    """The reports of a query inside a box (WGS 84), grouped by a grid that stays where it is when the map is moved.

    Two statements at most: one counts the cells from the index, one reads those that stand alone.
    """
    width, height = cell_size(box)
    where, values = conditions(replace(query, box=box))
    rows = read_public(
        "SELECT floor(lon / %(width)s)::int AS x, floor(lat / %(height)s)::int AS y, count(*) AS n,"  # noqa: S608 - constants
        " count(*) FILTER (WHERE is_closed) AS closed, avg(lon) AS lon, avg(lat) AS lat,"
        " min(lon) AS west, min(lat) AS south, max(lon) AS east, max(lat) AS north"
        f" FROM issues_publicissue WHERE {where} GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT %(most)s",
        {**values, "width": width, "height": height, "most": MOST_FEATURES},
    )
    total = sum(row["n"] for row in rows)
    if total <= MOST_SINGLE:
        return Cut(list_rows(replace(query, box=box, after=None), MOST_SINGLE), [])
    crowded = [row for row in rows if row["n"] > 1]
    alone = [row for row in rows if row["n"] == 1]
    return Cut(_alone(query, box, alone), [_cluster(row) for row in crowded])


def cell_size(box: Box) -> tuple[float, float]:
    """Width and height of a cell in degrees: a power of two, so that cells of near scales nest and do not jump."""
    west, _south, east, _north = box
    width = SMALLEST_CELL
    while width * CELLS_ACROSS < east - west and width < 1:
        width *= 2
    return width, width * 0.62  # about square at 51° north


def _alone(query: IssueQuery, box: Box, cells: list[dict[str, float]]) -> list[Issue]:
    if not cells:
        return []
    where, values = conditions(replace(query, box=box))
    rows = read_public(
        f"SELECT {COLUMNS} FROM issues_publicissue WHERE {where} AND (lon, lat) IN"  # noqa: S608 - constants
        " (SELECT * FROM unnest(%(lons)s::float8[], %(lats)s::float8[]))",
        {**values, "lons": [cell["west"] for cell in cells], "lats": [cell["south"] for cell in cells]},
    )
    return [as_issue(row) for row in rows]


def _cluster(row: dict[str, float]) -> Cluster:
    return Cluster(
        key=f"{int(row['x'])}.{int(row['y'])}",
        count=int(row["n"]),
        closed=int(row["closed"]),
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        box=(float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"])),
    )
