"""A small city of its own for the tests: two offices, a contractor, people with one right each, types from this folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from stadt.civic.cases.catalogue import CaseType
    from stadt.civic.cases.models import Case
    from stadt.core.people.actor import Actor
    from stadt.core.people.models import Organisation

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def types(monkeypatch: pytest.MonkeyPatch) -> "dict[str, CaseType]":
    """The city's folder is the one of the tests."""
    from stadt.civic.cases import reading

    found = reading.read_types(DATA)
    monkeypatch.setattr(reading, "types", lambda: found)
    return found


@dataclass
class Town:
    """The people of the tests; `roads` owns holes, `deep` is an office below it, `parks` is beside, `firm` does work."""

    roads: "Organisation"
    deep: "Organisation"
    parks: "Organisation"
    firm: "Organisation"
    other_firm: "Organisation"

    def person(self, organisation: "Organisation | None", *keys: str) -> "Actor":
        """Somebody with these rights there, as a fresh actor."""
        from stadt.core.people.actor import Actor
        from stadt.core.people.models import Membership, Role, User

        number = User.objects.count()
        user = User.objects.create(email=f"p{number}@example.org", name=f"P{number}")
        if organisation is not None:
            role = Role.objects.create(
                key=f"r{number}", title="R", permissions=[f"cases.{key}" for key in keys]
            )
            Membership.objects.create(user=user, organisation=organisation, role=role)
        return Actor.for_user(user)

    def open(self, actor: "Actor | None" = None, **more: Any) -> "Case":
        """A shallow hole in the town, unless told otherwise."""
        from stadt.civic.cases.services import Spot, open_case
        from stadt.core.city import current
        from stadt.core.people.actor import Actor

        lon, lat = current().centre
        more = {"category": "flat", "place": Spot(lon, lat, "Kleiner Weg 3"), **more}
        return open_case(actor or Actor.anonymous(), more.pop("type_key", "hole"), **more).case


@pytest.fixture
def town(db: None, types: "dict[str, CaseType]") -> Town:
    from stadt.civic.cases.versions import import_types
    from stadt.core.people.actor import Actor
    from stadt.core.people.models import Organisation
    from stadt.core.people.tree import CITY

    import_types(Actor.system("test"))
    city, _ = Organisation.objects.get_or_create(key=CITY, defaults={"name": "Stadt"})
    roads = Organisation.objects.create(key="roads", name="Straßen", parent=city)
    return Town(
        roads,
        Organisation.objects.create(key="deep_roads", name="Tiefbau", parent=roads),
        Organisation.objects.create(key="parks", name="Parks", parent=city),
        Organisation.objects.create(key="firm", name="Firma"),
        Organisation.objects.create(key="other_firm", name="Andere Firma"),
    )
