"""How the values of each column are spread: bars of numbers and times, and the most frequent words."""
# ruff: noqa: S608 - declared columns only

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from stadt.core.errors import Unavailable
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.datasets.profile import EXACT_ROWS
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.lake.engine import engine, quoted

BINS = 10
FREQUENT = 5
REMEMBERED = 64
SPREAD = frozenset({ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.DATE, ColumnType.TIME})
COUNTED = frozenset({ColumnType.TEXT, ColumnType.BOOLEAN})


@dataclass(frozen=True, slots=True)
class Spread:
    """What a column's values look like.

    `bins` are counts in stretches of equal length from the smallest to the largest value; `frequent` the most frequent
    values with how often they occur. Of more than 200,000 rows both are from a sample, the same each time.
    """

    bins: tuple[int, ...] = ()
    frequent: tuple[tuple[str, int], ...] = ()


def spreads_of(snapshot: SnapshotInfo) -> Mapping[str, Spread]:
    """By column; empty where looking took too long. A snapshot never changes, so each is looked at once in a process."""
    return _spreads(_Whole(snapshot))


class _Whole:
    """A snapshot, equal to every other with the same content."""

    def __init__(self, snapshot: SnapshotInfo) -> None:
        self.snapshot = snapshot
        self._key = (snapshot.dataset, snapshot.content_hash)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Whole) and self._key == other._key


@lru_cache(maxsize=REMEMBERED)
def _spreads(whole: _Whole) -> Mapping[str, Spread]:
    snapshot = whole.snapshot
    known = snapshot.profile.get("columns", {})
    spread = [
        c for c in snapshot.columns if c.type in SPREAD and known.get(c.name, {}).get("minimum") is not None
    ]
    counted = [c for c in snapshot.columns if c.type in COUNTED and _repeats(known.get(c.name, {}), snapshot)]
    if not spread and not counted:
        return {}
    sample = (
        f" USING SAMPLE reservoir({EXACT_ROWS} ROWS) REPEATABLE (1)"
        if snapshot.row_count > EXACT_ROWS
        else ""
    )
    wanted = [
        *(_bins(column, known[column.name]) for column in spread),
        *(_frequent(column) for column in counted),
    ]
    try:
        [row] = engine().ask(
            f"SELECT {', '.join(wanted)} FROM (SELECT * FROM data{sample})", view=snapshot.view
        )
    except Unavailable:
        return {}
    cells: Sequence[Any] = row
    found = {column.name: Spread(bins=_filled(cell)) for column, cell in zip(spread, cells, strict=False)}
    for column, cell in zip(counted, cells[len(spread) :], strict=True):
        ordered = sorted((cell or {}).items(), key=lambda item: (-item[1], item[0]))[:FREQUENT]
        found[column.name] = Spread(frequent=tuple((str(value), int(count)) for value, count in ordered))
    return found


def _repeats(profile: Mapping[str, Any], snapshot: SnapshotInfo) -> bool:
    """Whether some value occurs often enough to be told: not names and numbers that are all different."""
    distinct = profile.get("distinct") or 0
    return 0 < distinct <= 5_000 and distinct < max(2, snapshot.row_count - profile.get("missing", 0))


def _bins(column: Column, profile: Mapping[str, Any]) -> str:
    name = quoted(column.name)
    if column.type in {ColumnType.DATE, ColumnType.TIME}:
        value = f"epoch({name}::TIMESTAMP)"
        low, high = (_seconds(profile[edge]) for edge in ("minimum", "maximum"))
    else:
        value, low, high = f"{name}::DOUBLE", float(profile["minimum"]), float(profile["maximum"])
    width = (high - low) / BINS
    place = (
        f"least(greatest(floor(({value} - {low!r}) / {width!r}), 0), {BINS - 1})::INTEGER" if width else "0"
    )
    return f"histogram(CASE WHEN {name} IS NOT NULL THEN {place} END)"


def _frequent(column: Column) -> str:
    name = quoted(column.name)
    text = f"left({name}, 80)" if column.type is ColumnType.TEXT else f"{name}::VARCHAR"
    return f"histogram({text})"


def _filled(cell: Mapping[int, int] | None) -> tuple[int, ...]:
    return tuple(int((cell or {}).get(place, 0)) for place in range(BINS))


def _seconds(text: str) -> float:
    moment = datetime.fromisoformat(text) if "T" in text else None
    if moment is not None:
        return moment.timestamp()
    day = date.fromisoformat(text)
    return float((day - date(1970, 1, 1)).days * 86_400)
