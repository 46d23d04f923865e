"""A made-up app whose dataset and rows a test can change."""

from dataclasses import dataclass, field
from typing import Any

from stadt.core.manifest import Manifest
from stadt.core.registry import registry
from stadt.hub.datasets.declaration import (
    Boolean,
    Column,
    Dataset,
    Date,
    Geometry,
    Integer,
    Number,
    Text,
    Time,
)

COLUMNS = (
    Column("id", Text, "Nummer"),
    Column("fill", Number, "Füllstand", unit="%"),
    Column("emptied", Integer, "Leerungen"),
    Column("is_simulated", Boolean, "simuliert"),
    Column("since", Date, "seit"),
    Column("seen_at", Time, "zuletzt gesehen"),
    Column("geom", Geometry, "Ort"),
)


@dataclass
class Source:
    """Rows that an app would read from its tables."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def read(self) -> list[dict[str, Any]]:
        return list(self.rows)


def declare(*datasets: Dataset) -> None:
    """Register datasets as those of the made-up app."""
    registry.add(label="probe", name="probe", title="Probe", uses=(), manifest=Manifest(datasets=datasets))


def containers_of(source: Source) -> Dataset:
    """A table of waste containers, half of them simulated."""
    return Dataset(
        key="probe.containers",
        title="Behälter",
        description="Behälter einer Probe",
        rows=source.read,
        columns=COLUMNS,
        simulated="is_simulated",
        order="id",
    )
