"""From a snapshot to its paper and its files: pure, so that the same snapshot gives the same bytes."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.utils import translation

from stadt.apps.reports import snapshot as snapshots
from stadt.apps.reports.papers import council, sheet, table_file
from stadt.apps.reports.papers.blocks import Paper, plain
from stadt.apps.reports.snapshot import Snapshot
from stadt.apps.reports.typesetting import fenced
from stadt.apps.reports.typesetting.child import Made, Order

Versions = Callable[[Snapshot, str], tuple[Paper, ...]]


def _sheets(snapshot: Snapshot, checksum: str) -> tuple[Paper, ...]:
    return tuple(sheet.build(snapshot, checksum, step) for step in range(len(sheet.STEPS)))


# Kind of report → its versions, the longest first. A grant report or a yearly report is one more line.
KINDS: Mapping[str, Versions] = {
    "council": lambda snapshot, checksum: (council.build(snapshot, checksum),),
    "measure_sheet": _sheets,
}


def papers_of(snapshot: Snapshot) -> tuple[Paper, ...]:
    """The paper in the snapshot's language; of a one-page paper every version, the longest first."""
    checksum = snapshots.digest(snapshots.encode(snapshot))
    with translation.override(snapshot.language):
        return tuple(_cleaned(paper) for paper in KINDS[snapshot.kind](snapshot, checksum))


def build_files(snapshot: Snapshot) -> Made:
    """PDF and DOCX, made in a process with limits.

    Raises:
        Unavailable: it did not end in time, or ended without a file.
    """
    return fenced.make(Order(papers_of(snapshot), snapshot.moment))


def build_pdf(snapshot: Snapshot) -> bytes:
    """The report as PDF/UA-1; raises as `build_files`."""
    return build_files(snapshot).pdf


def build_docx(snapshot: Snapshot) -> bytes:
    """The report as DOCX; raises as `build_files`."""
    return build_files(snapshot).docx


def build_csv(snapshot: Snapshot) -> bytes:
    """All numbers of the report, those of no table too."""
    with translation.override(snapshot.language):
        return table_file.write(snapshot, snapshots.digest(snapshots.encode(snapshot)))


def _cleaned(paper: Paper) -> Paper:
    """The same paper without anything in its texts that cannot be seen."""
    return msgspec.convert(_clean(msgspec.to_builtins(paper)), Paper)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    return value
