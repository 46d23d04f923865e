"""From layers to the map element's template: list, legend and the addresses its script reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from stadt.core import city
from stadt.core.manifest import Layer
from stadt.core.registry import registry
from stadt.web.maps import LayerKind, MapFeature, MapLayer, as_feature_collection

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
    layers: Sequence[MapLayer],
    label: str,
    height: str,
    refresh: int,
    outlines: bool,
    legend: bool,
    box: str = "",
) -> dict[str, Any]:
    """Return what `web/components/map.html` needs; raises ValueError for an unknown height."""
    if height not in HEIGHTS:
        raise ValueError(f"A map is {', '.join(sorted(HEIGHTS))}, not '{height}'.")
    here = city.current()
    # outlines are the ground of every map, not one more switch with a list
    drawn = [layer for layer in layers if not (outlines and layer.kind is LayerKind.OUTLINE)]
    return {
        "layers": [ShownLayer(layer, [_shown(feature) for feature in layer.features]) for layer in drawn],
        "label": label,
        "height": height,
        "refresh": refresh,
        "legend": legend,
        "bbox": box or ",".join(str(degree) for degree in here.bbox),
        "basemap": here.basemap,
        "outlines": reverse("web:outlines") if outlines and outline_layers() else "",
    }


def _shown(feature: MapFeature) -> ShownFeature:
    return ShownFeature(feature, json.dumps(feature.geometry, separators=(",", ":")))


def outline_layers() -> list[Layer]:
    """Return the registered layers that draw the city's outline and its districts."""
    return [layer for layer in registry.layers.values() if layer.kind == LayerKind.OUTLINE]


def outline_collection() -> dict[str, Any]:
    """Return the outlines as one GeoJSON FeatureCollection.

    The first outline layer is the city itself (`level` "city", a strong line); the others divide it ("district",
    thin lines with their names).
    """
    features: list[dict[str, Any]] = []
    for place, layer in enumerate(outline_layers()):
        for feature in as_feature_collection(layer.features())["features"]:
            feature["properties"]["level"] = "district" if place else "city"
            features.append(feature)
    return {"type": "FeatureCollection", "features": features}
