"""Small files for the tests, read in this process so that many can be: the fence has tests of its own."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake import tasks
from stadt.hub.intake.child import Task
from stadt.hub.intake.reading import Reading, Written
from stadt.hub.lake.engine import literal
from stadt.hub.lake.reading import reader


@dataclass(frozen=True)
class Table:
    """A prepared table: what was said of it, and its rows."""

    written: Written
    rows: list[tuple[Any, ...]]

    @property
    def types(self) -> list[str]:
        return [str(column.type) for column in self.written.columns]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.written.columns]

    def column(self, name: str) -> list[Any]:
        return [row[self.names.index(name)] for row in self.rows]


class Office:
    """Takes files as they come in, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, content: str | bytes, name: str = "file.csv") -> Path:
        path = Path(tempfile.mkdtemp(dir=self.folder)) / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(
        self,
        content: str | bytes | Path,
        name: str = "file.csv",
        answer: Mapping[str, Any] | None = None,
        districts: Sequence[str] = (),
    ) -> Reading:
        path = content if isinstance(content, Path) else self.file(content, name)
        task = Task(
            task="recognise", path=str(path), folder=tempfile.mkdtemp(dir=self.folder), seconds=60, filename=path.name,
            answer=dict(answer or {}), districts=tuple(districts),
        )  # fmt: skip
        return Reading.from_json(tasks.recognise(task))

    def table(
        self,
        content: str | bytes | Path,
        reading: Reading | None = None,
        name: str = "file.csv",
        *,
        rows: bool = True,
    ) -> Table:
        path = content if isinstance(content, Path) else self.file(content, name)
        reading = reading or self.read(path)
        folder = tempfile.mkdtemp(dir=self.folder)
        task = Task(
            task="prepare", path=str(path), folder=folder, seconds=60, reading=reading.to_json(), target="t.parquet"
        )  # fmt: skip
        written = msgspec.convert(tasks.prepare(task), Written)
        if not rows:
            return Table(written, [])
        with reader(
            (Path(folder),), spatial=any(c.type is ColumnType.GEOMETRY for c in written.columns)
        ) as lake:
            shown = ", ".join(
                f"ST_AsText({c.name})" if c.type is ColumnType.GEOMETRY
                else f"strftime({c.name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%MZ')" if c.type is ColumnType.TIME
                else f'"{c.name}"'
                for c in written.columns
            )  # fmt: skip
            found = lake.rows(f"SELECT {shown} FROM {literal(str(Path(folder) / 't.parquet'))}")
        return Table(written, found)


def codes(reading: Reading) -> set[str]:
    """Codes of all remarks of a reading."""
    return {one.code for one in (*reading.remarks, *(c.remark for c in reading.columns if c.remark))}


def types(reading: Reading) -> list[str]:
    return [str(column.type) for column in reading.columns]
