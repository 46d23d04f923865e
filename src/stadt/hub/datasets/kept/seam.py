"""The one place that talks to the intake: readings go in and out as plain JSON values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from django.utils.translation import gettext

from stadt.core.errors import Conflict
from stadt.hub import intake
from stadt.hub.datasets.declaration import Column
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import list_areas

Reading = dict[str, Any]
GUESSED = {
    "years_as_columns": {"melts", "melt_names"},
    "position": {"position", "has_position"},
    "columns": {"known"},
}
"""Parts of an answer that are found out anew unless a person said them."""


@dataclass(frozen=True, slots=True)
class PreparedRows:
    """What the intake made of a file: typed columns, how many rows, and what it left out or could not read."""

    columns: tuple[Column, ...]
    row_count: int
    refused_count: int
    report: dict[str, Any]
    told: tuple[str, ...] = ()
    """Sentences on what was changed or left out on the way: repaired shapes, rows that do not fit, hours of clock changes."""


def recognise(path: Path, filename: str, answer: Mapping[str, Any] | None) -> Reading:
    """How a file is understood; with the answer that was recorded for an earlier one.

    Raises:
        Unreadable: the file cannot be read, or is hostile.
    """
    districts = [area.name for kind in (PlaceKind.DISTRICT, PlaceKind.QUARTER) for area in list_areas(kind)]
    return dict(intake.recognise(path, filename, answer, districts=districts).to_json())


def correct(reading: Reading, changes: Mapping[str, Any]) -> Reading:
    """The reading with a person's corrections. Raises Invalid, naming the field."""
    return dict(intake.correct(_reading(reading), changes).to_json())


def answer_of(reading: Reading) -> dict[str, Any]:
    """What is kept of a reading for the next delivery."""
    answer: dict[str, Any] = msgspec.to_builtins(intake.answer_of(_reading(reading)))
    return answer


def only_said(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What a person said of an answer; the rest is found out anew, since other rows may be read now."""
    corrected = set(answer.get("corrected", ()))
    said = {path.split(".")[1] for path in corrected if path.startswith("columns.")}
    columns = [column for column in answer.get("columns", ()) if column["name"] in said]
    guessed = {part for name, parts in GUESSED.items() if name not in corrected for part in parts}
    return {**{name: value for name, value in answer.items() if name not in guessed}, "columns": columns}


def prepare(path: Path, reading: Reading, target: Path) -> PreparedRows:
    """Write the rows as typed Parquet to `target`. Raises Unreadable."""
    made = intake.prepare(path, _reading(reading), target)
    report = {
        "dropped": dict(made.dropped),
        "refused": msgspec.to_builtins(list(made.refused)),
        "refused_count": made.refused_count,
        "remarks": msgspec.to_builtins(list(made.remarks)),
    }
    told = tuple(one.sentence for one in made.remarks)
    return PreparedRows(tuple(made.columns), made.row_count, made.refused_count, report, told)


def _reading(plain: Reading) -> intake.Reading:
    """Raises Conflict when it was written by an edition of the intake that reads otherwise."""
    try:
        return intake.Reading.from_json(plain)
    except msgspec.ValidationError:
        raise Conflict(
            gettext("Diese Datei wurde von einer älteren Ausgabe gelesen. Bitte noch einmal lesen.")
        ) from None
