"""The services of the tests: an invented one, read from this folder as a city's would be."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

if TYPE_CHECKING:
    from stadt.civic.cases.catalogue import CaseType

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.fixture(autouse=True)
def fresh_paces(monkeypatch: pytest.MonkeyPatch) -> None:
    from stadt.apps.services.views import wizard
    from stadt.hub.datasets.pacing import Pace

    for name in ("begin_pace", "send_pace", "mail_pace"):
        old: Pace = getattr(wizard, name)
        monkeypatch.setattr(wizard, name, Pace(old.burst, old.per_second))


@pytest.fixture
def offer(db: None, monkeypatch: pytest.MonkeyPatch) -> "Callable[[Path], CaseType]":
    """Offer what the TOML files of a folder say, and nothing else."""
    from stadt.civic.cases import reading
    from stadt.civic.cases.versions import get_type, import_types
    from stadt.civic.forms.loading import read_folder
    from stadt.civic.forms.services import keep_form
    from stadt.core.people.actor import Actor
    from stadt.core.people.models import Organisation
    from stadt.core.people.tree import CITY

    system = Actor.system("test")
    Organisation.objects.get_or_create(key=CITY, defaults={"name": "Die Stadt"})

    def offering(folder: Path) -> "CaseType":
        types = reading.read_types(folder / "services")
        monkeypatch.setattr(reading, "types", lambda: types)
        for definition in read_folder(folder / "forms"):
            keep_form(system, definition)
        import_types(system)
        return get_type(next(iter(types)))

    return offering


@pytest.fixture
def allotment(offer: "Callable[[Path], CaseType]") -> "CaseType":
    """The invented service."""
    return offer(DATA)


@pytest.fixture
def draft(allotment: "CaseType") -> str:
    """The secret of a draft in which nothing is filled in."""
    from stadt.apps.services.services import begin
    from stadt.core.people.actor import Actor

    return begin(Actor.anonymous(), allotment, "south")
