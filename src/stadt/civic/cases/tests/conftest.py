"""A small city of its own for the tests: two offices, a contractor, and case types from this folder."""

from pathlib import Path

import pytest

from stadt.civic.cases import reading
from stadt.civic.cases.catalogue import CaseType

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def types(monkeypatch: pytest.MonkeyPatch) -> dict[str, CaseType]:
    """The city's folder is the one of the tests."""
    found = reading.read_types(DATA)
    monkeypatch.setattr(reading, "types", lambda: found)
    return found
