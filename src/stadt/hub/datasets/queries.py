"""Reads of published data: rows of a snapshot, what was published when, and how often it was used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db.models import Count, Min, Sum
from django.urls import reverse

from stadt.core.city import current
from stadt.core.manifest import EVERYBODY
from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.kept import live
from stadt.hub.datasets.models import AccessCount, PublicationState, Snapshot
from stadt.hub.datasets.selection import Selection
from stadt.hub.datasets.snapshots import PartInfo, SnapshotInfo, find_latest, get_snapshot, list_latest
from stadt.hub.lake.engine import Record, engine, literal
from stadt.hub.lake.exports import feature_json, json_cell

__all__ = [
    "PartInfo",
    "SnapshotInfo",
    "Version",
    "count_accesses",
    "count_rows",
    "find_error",
    "find_latest",
    "find_page",
    "find_public",
    "first_published",
    "get_snapshot",
    "list_declared",
    "list_latest",
    "list_public",
    "list_published",
    "list_versions",
    "publisher_of",
    "read_features",
    "read_page",
    "read_rows",
    "usage",
]


@dataclass(frozen=True, slots=True)
class Version:
    """A line of a dataset's history; `purged_at` marks a tombstone: its data is gone, or was withdrawn."""

    number: int
    published_at: datetime
    row_count: int
    simulated_count: int
    content_hash: str
    purged_at: datetime | None
    held: int


def list_declared(*, public_only: bool = True) -> list[Dataset]:
    """The datasets that apps declare and the kept ones that everybody may see, by key.

    As long as the whole catalogue: never for a page. Kept datasets that are not for everybody are in no such list.
    """
    found = [item for item in registry.datasets.values() if isinstance(item, Dataset)]
    shown = [item for item in found if item.is_public or not public_only]
    return sorted([*shown, *live.list_live()], key=lambda item: item.key)


def find_public(key: str) -> Dataset | None:
    """A dataset that everybody may see, declared or kept; what every door asks. At most one query."""
    found = registry.datasets.get(key)
    if isinstance(found, Dataset):
        return found if found.is_public else None
    return live.find_live(key)


def list_public(keys: Sequence[str]) -> dict[str, Dataset]:
    """Those of these datasets that everybody may see, by key; at most one query."""
    declared = {key: registry.datasets[key] for key in keys if key in registry.datasets}
    found = {key: item for key, item in declared.items() if isinstance(item, Dataset) and item.is_public}
    others = [key for key in keys if key not in declared]
    return found | {item.key: item for item in live.list_live(others)} if others else found


def list_published(keys: Sequence[str], since: datetime | None = None) -> list[str]:
    """Those of these datasets that have a snapshot, by key; with `since` those whose newest is not older."""
    rows = Snapshot.objects.readable().filter(dataset__in=keys)
    if since is not None:
        rows = rows.filter(published_at__gte=since)
    return list(rows.order_by("dataset").values_list("dataset", flat=True).distinct())


def first_published(keys: Sequence[str]) -> dict[str, datetime]:
    """When each of these datasets was published first, whether that snapshot is still there or not."""
    rows = Snapshot.objects.filter(dataset__in=keys).values("dataset").annotate(first=Min("published_at"))
    return {row["dataset"]: row["first"] for row in rows.order_by("dataset")}


def publisher_of(dataset: Dataset) -> str:
    """Name of the organisation that publishes the dataset: its own, else the city's."""
    city = current()
    return dataset.publisher or city.contact.get("organisation") or city.name


def read_rows(key: str, sql: str, parameters: Sequence[Any] = (), number: int | None = None) -> list[Record]:
    """Rows of our own SQL over a snapshot, seen as the view `data` with the declared columns.

    Geometry is DuckDB's GEOMETRY in WGS 84; times are compared and returned as aware date-times in UTC.

    Raises:
        NotFound, Gone: there is no such snapshot (any more).
        Unavailable: the query took longer than five seconds.
    """
    return engine().ask(sql, parameters, view=get_snapshot(key, number).view)


def count_rows(snapshot: SnapshotInfo, selection: Selection) -> int:
    """How many rows fit the filters."""
    if not selection.conditions:
        return snapshot.row_count
    [(count,)] = engine().ask(
        f"SELECT count(*) FROM data{selection.where}",  # noqa: S608 - from understood conditions
        selection.values,
        view=snapshot.view,
    )
    return int(count)


def read_page(snapshot: SnapshotInfo, selection: Selection) -> list[dict[str, Any]]:
    """One page of rows as JSON values: geometry as GeoJSON, times as ISO 8601 in UTC."""
    cells = ", ".join(f"{literal(field.name)}, {json_cell(field)}" for field in snapshot.fields)
    rows = engine().ask(
        f"SELECT json_object({cells})::VARCHAR FROM (SELECT * FROM data"  # noqa: S608 - declared columns, understood conditions
        f"{selection.where}{selection.order} LIMIT {selection.limit} OFFSET {selection.offset})",
        selection.values,
        view=snapshot.view,
    )
    return [msgspec.json.decode(text) for (text,) in rows]


def read_features(snapshot: SnapshotInfo, limit: int) -> list[dict[str, Any]]:
    """The first features of a snapshot with geometry, as GeoJSON."""
    rows = engine().ask(
        f"SELECT {feature_json(snapshot.fields)} FROM (SELECT * FROM data LIMIT {int(limit)})",  # noqa: S608 - declared columns
        view=snapshot.view,
    )
    return [msgspec.json.decode(text) for (text,) in rows]


def list_versions(key: str, limit: int = 50) -> list[Version]:
    """The history of a dataset, newest first, tombstones included."""
    rows = Snapshot.objects.filter(dataset=key).annotate(held=Count("holds")).order_by("-number")[:limit]
    return [
        Version(
            row.number,
            row.published_at,
            row.row_count,
            row.simulated_count,
            row.content_hash,
            row.purged_at or row.withdrawn_at,
            row.held,
        )
        for row in rows
    ]


def usage(key: str, since: date) -> dict[str, int]:
    """Accesses to a dataset from a local day on, by format."""
    rows = (
        AccessCount.objects.filter(dataset=key, day__gte=since).values("format").annotate(total=Sum("count"))
    )
    return {row["format"]: row["total"] for row in rows.order_by("-total", "format")}


def count_accesses(since: date, before: date) -> int:
    """Accesses to all datasets from a local day on, before another."""
    total = AccessCount.objects.filter(day__gte=since, day__lt=before).aggregate(total=Sum("count"))["total"]
    return int(total or 0)


def find_error(key: str) -> str:
    """Why the last publication failed, or an empty string."""
    return PublicationState.objects.filter(dataset=key).values_list("error", flat=True).first() or ""


def find_page(key: str, name: str = "dataset") -> str:
    """Address of the public page for a key, from whichever app offers one of that name (`dataset`, `layer`); else empty."""
    for page in registry.pages:
        if page.page.name == name and page.page.permission is EVERYBODY:
            return reverse(page.url_name, kwargs={"key": key})
    return ""
