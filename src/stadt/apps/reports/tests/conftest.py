"""The office, with typesetting done in this process, where it takes milliseconds.

Models can be imported only when Django is set up, which is after this file is read: hence the imports in the fixture.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stadt.apps.reports.tests.office import Office


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> "Office":
    from stadt.apps.reports.tests.office import Office
    from stadt.apps.reports.typesetting import child, fenced
    from stadt.core import jobs

    monkeypatch.setattr(fenced, "make", child.make)
    monkeypatch.setattr(jobs, "defer", lambda name, **arguments: True)
    return Office()
