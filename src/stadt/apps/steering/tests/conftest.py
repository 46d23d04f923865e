"""The town that steers; models can be imported only when Django is set up, hence the import in the fixture."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stadt.apps.steering.tests.town import Town


@pytest.fixture
def town(db: None) -> "Iterator[Town]":
    from stadt.apps.steering.tests.town import open_town

    with open_town() as found:
        yield found
