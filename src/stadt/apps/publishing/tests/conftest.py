"""An office with a lake of its own for each test."""

from typing import TYPE_CHECKING

import pytest

from stadt.hub.datasets.tests.lake import lake, lake_folder

if TYPE_CHECKING:
    from stadt.apps.publishing.tests.office import Office

__all__ = ["lake", "lake_folder"]


@pytest.fixture
def office(db: None, lake: object) -> "Office":
    """People of two offices."""
    from stadt.apps.publishing.tests.office import Office

    return Office()
