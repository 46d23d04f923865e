"""The outlines as layers of every map."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Layer
from stadt.hub.places import queries
from stadt.hub.places.models import PlaceKind
from stadt.web.maps import LayerKind, MapFeature


def features_of(kind: PlaceKind, areas: Iterable[queries.Area]) -> list[MapFeature]:
    """These areas of one kind as map features with their outlines."""
    geometries = {feature["id"]: feature["geometry"] for feature in queries.as_geojson(kind)["features"]}
    return [
        MapFeature(
            key=area.key,
            title=area.name,
            geometry=geometries[area.key],
            text=gettext("Vereinfachter Umriss") if area.simplified else "",
            url=reverse("places:area", args=[area.key]),
        )
        for area in areas
    ]


def city() -> list[MapFeature]:
    """The city's outline."""
    return features_of(PlaceKind.CITY, queries.list_areas(PlaceKind.CITY))


def districts() -> list[MapFeature]:
    """The districts."""
    return features_of(PlaceKind.DISTRICT, queries.list_areas(PlaceKind.DISTRICT))


def quarters() -> list[MapFeature]:
    """The quarters."""
    return features_of(PlaceKind.QUARTER, queries.list_areas(PlaceKind.QUARTER))


LAYERS = (
    Layer("places.city", _("Stadtgrenze"), city, kind=LayerKind.OUTLINE, order=900),
    Layer("places.districts", _("Stadtbezirke"), districts, kind=LayerKind.OUTLINE, order=910),
    Layer("places.quarters", _("Stadtteile"), quarters, kind=LayerKind.AREAS, order=920),
)
