"""The outlines as layers of every map."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Layer
from stadt.hub.places import queries
from stadt.hub.places.models import PlaceKind


def _features(kind: PlaceKind) -> dict[str, Any]:
    collection = queries.as_geojson(kind)
    return {**collection, "features": [_for_map(feature) for feature in collection["features"]]}


def _for_map(feature: dict[str, Any]) -> dict[str, Any]:
    told = {
        "url": reverse("places:area", args=[feature["properties"]["key"]]),
        "text": gettext("Vereinfachter Umriss") if feature["properties"]["simplified"] else "",
    }
    return {**feature, "properties": {**feature["properties"], **told}}


def city() -> dict[str, Any]:
    """The city's outline as GeoJSON."""
    return _features(PlaceKind.CITY)


def districts() -> dict[str, Any]:
    """The districts as GeoJSON."""
    return _features(PlaceKind.DISTRICT)


def quarters() -> dict[str, Any]:
    """The quarters as GeoJSON."""
    return _features(PlaceKind.QUARTER)


LAYERS = (
    Layer("places.city", _("Stadtgrenze"), "outline", city, order=900),
    Layer("places.districts", _("Stadtbezirke"), "outline", districts, order=910),
    Layer("places.quarters", _("Stadtteile"), "areas", quarters, order=920),
)
