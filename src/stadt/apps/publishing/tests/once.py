"""An office for a whole module: what takes seconds to publish is published once, in a transaction that is never committed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.db import transaction

if TYPE_CHECKING:
    from stadt.apps.publishing.tests.office import Office


@pytest.fixture(scope="module", autouse=True)
def lake(lake_folder: Path) -> Iterator[Path]:
    """One lake for the module, in the place of one for each test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "STADT", replace(settings.STADT, lake=str(lake_folder)))
        yield lake_folder
    for path in lake_folder.rglob("*"):
        if path.is_file():
            path.unlink()


@pytest.fixture
def _django_db_helper() -> None:
    """Takes the place of pytest-django's transaction for each test, which would end the module's."""


@pytest.fixture(scope="module")
def office(lake: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    """People of two offices."""
    from stadt.apps.publishing.tests.office import Office

    with django_db_blocker.unblock(), transaction.atomic():
        yield Office()
        transaction.set_rollback(True)
