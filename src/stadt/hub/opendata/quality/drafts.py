"""A draft as it would be told once it was published: what is assessed and checked while somebody still edits."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from stadt.hub.datasets.declaration import Column, Dataset
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.opendata.records import Record


def as_if_published(
    dataset: Dataset,
    columns: tuple[Column, ...] | None = None,
    row_count: int = 1,
    profile: Mapping[str, Any] | None = None,
) -> Record:
    """The record of a dataset that has no snapshot yet, with one made up for now.

    Args:
        columns: those of the delivery at hand; None for the declared ones.
        profile: what is in them, as of a snapshot; values are offered from it.
    """
    snapshot = SnapshotInfo(
        id=0,
        dataset=dataset.key,
        number=1,
        content_hash="",
        row_count=row_count,
        simulated_count=0,
        published_at=timezone.now(),
        columns=dataset.columns if columns is None else columns,
        profile=dict(profile or {}),
        parts=(),
    )
    return Record(dataset, snapshot)
