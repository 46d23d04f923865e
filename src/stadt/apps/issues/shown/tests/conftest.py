"""The city of these tests knows one kind of report."""

import pytest


@pytest.fixture(autouse=True)
def types(monkeypatch: pytest.MonkeyPatch) -> None:
    """The city's folder holds the tests' own type."""
    from stadt.apps.issues.shown.tests.reports import TYPE  # after Django is set up
    from stadt.civic.cases import reading

    monkeypatch.setattr(reading, "types", lambda: {TYPE.key: TYPE})
