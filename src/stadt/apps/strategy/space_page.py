"""`/strategie/karte/`: where measures act, on a map and as lists."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe
from shapely.geometry import mapping

from stadt.apps.strategy import spaces
from stadt.apps.strategy.now import content
from stadt.apps.strategy.record.content import Measure
from stadt.apps.strategy.words import measures as words
from stadt.hub.places import queries as places
from stadt.hub.places.models import PlaceKind
from stadt.web.maps import LayerKind, MapFeature, MapLayer

ANCHOR = "gebiet-{key}"


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Areas with the measures that name them; then the others by level, by type and by what their text says."""
    known = [item for item in content().measures.values() if not item.is_struck]
    areas = spaces.by_area(known)
    placed = {item.code for entry in areas for item, _is_reading in entry.measures}
    context = {
        "layers": _layers(areas),
        "areas": areas,
        "levels": _counted(spaces.by_level(known), words.LEVELS),
        "types": _counted(spaces.by_type(known), words.TYPES),
        "stated": [item for item in known if item.spatial.text and item.code not in placed],
        "stated_count": sum(1 for item in known if item.spatial.text),
        "without": [item for item in known if not item.spatial.text and item.code not in placed],
        "count": len(known),
    }
    return render(request, "strategy/spaces.html", context)


def _layers(areas: list[spaces.AreaMeasures]) -> list[MapLayer]:
    """A layer for each kind of area; the whole city is not drawn over its own parts."""
    titles = {PlaceKind.DISTRICT: gettext("Stadtbezirke"), PlaceKind.QUARTER: gettext("Stadtteile")}
    layers = []
    for kind, title in titles.items():
        features = [_feature(entry) for entry in areas if entry.area.kind == kind]
        if features:
            layers.append(MapLayer(f"strategy.{kind}", title, features, kind=LayerKind.AREAS))
    return layers


def _feature(entry: spaces.AreaMeasures) -> MapFeature:
    count = len(entry.measures)
    return MapFeature(
        key=entry.area.key,
        title=entry.area.name,
        geometry=mapping(places.outline_of(entry.area)),
        value=ngettext("%(count)s Maßnahme", "%(count)s Maßnahmen", count) % {"count": count},
        text=", ".join(f"{item.code} {item.title}" for item, _is_reading in entry.measures),
        url=f"#{ANCHOR.format(key=entry.area.key)}",
    )


def _counted(found: dict[str, list[Measure]], named: dict[str, str]) -> list[dict[str, Any]]:
    """Each level or type with its measures, in the order of the words; what is not set comes last."""
    unset = gettext("von der Stadt noch nicht festgelegt")
    rows = [(gettext(title), found[key]) for key, title in named.items() if key in found]
    if "" in found:
        rows.append((unset, found[""]))
    return [{"title": title, "measures": items, "is_set": title != unset} for title, items in rows]
