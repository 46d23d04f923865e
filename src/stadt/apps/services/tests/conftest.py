"""The services of the tests: an invented one, read from this folder as a city's would be."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

if TYPE_CHECKING:
    from django.test import Client

    from stadt.civic.cases.catalogue import CaseType
    from stadt.civic.cases.models import Case

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.fixture(autouse=True)
def fresh_paces(monkeypatch: pytest.MonkeyPatch) -> None:
    from stadt.apps.services.views import reaching, wizard
    from stadt.hub.datasets.pacing import Pace

    paces = [(wizard, "begin_pace"), (wizard, "send_pace"), (wizard, "mail_pace"), (reaching, "address_pace")]
    for module, name in paces:
        old: Pace = getattr(module, name)
        monkeypatch.setattr(module, name, Pace(old.burst, old.per_second))


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
def begun(allotment: "CaseType") -> "Callable[[], str]":
    """Begins a draft in which nothing is filled in, and gives its secret."""
    from stadt.apps.services.services import begin
    from stadt.core.people.actor import Actor

    return lambda: begin(Actor.anonymous(), allotment, "south")


@pytest.fixture
def draft(begun: "Callable[[], str]") -> str:
    """The secret of such a draft."""
    return begun()


@pytest.fixture
def link(client: "Client", draft: str) -> str:
    """The address of a case that was just sent."""
    from stadt.apps.services.tests.filling import send

    return send(client, draft)


@pytest.fixture
def case(link: str) -> "Case":
    from stadt.civic.cases.models import Case

    return Case.objects.get()
