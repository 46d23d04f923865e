"""A lake and an office for each test, with an intake that understands one simple kind of file."""

from typing import TYPE_CHECKING

import pytest

from stadt.hub.datasets.tests.lake import actor, lake, lake_folder

if TYPE_CHECKING:
    from stadt.hub.datasets.kept.tests.office import Office

__all__ = ["actor", "lake", "lake_folder"]


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> "Office":
    """Two who keep datasets, one who approves, one who sees internal ones, one from elsewhere."""
    from stadt.hub.datasets.kept import seam
    from stadt.hub.datasets.kept.tests.office import Office, SimpleIntake

    intake = SimpleIntake()
    for name in ("recognise", "correct", "answer_of", "prepare"):
        monkeypatch.setattr(seam, name, getattr(intake, name))
    return Office()
