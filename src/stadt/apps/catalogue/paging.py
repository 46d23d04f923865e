"""The preview of a dataset's rows: turned and sorted by links, so that it needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from stadt.apps.catalogue.preview import heading_of, in_words
from stadt.apps.catalogue.remembered import remembered
from stadt.core.errors import Invalid
from stadt.hub.datasets import queries
from stadt.hub.datasets.conditions import ORDERED
from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.datasets.selection import FARTHEST, understand
from stadt.hub.datasets.snapshots import SnapshotInfo

ROWS = 10
NUMERIC = frozenset({ColumnType.NUMBER, ColumnType.INTEGER})
LONGEST = 120


@dataclass(frozen=True, slots=True)
class PreviewColumn:
    """A column's heading: where its link sorts to, and how it is sorted now (`ascending`, `descending` or `none`)."""

    heading: str
    is_number: bool
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A cell as people read it."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A page of rows."""

    columns: Sequence[PreviewColumn]
    rows: Sequence[Sequence[PreviewCell]]
    page: Page[Any]


class _Rows:
    """What Django's paginator turns: as long as the snapshot, and read only where it is opened."""

    def __init__(self, snapshot: SnapshotInfo, sort: str) -> None:
        self.snapshot, self.sort = snapshot, sort

    def __len__(self) -> int:
        return min(self.snapshot.row_count, FARTHEST)

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        selection = understand(
            self.snapshot.columns, limit=max(1, part.stop - part.start), offset=part.start, sort=self.sort
        )
        what = f"rows {part.start} {part.stop} {self.sort}"
        return remembered(self.snapshot, what, lambda: queries.read_page(self.snapshot, selection))


def preview_page(snapshot: SnapshotInfo, query: QueryDict, *, is_series: bool) -> PreviewPage:
    """The page asked for by `seite` and `sortieren`; of a series the newest rows first. A wrong order is ignored."""
    shown = [column for column in snapshot.columns if column.type is not ColumnType.GEOMETRY]
    newest = next((f"-{column.name}" for column in shown if column.type is ColumnType.TIME), "")
    sort = query.get("sortieren", "")[:70]
    try:
        understand(snapshot.columns, sort=sort)
    except Invalid:
        sort = ""
    sort = sort or (newest if is_series else "")
    turned: Any = _Rows(snapshot, sort)
    page: Page[Any] = Paginator(turned, ROWS).get_page(query.get("seite"))
    return PreviewPage(
        [_column(column, sort, query) for column in shown],
        [
            [
                PreviewCell(_short(in_words(column, row[column.name])), column.type in NUMERIC)
                for column in shown
            ]
            for row in page.object_list
        ],
        page,
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _column(column: Column, sort: str, query: QueryDict) -> PreviewColumn:
    is_ascending, is_descending = sort == column.name, sort == f"-{column.name}"
    target = query.copy()
    target.pop("seite", None)
    target["sortieren"] = f"-{column.name}" if is_ascending else column.name
    can_sort = column.type in ORDERED or column.type is ColumnType.BOOLEAN
    return PreviewColumn(
        heading_of(column),
        column.type in NUMERIC,
        f"?{target.urlencode()}#preview" if can_sort else "",
        "ascending" if is_ascending else "descending" if is_descending else "none",
    )
