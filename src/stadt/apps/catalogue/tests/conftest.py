"""A lake of its own for each test, and a made-up app with one published table."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
    Number,
    Text,
    Theme,
    Time,
)
from stadt.hub.datasets.tests.lake import actor, lake, lake_folder

if TYPE_CHECKING:
    from stadt.core.people.actor import Actor
    from stadt.hub.datasets.snapshots import SnapshotInfo

# Fixtures that the tests here take by name.
__all__ = ["actor", "lake", "lake_folder"]

START = datetime(2026, 11, 20, 10, tzinfo=UTC)


def containers() -> list[dict[str, Any]]:
    return [
        {"name": "Rathaus <b>", "fill": 82.5, "is_simulated": True, "geom": (7.1, 51.5)},
        {"name": "Bücherei", "is_simulated": False, "geom": (7.05, 51.55)},
    ]


def readings() -> list[tuple[datetime, float]]:
    return [(START + timedelta(hours=hour), 10.0 + hour) for hour in range(6)]


CONTAINERS = Dataset(
    key="probe.containers",
    title="Behälter der Probe",
    description="Wo Behälter stehen und wie voll sie sind.",
    rows=containers,
    columns=(
        Column("name", Text, "Name"),
        Column("fill", Number, "Füllstand", unit="%"),
        Column("is_simulated", Boolean, "simuliert"),
        Column("geom", Geometry, "Ort"),
    ),
    theme=Theme.ENVI,
    simulated="is_simulated",
    keywords=("Abfall",),
)
READINGS = Dataset(
    key="probe.readings",
    title="Feinstaub der Probe",
    description="",
    rows=readings,
    columns=(Column("time", Time, "Zeit"), Column("pm10", Number, "PM10", unit="ug/m3")),
    theme=Theme.HEAL,
)
SECRET = replace(CONTAINERS, key="probe.secret", title="Geheimes der Probe", access=Access.NON_PUBLIC)


@pytest.fixture
def publish(actor: "Actor") -> "Callable[[str], SnapshotInfo | None]":
    """Publish a dataset, and follow it with its entry of the catalogue as the city does after commit."""
    from stadt.hub.datasets.services import publish_now
    from stadt.hub.opendata.index.refresh import mend

    def run(key: str) -> "SnapshotInfo | None":
        found = publish_now(actor, key)
        mend()
        return found

    return run


@pytest.fixture(autouse=True)
def probe() -> Iterator[None]:
    """Declares the made-up app's datasets; nothing is published yet."""
    manifest = Manifest(datasets=(CONTAINERS, READINGS, SECRET))
    registry.add(label="probe", name="probe", title="Probe", uses=(), manifest=manifest)
    yield
    registry.apps.pop("probe", None)
