"""A snapshot with its parts, as everybody reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.hub.datasets.declaration import Column
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.models import Snapshot
from stadt.hub.datasets.shape import fields_of, remembered_columns
from stadt.hub.lake.tables import Field, table_of


@dataclass(frozen=True, slots=True)
class PartInfo:
    """A file of a snapshot; `path` lies below the lake's `parts`."""

    name: str
    path: str
    sha256: str
    row_count: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """A numbered state of a dataset, whole and unchanging."""

    id: int
    dataset: str
    number: int
    content_hash: str
    row_count: int
    simulated_count: int
    published_at: datetime
    columns: tuple[Column, ...]
    profile: dict[str, Any]
    parts: tuple[PartInfo, ...]

    @property
    def is_simulated(self) -> bool:
        """Whether at least one row is simulated."""
        return self.simulated_count > 0

    @property
    def size_bytes(self) -> int:
        """Size of the parts."""
        return sum(part.size_bytes for part in self.parts)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns as the lake knows them."""
        return fields_of(self.columns)

    @property
    def paths(self) -> tuple[str, ...]:
        """The parts' paths in their order."""
        return tuple(part.path for part in self.parts)

    @property
    def view(self) -> str:
        """SQL of the whole table."""
        return table_of(self.paths, self.fields)


def find_latest(key: str) -> SnapshotInfo | None:
    """The newest snapshot of a dataset that was not purged or withdrawn."""
    row = Snapshot.objects.newest_of(key)
    return _with_parts([row])[0] if row else None


def list_latest(keys: Sequence[str]) -> dict[str, SnapshotInfo]:
    """The newest snapshot of each of these datasets that has one; two queries."""
    rows = (
        Snapshot.objects.readable()
        .filter(dataset__in=keys)
        .order_by("dataset", "-number")
        .distinct("dataset")
    )
    return {info.dataset: info for info in _with_parts(list(rows))}


def get_snapshot(key: str, number: int | None = None) -> SnapshotInfo:
    """A snapshot by number, or the newest.

    Raises:
        NotFound: when there is none.
        Gone: when it was purged or withdrawn.
    """
    if number is None:
        found = find_latest(key)
        if found is None:
            raise NotFound(gettext("Der Datensatz „%(key)s“ ist noch nicht veröffentlicht.") % {"key": key})
        return found
    row = Snapshot.objects.filter(dataset=key, number=number).first()
    if row is None:
        raise NotFound(
            gettext("Den Stand %(number)s des Datensatzes „%(key)s“ gibt es nicht.")
            % {"number": number, "key": key}
        )
    if row.purged_at:
        raise Gone(
            gettext("Der Stand %(number)s des Datensatzes „%(key)s“ wurde am %(day)s gelöscht.")
            % {"number": number, "key": key, "day": f"{row.purged_at:%d.%m.%Y}"}
        )
    if row.withdrawn_at:
        raise Gone(
            gettext("Der Stand %(number)s des Datensatzes „%(key)s“ wurde am %(day)s zurückgezogen.")
            % {"number": number, "key": key, "day": f"{timezone.localtime(row.withdrawn_at):%d.%m.%Y}"}
        )
    return _with_parts([row])[0]


def _with_parts(rows: Sequence[Snapshot]) -> list[SnapshotInfo]:
    parts: dict[int, list[PartInfo]] = {row.pk: [] for row in rows}
    entries = (
        Snapshot.objects.filter(pk__in=parts, entries__isnull=False)
        .order_by("pk", "entries__position")
        .values_list(
            "pk",
            "entries__part__name",
            "entries__part__path",
            "entries__part__sha256",
            "entries__part__row_count",
            "entries__part__size_bytes",
        )
    )
    for pk, name, path, sha256, row_count, size_bytes in entries:
        parts[pk].append(PartInfo(name, path, sha256, row_count, size_bytes))
    return [
        SnapshotInfo(
            id=row.pk,
            dataset=row.dataset,
            number=row.number,
            content_hash=row.content_hash,
            row_count=row.row_count,
            simulated_count=row.simulated_count,
            published_at=row.published_at,
            columns=remembered_columns(row.columns),
            profile=row.profile,
            parts=tuple(parts[row.pk]),
        )
        for row in rows
    ]
