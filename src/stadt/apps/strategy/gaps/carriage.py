"""Which measure is carried by which part of the platform; only what is installed and linked counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.gaps import hints
from stadt.apps.strategy.gaps.state import State
from stadt.apps.strategy.links import carriers
from stadt.apps.strategy.record.content import Measure, Theme
from stadt.core.manifest import EVERYBODY
from stadt.core.registry import RegisteredApp
from stadt.hub.datasets.declaration import Dataset

NO_SOFTWARE = "none:"
"""How the reading of a measure begins that needs no software of its own."""


class Way(StrEnum):
    """How a measure stands to the platform, best first."""

    CARRIED = "carried"
    PARTNER = "partner"
    PLANNED = "planned"
    NOT_NEEDED = "not_needed"
    OPEN = "open"


WORDS: Mapping[Way, str] = {
    Way.CARRIED: _("von der Plattform getragen"),
    Way.PARTNER: _("Produkt eines Partners"),
    Way.PLANNED: _("vorgesehen"),
    Way.NOT_NEEDED: _("braucht keine eigene Software"),
    Way.OPEN: _("noch ohne Träger"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """An installed app that carries a measure: its German title, its first public page and its public datasets."""

    label: str
    title: str
    page: str
    datasets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Carriage:
    """A measure with the way it stands to the platform. `planned` names the part that is to carry it."""

    measure: Measure
    way: Way
    parts: tuple[Part, ...] = ()
    planned: str = ""

    @property
    def word(self) -> str:
        return gettext(WORDS[self.way])


def list_carriage(state: State) -> list[Carriage]:
    """Every measure by number."""
    partners, planned = hints.partner_products(), hints.planned_parts()
    return [_carriage(item, partners, planned) for item in state.measures]


def _carriage(measure: Measure, partners: frozenset[str], planned: Mapping[str, str]) -> Carriage:
    parts = tuple(_part(app) for app in carriers(measure.code))
    if parts:
        return Carriage(measure, Way.CARRIED, parts)
    if measure.code in partners:
        return Carriage(measure, Way.PARTNER)
    if measure.code in planned:
        return Carriage(measure, Way.PLANNED, planned=planned[measure.code])
    if measure.software.startswith(NO_SOFTWARE):
        return Carriage(measure, Way.NOT_NEEDED)
    return Carriage(measure, Way.OPEN)


def count_ways(state: State, found: list[Carriage]) -> list[tuple[Theme, dict[Way, int]]]:
    """For each guiding theme how many of its measures stand in which way."""
    counted = []
    for theme in state.content.themes.values():
        own = [item for item in found if state.theme_of(item.measure.code) == theme.code]
        counted.append((theme, {way: sum(1 for item in own if item.way is way) for way in Way}))
    return counted


def _part(app: RegisteredApp) -> Part:
    public = [item for item in app.manifest.datasets if isinstance(item, Dataset) and item.is_public]
    page = next((p.name for p in app.manifest.pages if p.menu is not None and p.permission is EVERYBODY), "")
    return Part(
        app.label,
        app.title,
        f"{app.label}:{page}" if page else "",
        tuple((item.key, item.title) for item in public),
    )
