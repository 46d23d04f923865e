"""An office with people who define, enter and confirm, and an indicator for each kind of number."""

from datetime import date
from typing import Any

import shapely

from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.core.people.tree import CITY
from stadt.hub.indicators.declaration import Method, Series
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.drafts import DefinitionDraft, ValueDraft
from stadt.hub.indicators.kept.rights import CONFIRM, DEFINE, ENTER
from stadt.hub.indicators.models import Entry, IndicatorValue, KeptIndicator
from stadt.hub.places.models import Place, PlaceKind

DEATHS = DefinitionDraft(
    title="Verkehrstote",
    unit="1",
    description="So viele Menschen starben im Straßenverkehr.",
    formula="Getötete je 100.000 Einwohnerinnen und Einwohner",
    numerator="Getötete",
    denominator="Einwohnerinnen und Einwohner",
    source="Unfallstatistik",
    interval=Method.POISSON,
    per=100_000,
    digits=2,
)
SHARE = DefinitionDraft(
    title="Anteil erneuerbarer Energie",
    unit="%",
    description="So viel des Stroms ist erneuerbar.",
    formula="erneuerbar ÷ gesamt × 100",
    source="Stadtwerke",
    numerator="erneuerbar",
    denominator="gesamt",
    digits=1,
    series=(Series("heat", "Wärme"),),
    dimensions={"type": "Art"},
)
AIDED = DefinitionDraft(
    title="Menschen mit Hilfe",
    unit="1",
    description="So viele Menschen bekommen Hilfe.",
    formula="gezählt",
    source="Sozialamt",
    protects_people=True,
    additive=True,
    digits=0,
)
FIRST = date(2000, 1, 1)


def person(identifier: int, organisation: Organisation, *permissions: Any) -> Actor:
    """Somebody with these rights in an organisation; there need not be an account."""
    return Actor("user", str(identifier), {item.key: frozenset({organisation.pk}) for item in permissions})


class Office:
    """One who defines, one who enters, one who confirms, one who may all, one from elsewhere, and a machine."""

    def __init__(self) -> None:
        Organisation.objects.get_or_create(key=CITY, defaults={"name": "Stadt"})
        self.organisation = Organisation.objects.create(key="statistik", name="Statistik")
        self.elsewhere = Organisation.objects.create(key="tiefbau", name="Tiefbau")
        self.definer = person(301, self.organisation, DEFINE)
        self.enterer = person(302, self.organisation, ENTER)
        self.confirmer = person(303, self.organisation, CONFIRM)
        self.head = person(304, self.organisation, DEFINE, ENTER, CONFIRM)
        self.stranger = person(305, self.elsewhere, DEFINE, ENTER, CONFIRM)
        everything = {item.key: frozenset({self.organisation.pk}) for item in (DEFINE, ENTER, CONFIRM)}
        self.machine = Actor("token", "999999", everything, organisation_id=self.organisation.pk)

    def define(self, draft: DefinitionDraft = DEATHS, key: str = "city.deaths", **more: Any) -> KeptIndicator:
        return services.define_indicator(
            self.definer, self.organisation.pk, key, draft, **{"valid_from": FIRST, **more}
        )

    def enter(self, key: str = "city.deaths", **draft: Any) -> Entry:
        return services.enter_value(self.enterer, key, ValueDraft(**{"period": "2024", **draft}))

    def store(self, key: str = "city.deaths", *, answer: str = "Geprüft.", **draft: Any) -> IndicatorValue:
        """Entered by one and confirmed by another."""
        return services.confirm_value(self.confirmer, self.enter(key, **draft).pk, answer)


def districts(count: int = 4) -> list[Place]:
    """A square city with districts side by side."""
    outline = shapely.to_wkb(shapely.box(7.0, 51.0, 7.1, 51.1))
    common = {
        "geometry": outline,
        "west": 7.0,
        "south": 51.0,
        "east": 7.1,
        "north": 51.1,
        "lon": 7.05,
        "lat": 51.05,
    }
    town = Place.objects.create(
        kind=PlaceKind.CITY, key="probestadt", name="Probestadt", sort_key="p", **common
    )
    return [
        Place.objects.create(
            kind=PlaceKind.DISTRICT,
            key=f"bezirk-{n}",
            name=f"Bezirk {n}",
            sort_key=str(n),
            code=f"0{n}",
            parent=town,
            **common,
        )
        for n in range(count)
    ]
