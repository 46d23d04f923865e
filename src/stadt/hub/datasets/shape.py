"""What a declaration means for files, and what is wrong with it."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import msgspec

from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Column, ColumnType, Dataset, Parts
from stadt.hub.lake.layout import KEY
from stadt.hub.lake.tables import BBOX, Field, Kind

NAME = re.compile(r"^[a-z][a-z0-9_]{0,59}\Z")
RESERVED = frozenset({BBOX, "lon", "lat", "data", "filter", "limit", "offset", "sort"})
KINDS = {column_type: Kind[column_type.name] for column_type in ColumnType}


def fields_of(columns: Iterable[Column]) -> tuple[Field, ...]:
    """The columns as the lake knows them."""
    return tuple(Field(column.name, KINDS[column.type]) for column in columns)


def describe_columns(columns: Iterable[Column]) -> list[dict[str, str]]:
    """The columns as a snapshot remembers them."""
    return [
        {
            "name": column.name,
            "type": str(column.type),
            "title": column.title,
            "unit": column.unit,
            "description": column.description,
        }
        for column in columns
    ]


def remembered_columns(described: Iterable[dict[str, Any]]) -> tuple[Column, ...]:
    """The columns of an old snapshot."""
    return tuple(
        Column(item["name"], ColumnType(item["type"]), item["title"], item["unit"], item["description"])
        for item in described
    )


def schema_hash(columns: Iterable[Column]) -> str:
    """SHA-256 of names, types and units: what a reader of the files relies on."""
    shape = [(column.name, str(column.type), column.unit) for column in columns]
    return hashlib.sha256(msgspec.json.encode(shape)).hexdigest()


def problems() -> Iterator[str]:
    """Everything that is wrong with the declared datasets, as sentences; asked when the city starts."""
    for dataset in registry.datasets.values():
        if not isinstance(dataset, Dataset):
            yield f"„{getattr(dataset, 'key', dataset)}“ ist kein Dataset."
            continue
        yield from (f"Datensatz „{dataset.key}“: {problem}" for problem in problems_of(dataset))


def problems_of(dataset: Dataset) -> Iterator[str]:
    """What is wrong with one declaration."""
    if not KEY.match(dataset.key):
        yield "Der Schlüssel muss die Form bereich.name haben."
    names = [column.name for column in dataset.columns]
    for name in names:
        if not NAME.match(name) or name in RESERVED:
            yield f"Die Spalte „{name}“ darf nicht so heißen."
    if len(set(names)) != len(names):
        yield "Zwei Spalten heißen gleich."
    if sum(column.type is ColumnType.GEOMETRY for column in dataset.columns) > 1:
        yield "Es darf nur eine Spalte mit Geometrie geben."
    if dataset.simulated:
        column = dataset.column(dataset.simulated)
        if column is None or column.type is not ColumnType.BOOLEAN:
            yield f"„{dataset.simulated}“ muss eine Spalte mit Wahrheitswerten sein."
    if dataset.order and dataset.column(dataset.order) is None:
        yield f"Es gibt keine Spalte „{dataset.order}“, nach der sortiert werden soll."
    if (dataset.parts is Parts.BY_DAY) != (dataset.marks is not None):
        yield "Teile nach Tagen und „marks“ gehören zusammen."
    if dataset.refresh < timedelta(minutes=1) or dataset.refresh % timedelta(minutes=1):
        yield "„refresh“ muss aus ganzen Minuten bestehen."
