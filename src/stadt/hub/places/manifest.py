"""What the places plug in."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import (
    EVERYBODY,
    Check,
    Demo,
    Hit,
    Job,
    Listener,
    Manifest,
    Menu,
    Page,
    Router,
    SearchSource,
    Severity,
)
from stadt.core.people.actor import Actor
from stadt.hub.places import api, handed, queries, services, spots, views
from stadt.hub.places.events import AreasImported, SitesChanged, SpotsImported
from stadt.hub.places.layers import LAYERS
from stadt.hub.places.spot_queries import has_addresses
from stadt.hub.places.verbs import SUBJECTS, VERBS


def search(words: str, limit: int) -> Iterable[Hit]:
    """Districts and quarters by name."""
    for area in queries.find_areas_by_words(words, limit):
        yield Hit(area.name, reverse("places:area", args=[area.key]), kind=gettext(str(area.kind.label)))


def fill(progress: Callable[[str], None]) -> None:
    """Give the demo city its outlines."""
    if count := services.seed_city_areas(Actor.system("demo")):
        progress(gettext("%(count)d Gebiete") % {"count": count})


def check_outlines() -> str | None:
    """Without an outline nothing can be placed and maps are empty."""
    if queries.find_city() is None:
        return gettext("Die Stadt hat noch keinen Umriss: „stadt import areas DATEI“ liest einen ein.")
    return None


def check_addresses() -> str | None:
    """Without addresses people who report something find quarters and the map only."""
    if not has_addresses():
        return gettext(
            "Es sind keine Adressen eingelesen: Wer etwas meldet, findet nur Stadtteile. „stadt import-spots DATEI --source QUELLE“ liest sie ein."
        )
    return None


MANIFEST = Manifest(
    path="gebiete",
    pages=(
        Page("overview", "", views.overview, _("Gebiete"), Menu.CITY, order=900, permission=EVERYBODY),
        Page("outlines", "umrisse.geojson", views.outlines, permission=EVERYBODY),
        Page("area", "<slug:key>/", views.area, permission=EVERYBODY),
    ),
    verbs=VERBS,
    subjects=SUBJECTS,
    routers=(Router("places", api.load, reading=EVERYBODY, writing=None),),
    permissions=(services.IMPORT_AREAS, spots.IMPORT_SPOTS),
    publishes=(AreasImported, SitesChanged, SpotsImported),
    listens=(
        Listener(AreasImported, spots.assign_spots, durable=True),
        Listener(SitesChanged, handed.sites_changed, durable=True),
    ),
    jobs=(Job("places.take_over_spots", run=handed.take_over_all, every=timedelta(hours=1)),),
    layers=LAYERS,
    search=(SearchSource("places", _("Gebiete"), search),),
    doctor=(
        Check("places.outlines", _("Umriss der Stadt"), check_outlines),
        Check("places.addresses", _("Adressen der Stadt"), check_addresses, severity=Severity.ADVICE),
    ),
    demo=Demo(fill, order=0),
)
