"""A lake of its own for each test, and a made-up app with tables of all kinds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from stadt.core.manifest import Manifest
from stadt.core.registry import registry
from stadt.hub.datasets.declaration import (
    Access,
    Boolean,
    Column,
    Dataset,
    Geometry,
    HighValue,
    Integer,
    Licence,
    Number,
    Parts,
    Text,
    Theme,
    Time,
)
from stadt.hub.datasets.tests.lake import actor, lake, lake_folder

if TYPE_CHECKING:
    from stadt.core.people.actor import Actor
    from stadt.hub.datasets.declaration import Span

# Fixtures that the tests here take by name.
__all__ = ["actor", "lake", "lake_folder"]

START = datetime(2026, 11, 20, 10, tzinfo=UTC)


def containers() -> list[dict[str, Any]]:
    return [
        {"name": "Rathaus <b>", "fill": 82.5, "count": 3, "is_simulated": True, "geom": (7.1, 51.5)},
        {"name": "Bücherei", "count": 1, "is_simulated": False, "geom": (7.05, 51.55)},
        {"name": "Bad", "fill": 12.0, "count": 2, "is_simulated": False, "geom": (7.0, 51.52)},
    ]


def readings(span: "Span") -> list[tuple[datetime, float]]:
    found = ((START + timedelta(hours=hour), 10.0 + hour) for hour in range(6))
    return [(moment, value) for moment, value in found if span.start <= moment < span.end]


def marks() -> dict[date, str]:
    return {START.date(): "6"}


CONTAINERS = Dataset(
    key="probe.containers",
    title="Behälter der Probe",
    description="Wo Behälter stehen und wie voll sie sind.",
    rows=containers,
    columns=(
        Column("name", Text, "Name"),
        Column("fill", Number, "Füllstand", unit="%"),
        Column("count", Integer, "Anzahl"),
        Column("is_simulated", Boolean, "simuliert"),
        Column("geom", Geometry, "Ort"),
    ),
    theme=Theme.ENVI,
    simulated="is_simulated",
    order="name",
    keywords=("Abfall", "Behälter & Säcke"),
    sample="abfallwirtschaft/container",
    contact="abfall@probe.example",
    publisher="Abfallwirtschaft der Probe",
)
READINGS = Dataset(
    key="probe.readings",
    title="Feinstaub der Probe",
    description="",
    rows=readings,
    columns=(Column("time", Time, "Zeit"), Column("pm10", Number, "PM10", unit="ug/m3")),
    parts=Parts.BY_DAY,
    marks=marks,
    theme=Theme.HEAL,
    licence=Licence.CC_ZERO,
    high_value=HighValue.EARTH_AND_ENVIRONMENT,
)
SECRET = replace(CONTAINERS, key="probe.secret", title="Geheimes der Probe", access=Access.NON_PUBLIC)


def declare(*datasets: Dataset) -> None:
    """Declare these datasets and no others of the made-up app."""
    registry.apps.pop("probe", None)
    registry.add(label="probe", name="probe", title="Probe", uses=(), manifest=Manifest(datasets=datasets))


def redeclare(*datasets: Dataset) -> None:
    """As a new release would: declare others, and bring the index up to date as a start does."""
    from stadt.hub.opendata.index.refresh import mend

    declare(*datasets)
    mend()


@pytest.fixture(autouse=True)
def probe() -> Iterator[None]:
    """Declares the made-up app's datasets; nothing is published yet."""
    declare(CONTAINERS, READINGS, SECRET)
    yield
    registry.apps.pop("probe", None)


@pytest.fixture
def published(db: None) -> None:
    """All of them have a snapshot, the secret one too, as rows of the database; the files are not there."""
    for dataset in (CONTAINERS, READINGS, SECRET):
        note_snapshot(dataset)
    redeclare(CONTAINERS, READINGS, SECRET)


@pytest.fixture
def published_files(db: None, actor: "Actor") -> None:
    """All of them are published for real, which takes a second."""
    from stadt.hub.datasets.services import publish_now

    for dataset in (CONTAINERS, READINGS, SECRET):
        publish_now(actor, dataset.key)
    redeclare(CONTAINERS, READINGS, SECRET)


def note_snapshot(dataset: Dataset) -> None:
    """Write down a first snapshot of a dataset with the rows of the made-up app."""
    from stadt.hub.datasets.models import Part, Snapshot, SnapshotPart
    from stadt.hub.datasets.shape import describe_columns, schema_hash

    is_series = dataset.parts is Parts.BY_DAY
    profile: dict[str, Any] = {"columns": {}, "bbox": None if is_series else [7.0, 51.5, 7.1, 51.55]}
    if is_series:
        profile["columns"]["time"] = {
            "minimum": START.isoformat(),
            "maximum": (START + timedelta(hours=5)).isoformat(),
        }
    snapshot = Snapshot.objects.create(
        dataset=dataset.key,
        number=1,
        content_hash="0" * 64,
        schema_hash=schema_hash(dataset.columns),
        row_count=6 if is_series else 3,
        simulated_count=0 if is_series else 1,
        columns=describe_columns(dataset.columns),
        profile=profile,
    )
    part = Part.objects.create(
        dataset=dataset.key,
        name="whole",
        path=f"{dataset.key}/whole.parquet",
        sha256="a" * 64,
        digest="0" * 64,
        row_count=snapshot.row_count,
        simulated_count=snapshot.simulated_count,
        size_bytes=1570,
    )
    SnapshotPart.objects.create(snapshot=snapshot, part=part, position=0)
