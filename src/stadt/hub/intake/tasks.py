"""The two tasks of the reading process."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from stadt.hub.intake.answers import read_answer
from stadt.hub.intake.cells import cells
from stadt.hub.intake.child import Task
from stadt.hub.intake.csv_reading import read_csv, read_sheet
from stadt.hub.intake.datafiles import open_json, open_parquet
from stadt.hub.intake.geofiles import open_layer
from stadt.hub.intake.kinds import Opened, about_name, open_file
from stadt.hub.intake.native import Source, numbered, read_native
from stadt.hub.intake.reading import FileFormat, Reading
from stadt.hub.intake.remarks import remark
from stadt.hub.intake.scan import Scan
from stadt.hub.intake.sheets import DIALECT, write_sheet
from stadt.hub.intake.staging import needs_spatial, understood, write_table
from stadt.hub.intake.textfile import Dialect, as_utf8, filled_lines
from stadt.hub.lake.reading import MEMORY, MEMORY_WIDE, Reader, reader, text_table

WIDE: Final = 150
GEOGRAPHIC: Final = frozenset({FileFormat.GPKG, FileFormat.SHAPEFILE, FileFormat.GEOJSON})


def recognise(task: Task) -> dict[str, Any]:
    """A reading of the file, as plain values."""
    path, folder = Path(task.path), Path(task.folder)
    answer = read_answer(task.answer)
    opened = open_file(path, folder, answer.member)
    remarks = about_name(opened, task.filename)
    others = [name for name in opened.choices if name != opened.member]
    if others:
        remarks.append(remark("other_parts", chosen=opened.member, others=", ".join(others[:10])))
    known = Reading(
        format=opened.format,
        filename=task.filename,
        member=opened.member,
        choices=opened.choices,
        remarks=tuple(remarks),
    )
    if opened.format.is_text:
        read = read_csv if opened.format is FileFormat.CSV else read_sheet
        reading = read(opened.path, known, answer, task.districts, folder)
        with reader((folder,)) as lake:
            return understood(lake, reading).to_json()
    with reader((path.parent, folder), spatial=opened.format is not FileFormat.JSON) as lake:
        source = _native(lake, opened, answer.layer, answer.crs, folder)
        reading = read_native(lake, numbered(source), source, known, answer, task.districts)
        return understood(lake, reading).to_json()


def prepare(task: Task) -> dict[str, Any]:
    """Write the table into the task's folder and say what it is, as plain values."""
    path, folder = Path(task.path), Path(task.folder)
    reading = Reading.from_json(task.reading)
    opened = open_file(path, folder, reading.member)
    spatial = needs_spatial(reading) or opened.format in GEOGRAPHIC or opened.format is FileFormat.PARQUET
    memory = MEMORY_WIDE if len(reading.columns) > WIDE else MEMORY
    with reader((path.parent, folder), spatial=spatial, memory=memory) as lake:
        if opened.format.is_text:
            source = _text(reading, opened, folder)
        else:
            source = numbered(_native(lake, opened, reading.layer, reading.crs, folder))
        written = write_table(lake, source, reading, folder, folder / task.target)
    plain: dict[str, Any] = msgspec.to_builtins(written)
    return plain


def _text(reading: Reading, opened: Opened, folder: Path) -> str:
    if opened.format is FileFormat.CSV:
        text = as_utf8(opened.path, Scan(reading.encoding, 2), folder)
        dialect, width = Dialect(reading.delimiter, reading.quote), len(reading.columns)
        text = filled_lines(text, dialect, width, folder)
        return text_table(text, width, dialect.delimiter, dialect.quote)
    sheet = write_sheet(opened.path, opened.format, folder, reading.sheet)
    return text_table(sheet.path, len(reading.columns), DIALECT.delimiter, DIALECT.quote)


def _native(lake: Reader, opened: Opened, layer: str, crs: str, folder: Path) -> Source:
    if opened.format is FileFormat.JSON:
        return open_json(lake, opened.path, folder)
    if opened.format is FileFormat.PARQUET:
        return open_parquet(lake, opened.path, crs)
    source, _ = open_layer(lake, opened.path, opened.format, folder, layer, crs)
    return source


TASKS: Final[Mapping[str, Callable[[Task], dict[str, Any]]]] = {
    "recognise": recognise,
    "prepare": prepare,
    "cells": cells,
}
