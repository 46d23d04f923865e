"""One page of rows in the form asked for, written by DuckDB row by row, and the cursor behind it."""
# ruff: noqa: S608 - declared columns and understood conditions only

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stadt.hub.datasets.cursors import Cursor, keys_of, rows_behind
from stadt.hub.datasets.queries import count_rows
from stadt.hub.datasets.selection import Selection
from stadt.hub.datasets.shape import fields_of
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.lake.engine import engine, quoted
from stadt.hub.lake.positions import POSITION, placed_table
from stadt.hub.lake.tables import Field

# A page ends sooner where its rows are long, such as outlines of whole districts; the cursor goes on behind it.
MOST_BYTES = 16_000_000

Member = Callable[[Sequence[Field]], str]


@dataclass(frozen=True, slots=True)
class PageOfRows:
    """Rows as finished text, how many fit in all, and where the next page begins; None after the last."""

    rows: list[str]
    total: int
    next: Cursor | None


def read_page_of_rows(
    snapshot: SnapshotInfo, selection: Selection, member: Member, question: str, cursor: Cursor | None = None
) -> PageOfRows:
    """The page that begins behind the cursor, else at the selection's offset.

    Args:
        member: from the fields to be shown, SQL for one row as text.
        question: digest of what was asked, for the next cursor.

    Raises:
        Invalid: the cursor does not fit.
        Unavailable: the query took too long or needs too much memory.
    """
    total = cursor.total if cursor else count_rows(snapshot, selection)
    sql, values = _statement(snapshot, selection, member, cursor)
    view = placed_table(
        snapshot.paths,
        snapshot.fields,
        after=cursor.position if cursor and not selection.sort else -1,
        box=selection.box.sides if selection.box else None,
    )
    found = engine().ask(sql, values, view=view)
    shown = found[: selection.limit]
    texts = [str(row[0]) for row in shown]
    is_last = len(found) <= selection.limit and (not found or not found[-1][1])
    if is_last or not shown:
        return PageOfRows(texts, total, None)
    _text, _cut, position, *keys = shown[-1]
    return PageOfRows(texts, total, Cursor(snapshot.number, question, total, position, keys_of(keys)))


def _statement(
    snapshot: SnapshotInfo, selection: Selection, member: Member, cursor: Cursor | None
) -> tuple[str, list[object]]:
    """One row more than the page is asked for, and no more bytes than it may have; whether bytes ended it comes second.

    Without an order the rows come as the files have them, and reading ends with the page.
    """
    sort = [item.sql for item in selection.sort]
    names = [quoted(item.column.name) for item in selection.sort]
    where, values = selection.where, list(selection.values)
    if cursor and selection.sort:
        behind, more = rows_behind(selection.sort, cursor, POSITION)
        where = f"{where} AND {behind}" if where else f" WHERE {behind}"
        values += more
    offset = 0 if cursor else selection.offset
    order = f" ORDER BY {', '.join([*sort, POSITION])}" if sort else ""
    page = f"SELECT * FROM data{where}{order} LIMIT {selection.limit + 1} OFFSET {offset}"
    keys = "".join(f", {name} AS key{place}" for place, name in enumerate(names))
    told = f"SELECT {member(fields_of(selection.columns))} AS text, {POSITION} AS place{keys} FROM ({page})"
    turns = [
        f"key{place} {'DESC' if item.descending else 'ASC'} NULLS LAST"
        for place, item in enumerate(selection.sort)
    ]
    behind_all = ", ".join([*turns, "place"])
    running = f"sum(strlen(text)) OVER (ORDER BY {behind_all} ROWS UNBOUNDED PRECEDING)"
    shown = "".join(f", key{place}" for place in range(len(names)))
    sql = (
        f"SELECT text, upto > {MOST_BYTES}, place{shown} FROM"
        f" (SELECT *, {running} AS upto FROM ({told})) WHERE upto - strlen(text) <= {MOST_BYTES}"
        f" ORDER BY {behind_all}"
    )
    return sql, values
