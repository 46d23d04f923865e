"""From layers to the map element's template: list, legend and the addresses its script reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from stadt.core import city
from stadt.core.manifest import Layer
from stadt.core.registry import registry
from stadt.web.maps import LayerKind, MapFeature, MapLayer, Shape, State

HEIGHTS = frozenset({"small", "medium", "tall"})


@dataclass(frozen=True)
class ShownFeature:
    """A feature with its geometry written for the element's data attribute."""

    feature: MapFeature
    geometry: str


@dataclass(frozen=True)
class ShownLayer:
    """A layer with its features written for the template."""

    layer: MapLayer
    features: Sequence[ShownFeature]

    @property
    def is_simulated(self) -> bool:
        """True when everything shown is simulated, so that one mark for the layer says it."""
        return bool(self.features) and all(shown.feature.simulated for shown in self.features)


def map_context(
    layers: Sequence[MapLayer], label: str, height: str, refresh: int, outlines: bool, legend: bool
) -> dict[str, Any]:
    """Return what `web/components/map.html` needs; raises ValueError for an unknown height."""
    if height not in HEIGHTS:
        raise ValueError(f"A map is {', '.join(sorted(HEIGHTS))}, not '{height}'.")
    here = city.current()
    return {
        "layers": [ShownLayer(layer, [_shown(feature) for feature in layer.features]) for layer in layers],
        "label": label,
        "height": height,
        "refresh": refresh,
        "legend": legend,
        "bbox": ",".join(str(degree) for degree in here.bbox),
        "basemap": here.basemap,
        "outlines": reverse("web:outlines") if outlines and outline_layers() else "",
    }


def _shown(feature: MapFeature) -> ShownFeature:
    return ShownFeature(feature, json.dumps(feature.geometry, separators=(",", ":")))


def outline_layers() -> list[Layer]:
    """Return the registered layers that draw the city's outline and its districts."""
    return [layer for layer in registry.layers.values() if layer.kind == LayerKind.OUTLINE]


def live_layer(layer: Layer, shape: Shape = Shape.CIRCLE, *, visible: bool = True) -> MapLayer:
    """Return a registered layer as a map layer: its features listed now, its address for refreshing.

    `layer.features()` gives a GeoJSON FeatureCollection whose properties are those of `MapFeature`.
    """
    return MapLayer(
        key=layer.key,
        title=gettext(layer.title),
        features=read_features(layer.features()),
        source=reverse("web:layer", args=[layer.key]),
        kind=LayerKind(layer.kind),
        shape=shape,
        visible=visible,
    )


def read_features(collection: dict[str, Any]) -> list[MapFeature]:
    """Return the features of a GeoJSON FeatureCollection in the form of `as_feature_collection`."""
    return [_read_feature(place, feature) for place, feature in enumerate(collection["features"])]


def _read_feature(place: int, feature: dict[str, Any]) -> MapFeature:
    properties = feature.get("properties") or {}
    return MapFeature(
        key=str(properties.get("key") or feature.get("id") or place),
        title=str(properties.get("title", "")),
        geometry=feature["geometry"],
        text=str(properties.get("text") or ""),
        value=str(properties.get("value") or ""),
        url=str(properties.get("url") or ""),
        state=State(properties.get("state") or State.NEUTRAL),
        state_label=str(properties.get("state_label") or ""),
        simulated=bool(properties.get("simulated")),
    )
