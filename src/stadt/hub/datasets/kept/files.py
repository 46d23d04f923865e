"""Delivered files in the lake: received in pieces, whole and on disk before anything names them, erased for good."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid, TooLarge
from stadt.hub.datasets.kept.states import DeliveryState, Step
from stadt.hub.datasets.models import Delivery
from stadt.hub.lake.deleting import may_delete
from stadt.hub.lake.files import list_older, whole_file
from stadt.hub.lake.layout import layout

LARGEST_BYTES = 2 * 1024**3
SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".xlsx", ".ods", ".json", ".geojson", ".gpkg", ".zip", ".parquet"}
)
UNSEEN = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that arrived whole; `path` lies below the lake's `deliveries`."""

    path: str
    filename: str
    sha256: str
    size_bytes: int


@contextmanager
def received(key: str, filename: str, chunks: Iterable[bytes]) -> Iterator[ReceivedFile]:
    """Take a file in; when the block fails, it is gone again.

    Raises:
        TooLarge: it has more than two gigabytes; the rest is not read.
        Invalid: it is empty.
    """
    name = name_of(filename)
    place = layout()
    suffix = PurePosixPath(name).suffix.lower()
    path = f"{key}/{secrets.token_hex(8)}{suffix if suffix in SUFFIXES else '.bin'}"
    target = place.deliveries / path
    digest, size = hashlib.sha256(), 0
    with whole_file(target, place.work) as aside, aside.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST_BYTES:
                raise TooLarge(
                    gettext("Die Datei ist größer als %(most)s GB.") % {"most": LARGEST_BYTES >> 30},
                    fields=(FieldError("file", gettext("ist zu groß")),),
                )
            digest.update(chunk)
            file.write(chunk)
        if not size:
            raise Invalid(gettext("Die Datei ist leer."), fields=(FieldError("file", gettext("ist leer")),))
    try:
        yield ReceivedFile(path, name, digest.hexdigest(), size)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def name_of(filename: str) -> str:
    """The last part of a file's name, as people see it; never used as a path."""
    name = UNSEEN.sub("", filename.replace("\\", "/").rpartition("/")[2]).strip()
    return name[-200:] or gettext("ohne Namen")


def path_of(path: str) -> Path:
    """Where a delivery's file lies."""
    return layout().deliveries / path


def new_path(key: str, suffix: str) -> str:
    """A name for another file of a delivery, below the lake's `deliveries`."""
    return f"{key}/{secrets.token_hex(8)}{suffix}"


def drop(path: str) -> None:
    """Remove a file that no row ever named."""
    path_of(path).unlink(missing_ok=True)


@transaction.atomic
def erase(*paths: str) -> None:
    """Remove files that no delivery names any more. While a backup reads the lake they stay; the next sweep takes them."""
    if may_delete():
        for path in filter(None, paths):
            path_of(path).unlink(missing_ok=True)


def supersede(delivery: Delivery) -> None:
    """Nobody will publish a delivery any more: its files are erased once this transaction is committed."""
    paths = delivery.original, delivery.prepared
    delivery.state, delivery.original, delivery.prepared = DeliveryState.SUPERSEDED, "", ""
    delivery.step, delivery.step_since, delivery.erased_at = Step.NONE, None, timezone.now()
    delivery.save()
    transaction.on_commit(lambda: erase(*paths))


def sweep(age: timedelta) -> int:
    """Remove files that no delivery names: of a receiver that died, or erased during a backup. Returns how many."""
    place, count = layout().deliveries, 0
    for folder in sorted(place.iterdir()) if place.is_dir() else ():
        with transaction.atomic():
            if not may_delete():
                break
            rows = Delivery.objects.filter(dataset__key=folder.name).values_list("original", "prepared")
            named = {path for pair in rows for path in pair}
            for path in list_older(folder, age):
                if f"{folder.name}/{path.name}" not in named:
                    path.unlink(missing_ok=True)
                    count += 1
        _remove_empty(folder)
    return count


def _remove_empty(folder: Path) -> None:
    """Folders in which a reading process that was killed worked."""
    for inner in folder.iterdir():
        if inner.is_dir():
            with suppress(OSError):  # not empty: somebody works there
                inner.rmdir()
