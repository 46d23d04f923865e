"""Which backups of a folder stay: the newest of each of some days, weeks and months; pure arithmetic over names and times."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

DAILY, WEEKLY, MONTHLY = 7, 4, 12
# Nothing else in the folder is ever touched.
NAME = re.compile(r"stadt-([a-z0-9_-]+)-(\d{8}T\d{6}Z)\.tar(\.age)?\Z")
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Stored:
    """A scheduled backup in its folder; `is_good` once it was read back and its sum stands beside it."""

    path: Path
    at: datetime
    is_good: bool


def name_for(city: str, at: datetime, *, encrypted: bool) -> str:
    """Name of a scheduled backup; the city's key, so that two cities may share a folder."""
    key = re.sub(r"[^a-z0-9_-]", "-", Path(city).name.lower()) or "stadt"
    return f"stadt-{key}-{at.astimezone(UTC):{STAMP}}.tar{'.age' if encrypted else ''}"


def sum_beside(path: Path) -> Path:
    """Where the SHA-256 of a scheduled backup stands, in the form of `sha256sum`."""
    return path.with_name(f"{path.name}.sha256")


def list_stored(folder: Path, city: str) -> list[Stored]:
    """The scheduled backups of a city in a folder, the oldest first."""
    wanted = name_for(city, datetime.now(UTC), encrypted=False).rpartition("-")[0]
    found = []
    for path in folder.iterdir():
        match = NAME.match(path.name)
        if match and path.is_file() and path.name.startswith(f"{wanted}-{match[2]}"):
            at = datetime.strptime(match[2], STAMP).replace(tzinfo=UTC)
            found.append(Stored(path, at, sum_beside(path).is_file()))
    return sorted(found, key=lambda item: item.at)


def superfluous(stored: Sequence[Stored], zone: tzinfo) -> list[Stored]:
    """What may go: good ones that are the last of no kept day, week or month, and older ones that were never proved.

    The newest good one is never among them, nor anything that is newer than it.
    """
    good = [item for item in stored if item.is_good]
    if not good:
        return []
    kept: set[Path] = set()
    spans: tuple[tuple[int, Callable[[date], object]], ...] = (
        (DAILY, lambda day: day),
        (WEEKLY, lambda day: day.isocalendar()[:2]),
        (MONTHLY, lambda day: (day.year, day.month)),
    )
    for count, span_of in spans:
        newest = {span_of(item.at.astimezone(zone).date()): item.path for item in good}
        kept |= set(list(newest.values())[-count:])
    return [item for item in stored if item.path not in kept and item.at < good[-1].at]
