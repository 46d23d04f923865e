"""The two tasks of the reading process."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from stadt.hub.intake.answers import read_answer
from stadt.hub.intake.child import Task
from stadt.hub.intake.csv_reading import read_csv
from stadt.hub.intake.reading import FileFormat, Reading
from stadt.hub.intake.scan import Scan
from stadt.hub.intake.staging import needs_spatial, understood, write_table
from stadt.hub.intake.textfile import as_utf8
from stadt.hub.lake.reading import reader, text_table


def recognise(task: Task) -> dict[str, Any]:
    """A reading of the file, as plain values."""
    path, folder = Path(task.path), Path(task.folder)
    answer = read_answer(task.answer)
    reading = read_csv(path, task.filename, answer, task.districts, folder)
    with reader((path.parent, folder)) as lake:
        return understood(lake, reading).to_json()


def prepare(task: Task) -> dict[str, Any]:
    """Write the table into the task's folder and say what it is, as plain values."""
    path, folder = Path(task.path), Path(task.folder)
    reading = Reading.from_json(task.reading)
    with reader((path.parent, folder), spatial=needs_spatial(reading)) as lake:
        source = _source(reading, path, folder)
        written = write_table(lake, source, reading, folder, folder / task.target)
    plain: dict[str, Any] = msgspec.to_builtins(written)
    return plain


def _source(reading: Reading, path: Path, folder: Path) -> str:
    if reading.format is FileFormat.CSV:
        text = as_utf8(path, Scan(reading.encoding, 2), folder)
        return text_table(text, len(reading.columns), reading.delimiter, reading.quote)
    raise NotImplementedError(reading.format)


TASKS: Final[Mapping[str, Callable[[Task], dict[str, Any]]]] = {"recognise": recognise, "prepare": prepare}
