"""One folder for the files of a test module."""

import pytest

from stadt.hub.intake.tests.files import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))
