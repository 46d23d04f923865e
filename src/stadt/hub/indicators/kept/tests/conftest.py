"""The office, and a lake for work on files."""

from typing import TYPE_CHECKING

import pytest

from stadt.hub.datasets.tests.lake import actor, lake, lake_folder

if TYPE_CHECKING:
    from stadt.hub.indicators.kept.tests.office import Office

__all__ = ["actor", "lake", "lake_folder"]


@pytest.fixture
def office(request: pytest.FixtureRequest) -> "Office":
    request.getfixturevalue("transactional_db" if is_transactional(request) else "db")
    # Models can be imported only after the settings.
    from stadt.hub.indicators.kept.tests.office import Office

    return Office()


def is_transactional(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))
