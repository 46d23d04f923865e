"""What people need of a dataset and no harvester counts: words, units, freshness, something to look at, no persons."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.opendata.quality.mqa import MACHINE_READABLE
from stadt.hub.opendata.quality.personal import personal_columns
from stadt.hub.opendata.records import Record
from stadt.hub.opendata.vocabulary import FILE_TYPES

# A search result shows about two lines; shorter texts repeat the title (our own mark, no rule of a standard).
LONG_ENOUGH = 80
# A delivery may come half a period late before the promise counts as broken, and never less than an hour.
GRACE = 1.5
SHORTEST_GRACE = timedelta(hours=1)
# Codes of the EU table frequency that promise a period; `refresh` holds its length.
PERIODS = frozenset(["HOURLY", "DAILY", "WEEKLY", "BIWEEKLY", "MONTHLY", "QUARTERLY", "ANNUAL"])
_YEAR = re.compile(r"\b(19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Matter:
    """What is looked at: the record, and when somebody last made sure that its rows are those of today.

    `renewed_at` is None where nobody promised anything or nothing was published yet.
    """

    record: Record
    now: datetime
    renewed_at: datetime | None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as published, else as declared."""
        return self.record.snapshot.columns if self.record.snapshot else self.record.dataset.columns


@dataclass(frozen=True, slots=True)
class Habit:
    """A criterion of the house; `field` is the entry of the card behind it, `which` names the columns that break it."""

    name: str
    field: str
    holds: Callable[[Matter], bool]
    which: Callable[[Matter], list[Column]] | None = None


def _is_described(matter: Matter) -> bool:
    text = " ".join(matter.record.description.split())
    return len(text) >= LONG_ENOUGH and text.casefold() != matter.record.title.casefold()


def _is_timeless(matter: Matter) -> bool:
    """Convention K19 of GovData: no year in the title."""
    return not _YEAR.search(matter.record.title)


def untitled(matter: Matter) -> list[Column]:
    """Columns with neither heading nor description."""
    return [column for column in matter.columns if not column.title and not column.description]


def unitless(matter: Matter) -> list[Column]:
    """Decimal numbers without unit; whole numbers mostly count things."""
    return [column for column in matter.columns if column.type is ColumnType.NUMBER and not column.unit]


def personal(matter: Matter) -> list[Column]:
    """Columns that look as if they tell of persons."""
    return personal_columns(matter.columns)


def _none_of(which: Callable[[Matter], list[Column]]) -> Callable[[Matter], bool]:
    return lambda matter: not which(matter)


def _is_fresh(matter: Matter) -> bool:
    dataset = matter.record.dataset
    promised = dataset.refresh
    if matter.renewed_at is None or (dataset.kept is not None and dataset.kept.frequency not in PERIODS):
        return True
    allowed = max(promised * GRACE, promised + SHORTEST_GRACE)
    return matter.now - matter.renewed_at <= allowed


def _is_machine_readable(matter: Matter) -> bool:
    kept = matter.record.dataset.kept
    forms = [kept.link.format.casefold()] if kept and kept.link else matter.record.formats
    return any(FILE_TYPES.get(form, form.upper()) in MACHINE_READABLE for form in forms)


def _can_be_previewed(matter: Matter) -> bool:
    return matter.record.snapshot is not None and matter.record.snapshot.row_count > 0


HABITS = (
    Habit("description", "description", _is_described),
    Habit("title", "title", _is_timeless),
    Habit("columns", "columns", _none_of(untitled), untitled),
    Habit("units", "columns", _none_of(unitless), unitless),
    Habit("fresh", "frequency", _is_fresh),
    Habit("machine-readable", "link_format", _is_machine_readable),
    Habit("preview", "", _can_be_previewed),
    Habit("persons", "columns", _none_of(personal), personal),
)
