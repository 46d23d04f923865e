"""`/api/v1/datasets`: what is published, and its rows page by page."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from stadt.core.errors import TooMany
from stadt.hub.datasets import queries
from stadt.hub.datasets.declaration import ColumnType, Dataset
from stadt.hub.datasets.distribution import Spread, spreads_of
from stadt.hub.datasets.downloads import LATEST, url_of
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.formats import formats_of
from stadt.hub.datasets.public import get_public, list_public_after
from stadt.hub.datasets.rows_api import RowPage, list_rows
from stadt.hub.datasets.shape import describe_columns
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.web.problems import may_raise

MOST_DATASETS = 1000

Cell = float | int | str | None


class FileOut(Schema):
    """A form in which the newest snapshot can be downloaded."""

    format: str = Field(examples=["csv"])
    media_type: str
    url: str = Field(description="path below the city's address; leads to the newest snapshot")


class DatasetOut(Schema):
    """A dataset; what follows `keywords` tells of its newest snapshot, and is null or empty before the first."""

    key: str = Field(examples=["area.noun"])
    title: str
    description: str
    theme: str = Field(description="IRI of the EU authority table data-theme")
    licence: str = Field(description="IRI of GovData's list of licences")
    access: str = Field(description="IRI of the EU authority table access-right")
    publisher: str
    keywords: list[str]
    number: int | None
    published: datetime | None
    rows: int | None
    simulated: bool | None = Field(description="whether at least one row is simulated")
    files: list[FileOut]
    link: str | None = Field(None, description="where it lies, for one that is only linked")


class DatasetList(Schema):
    """Public datasets by key."""

    datasets: list[DatasetOut]
    next: str | None = Field(description="address of the next page below the city's, null after the last")


class ColumnOut(Schema):
    """A column; `unit` is a UCUM code or empty."""

    name: str
    type: ColumnType
    title: str
    unit: str
    description: str


class FrequentValue(Schema):
    """A value that repeats, and how often."""

    value: str
    count: int


class ColumnProfile(Schema):
    """What is in a column: numbers as they are, dates and times in ISO 8601; null where the type has no such thing.

    `bins` are counts in ten stretches of equal length from minimum to maximum, `frequent` the five most frequent values;
    of more than 200,000 rows both are from a sample.
    """

    missing: int
    distinct: int | None
    minimum: Cell = None
    maximum: Cell = None
    bins: list[int] = []
    frequent: list[FrequentValue] = []


class Profile(Schema):
    """What is in the newest snapshot, by column; `bbox` is west, south, east, north in WGS 84."""

    columns: dict[str, ColumnProfile] = {}
    bbox: list[float] | None = None


class VersionOut(Schema):
    """A snapshot; `purged` says since when its rows are gone."""

    number: int
    published: datetime
    rows: int
    simulated_rows: int
    content_hash: str
    purged: datetime | None


class DatasetDetail(DatasetOut):
    """A dataset with its columns, what is in them, and its versions, newest first."""

    columns: list[ColumnOut]
    profile: Profile
    versions: list[VersionOut]


def load() -> Router:
    """The router, made when the addresses are put together."""
    router = Router()
    router.get("", response=DatasetList, summary="Published datasets")(list_datasets)
    router.get("/{key}", response=DatasetDetail, summary="One dataset")(show_dataset)
    router.get(
        "/{key}/rows",
        response=RowPage,
        summary="Rows, page by page or put together",
        openapi_extra=may_raise(Gone, TooMany),
    )(list_rows)
    return router


def list_datasets(
    request: HttpRequest,
    limit: Annotated[int, Query(ge=1, le=MOST_DATASETS)] = MOST_DATASETS,
    after: Annotated[str, Query(max_length=101, pattern=r"^[a-z0-9_.-]*$")] = "",
) -> dict[str, Any]:
    """Public datasets by key, published or not yet; `after` is the last key of the page before."""
    found = list_public_after(after, limit)
    latest = queries.list_latest([dataset.key for dataset in found.datasets])
    return {
        "datasets": [_describe(dataset, latest.get(dataset.key)) for dataset in found.datasets],
        "next": f"{request.path}?limit={limit}&after={found.datasets[-1].key}" if found.has_more else None,
    }


def show_dataset(request: HttpRequest, key: str) -> dict[str, Any]:
    """One dataset with its columns and versions."""
    dataset = get_public(key)
    snapshot = queries.find_latest(key)
    return {
        **_describe(dataset, snapshot),
        "columns": describe_columns(dataset.columns),
        "profile": _profile(snapshot) if snapshot else {},
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


def _profile(snapshot: SnapshotInfo) -> dict[str, Any]:
    spreads = spreads_of(snapshot)
    columns = {
        name: {
            **told,
            "bins": list(spreads.get(name, Spread()).bins),
            "frequent": [
                {"value": value, "count": count} for value, count in spreads.get(name, Spread()).frequent
            ],
        }
        for name, told in snapshot.profile.get("columns", {}).items()
    }
    return {**snapshot.profile, "columns": columns}


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
        "link": dataset.kept.link.url if dataset.kept and dataset.kept.link else None,
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
