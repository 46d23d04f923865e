"""Makes a snapshot: only changed parts are written, unchanged content gets no new number, readers see all or nothing."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import Conflict
from stadt.hub.datasets.declaration import Column, Dataset, Parts, Span
from stadt.hub.datasets.models import Part, PublicationState, Snapshot, SnapshotPart
from stadt.hub.datasets.profile import profile_of
from stadt.hub.datasets.rows import sum_of_digests, write_rows
from stadt.hub.datasets.shape import describe_columns, fields_of, schema_hash
from stadt.hub.lake.files import give_name, sha256_of
from stadt.hub.lake.layout import layout
from stadt.hub.lake.tables import digest_of, write_finished, write_part

WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Planned:
    """A part that the snapshot will have: its name, the stretch of time, and the source's mark for it."""

    name: str
    mark: str = ""
    span: Span | None = None


def make_snapshot(dataset: Dataset) -> Snapshot | None:
    """Publish what the dataset's source holds now, inside the caller's transaction; None when nothing changed.

    One publication of a dataset runs at a time, in whatever process. Files are on disk before the rows that name
    them are committed, so a publisher that dies leaves at most files that nobody names (swept later).

    Raises:
        Invalid: when a row does not fit the declaration; then nothing is published.
    """
    lock(dataset.key)
    state, _ = PublicationState.objects.get_or_create(dataset=dataset.key)
    latest = Snapshot.objects.newest_of(dataset.key)
    schema = schema_hash(dataset.columns)
    planned = list(_plan(dataset))
    plan_mark = _digest_of(schema, *(f"{part.name}={part.mark}" for part in planned))
    state.checked_at, state.error = timezone.now(), ""
    if dataset.parts is Parts.BY_DAY and latest is not None and state.mark == plan_mark:
        state.save()
        return None
    state.mark = plan_mark
    state.save()
    old = _parts_of(latest) if latest is not None and latest.schema_hash == schema else {}
    parts = [
        _reuse(old.get(part.name), part) or _build(dataset, part, old.get(part.name)) for part in planned
    ]
    parts = [part for part in parts if part.row_count or dataset.parts is Parts.WHOLE]
    content = _digest_of(schema, sum_of_digests(part.digest for part in parts))
    if latest is None and not any(part.row_count for part in parts):
        return None
    if latest is not None and latest.content_hash == content:
        return None
    return _store(dataset.key, dataset.columns, parts, schema, content)


@dataclass(frozen=True, slots=True)
class FinishedPart:
    """A part that is ready but for its name: a file anywhere in the lake, and what is known of it."""

    path: Path
    sha256: str
    digest: str
    row_count: int
    size_bytes: int
    profile: dict[str, Any]


def finish_part(source: Path, columns: Sequence[Column], target: Path) -> FinishedPart:
    """Make the part that `publish_finished` publishes from a typed Parquet file; the long half of a publication."""
    fields = fields_of(columns)
    sha256, size_bytes = write_finished(source, fields, target)
    digest, row_count = digest_of(target, fields)
    return FinishedPart(
        target, sha256, digest, row_count, size_bytes, profile_of([str(target)], fields, row_count)
    )


def publish_finished(
    key: str, columns: Sequence[Column], part: FinishedPart, *, simulated: bool
) -> Snapshot | None:
    """Publish one finished part as the whole dataset, inside the caller's transaction; None when nothing changed.

    Raises:
        Conflict: the file is not the one that was finished.
    """
    lock(key)
    latest = Snapshot.objects.newest_of(key)
    schema = schema_hash(columns)
    content = _digest_of(schema, part.digest, *(["simulated"] if simulated else []))
    if latest is not None and latest.content_hash == content:
        return None
    if not part.path.is_file() or sha256_of(part.path) != part.sha256:
        raise Conflict(gettext("Die vorbereitete Datei ist nicht mehr da oder beschädigt."))
    path = path_of_whole(key, part.sha256)
    give_name(part.path, layout().parts / path)
    row, _ = Part.objects.update_or_create(
        path=path,
        defaults={
            "dataset": key,
            "name": WHOLE,
            "sha256": part.sha256,
            "digest": part.digest,
            "row_count": part.row_count,
            "simulated_count": part.row_count if simulated else 0,
            "size_bytes": part.size_bytes,
        },
    )
    return _store(key, columns, [row], schema, content, part.profile)


def path_of_whole(key: str, sha256: str) -> str:
    """Where a whole dataset's one part lies below the lake's `parts`."""
    return f"{key}/{WHOLE}-{sha256[:16]}.parquet"


def lock(key: str) -> None:
    """Wait until nobody else publishes or sweeps this dataset; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"datasets.publish:{key}"])


def _plan(dataset: Dataset) -> Iterator[Planned]:
    if dataset.marks is None:
        yield Planned(WHOLE)
        return
    yield from plan_days(dataset.marks(), timezone.now().astimezone(UTC).date())


def plan_days(marks: Mapping[date, str], today: date) -> Iterator[Planned]:
    """Parts for days with rows: one for each closed month, one for each day from the first of this month on."""
    this_month = today.replace(day=1)
    months: dict[date, list[str]] = {}
    for day in sorted(marks):
        if day < this_month:
            months.setdefault(day.replace(day=1), []).append(f"{day}={marks[day]}")
    for first, words in months.items():
        after = (first + timedelta(days=32)).replace(day=1)
        yield Planned(f"{first:%Y-%m}", _digest_of(*words), Span(_midnight(first), _midnight(after)))
    for day in sorted(marks):
        if day >= this_month:
            span = Span(_midnight(day), _midnight(day + timedelta(days=1)))
            yield Planned(f"{day:%Y-%m-%d}", marks[day], span)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _reuse(old: Part | None, planned: Planned) -> Part | None:
    return old if old is not None and planned.mark and old.mark == planned.mark else None


def _build(dataset: Dataset, planned: Planned, old: Part | None) -> Part:
    rows = dataset.rows(planned.span) if planned.span else dataset.rows()
    with write_rows(dataset, rows) as written:
        if old is not None and old.digest == written.digest and old.row_count == written.row_count:
            Part.objects.filter(pk=old.pk).update(mark=planned.mark)
            return old
        file = write_part(
            written.path, fields_of(dataset.columns), f"{dataset.key}/{planned.name}", order=dataset.order
        )
        part, _ = Part.objects.update_or_create(
            path=file.path,
            defaults={
                "dataset": dataset.key,
                "name": planned.name,
                "sha256": file.sha256,
                "digest": written.digest,
                "mark": planned.mark,
                "row_count": written.row_count,
                "simulated_count": written.simulated_count,
                "size_bytes": file.size_bytes,
            },
        )
        return part


def _store(
    key: str,
    columns: Sequence[Column],
    parts: Sequence[Part],
    schema: str,
    content: str,
    profile: dict[str, Any] | None = None,
) -> Snapshot:
    before = Snapshot.objects.filter(dataset=key).order_by("-number").values_list("number", flat=True).first()
    row_count = sum(part.row_count for part in parts)
    snapshot = Snapshot.objects.create(
        dataset=key,
        number=(before or 0) + 1,
        content_hash=content,
        schema_hash=schema,
        row_count=row_count,
        simulated_count=sum(part.simulated_count for part in parts),
        columns=describe_columns(columns),
        profile=profile_of([part.path for part in parts], fields_of(columns), row_count)
        if profile is None
        else profile,
    )
    SnapshotPart.objects.bulk_create(
        SnapshotPart(snapshot=snapshot, part=part, position=position) for position, part in enumerate(parts)
    )
    return snapshot


def _parts_of(snapshot: Snapshot) -> dict[str, Part]:
    return {part.name: part for part in Part.objects.filter(entries__snapshot=snapshot)}


def _digest_of(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
