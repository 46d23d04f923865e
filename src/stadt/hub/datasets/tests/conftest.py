"""A lake of its own for each test, and a made-up app whose dataset is there for the test's time only."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.tests.lake import actor, lake, lake_folder
from stadt.hub.datasets.tests.probe import Source, containers_of, declare

if TYPE_CHECKING:
    pass


# Fixtures that the tests here take by name.
__all__ = ["actor", "lake", "lake_folder"]


@pytest.fixture(autouse=True)
def gone_afterwards() -> Iterator[None]:
    """The made-up app is there for the test's time only."""
    yield
    registry.apps.pop("probe", None)


@pytest.fixture
def source() -> Source:
    return Source([{"id": "c1", "fill": 82.5, "is_simulated": True, "geom": (7.1, 51.5)}, {"id": "c2"}])


@pytest.fixture
def containers(source: Source) -> Dataset:
    dataset = containers_of(source)
    declare(dataset)
    return dataset
