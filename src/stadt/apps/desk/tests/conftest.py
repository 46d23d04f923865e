"""An office whose case types are those of this folder, in whichever city the tests run."""

from typing import TYPE_CHECKING

import pytest

from stadt.civic.cases import reading

if TYPE_CHECKING:
    from stadt.apps.desk.tests.office import Office


@pytest.fixture(autouse=True)
def own_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """The city's folder of services is the one of the tests."""
    from stadt.apps.desk.tests.office import DATA

    found = reading.read_types(DATA)
    monkeypatch.setattr(reading, "types", lambda: found)


@pytest.fixture
def office(db: None) -> "Office":
    """People of two teams and of two firms."""
    from stadt.apps.desk.tests.office import Office

    return Office()
