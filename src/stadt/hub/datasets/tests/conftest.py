"""A lake of its own for each test, and a made-up app whose dataset is there for the test's time only."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.tests.probe import Source, containers_of, declare

if TYPE_CHECKING:
    from stadt.core.people.actor import Actor


@pytest.fixture
def actor() -> "Actor":
    from stadt.core.people.actor import Actor  # models can be imported only once Django is set up

    return Actor.system("test")


@pytest.fixture(scope="session")
def lake_folder(worker_id: str) -> Path:
    """One folder for all tests of a process: opening DuckDB anew for each would take most of their time."""
    return settings.STADT.home / f"lake-{worker_id}"


@pytest.fixture(autouse=True)
def lake(lake_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty lake; the made-up app is gone afterwards."""
    monkeypatch.setattr(settings, "STADT", replace(settings.STADT, lake=str(lake_folder)))
    yield lake_folder
    registry.apps.pop("probe", None)
    for path in lake_folder.rglob("*"):
        if path.is_file():
            path.unlink()


@pytest.fixture
def source() -> Source:
    return Source([{"id": "c1", "fill": 82.5, "is_simulated": True, "geom": (7.1, 51.5)}, {"id": "c2"}])


@pytest.fixture
def containers(source: Source) -> Dataset:
    dataset = containers_of(source)
    declare(dataset)
    return dataset
