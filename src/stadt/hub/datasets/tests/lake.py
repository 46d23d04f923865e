"""A lake of its own for each test, for the tests of whatever publishes or reads datasets."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

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
    """An empty lake."""
    monkeypatch.setattr(settings, "STADT", replace(settings.STADT, lake=str(lake_folder)))
    yield lake_folder
    for path in lake_folder.rglob("*"):
        if path.is_file():
            path.unlink()
