"""`/api/v1/datasets`: what is published, and its rows page by page."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Query, Router

from stadt.core.errors import NotFound
from stadt.hub.datasets import queries
from stadt.hub.datasets.access_log import count_access
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.downloads import LATEST, url_of
from stadt.hub.datasets.formats import formats_of
from stadt.hub.datasets.selection import understand
from stadt.hub.datasets.services import get_dataset
from stadt.hub.datasets.shape import describe_columns
from stadt.hub.datasets.snapshots import SnapshotInfo

API = "api"


def load() -> Router:
    """The router, made when the addresses are put together."""
    router = Router()
    router.get("", summary="Published datasets")(list_datasets)
    router.get("/{key}", summary="One dataset")(show_dataset)
    router.get("/{key}/rows", summary="Rows of the newest snapshot, or of one by number")(list_rows)
    return router


def list_datasets(request: HttpRequest) -> dict[str, Any]:
    """All public datasets, published or not yet."""
    declared = queries.list_declared()
    latest = queries.list_latest([dataset.key for dataset in declared])
    return {"datasets": [_describe(dataset, latest.get(dataset.key)) for dataset in declared]}


def show_dataset(request: HttpRequest, key: str) -> dict[str, Any]:
    """One dataset with its columns and versions."""
    dataset = _public(key)
    snapshot = queries.find_latest(key)
    return {
        **_describe(dataset, snapshot),
        "columns": describe_columns(dataset.columns),
        "profile": snapshot.profile if snapshot else {},
        "versions": [
            {
                "number": version.number,
                "published": version.published_at,
                "rows": version.row_count,
                "simulated_rows": version.simulated_count,
                "content_hash": version.content_hash,
                "purged": version.purged_at,
            }
            for version in queries.list_versions(key)
        ],
    }


def list_rows(
    request: HttpRequest,
    key: str,
    limit: int = 100,
    offset: int = 0,
    sort: str = "",
    filter: Annotated[list[str], Query()] = [],  # noqa: A002, B006 - the parameter's name; read only
    number: int | None = None,
) -> dict[str, Any]:
    """Rows: `filter=<column>:<eq|ne|lt|le|gt|ge|contains>:<value>` (repeatable), `sort=<column>` or `-<column>`."""
    dataset = _public(key)
    snapshot = queries.get_snapshot(key, number)
    selection = understand(snapshot.columns, limit=limit, offset=offset, sort=sort, filters=filter)
    rows = queries.read_page(snapshot, selection)
    total = queries.count_rows(snapshot, selection)
    count_access(key, API, request.headers.get("User-Agent", ""))
    return {
        "dataset": key,
        "number": snapshot.number,
        "published": snapshot.published_at,
        "licence": dataset.licence.value.uri,
        "simulated": snapshot.is_simulated,
        "total": total,
        "limit": limit,
        "offset": offset,
        "rows": rows,
    }


def _public(key: str) -> Dataset:
    dataset = get_dataset(key)
    if not dataset.is_public:
        raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key})
    return dataset


def _describe(dataset: Dataset, snapshot: SnapshotInfo | None) -> dict[str, Any]:
    return {
        "key": dataset.key,
        "title": dataset.title,
        "description": dataset.description,
        "theme": dataset.theme.value,
        "licence": dataset.licence.value.uri,
        "access": dataset.access.value,
        "publisher": queries.publisher_of(dataset),
        "keywords": list(dataset.keywords),
        "number": snapshot.number if snapshot else None,
        "published": snapshot.published_at if snapshot else None,
        "rows": snapshot.row_count if snapshot else None,
        "simulated": snapshot.is_simulated if snapshot else None,
        "files": [
            {"format": form.key, "media_type": form.media_type, "url": url_of(dataset.key, LATEST, form)}
            for form in formats_of(dataset, snapshot.row_count)
        ]
        if snapshot
        else [],
    }
