"""What a template hands to `{% stadt_map %}`: layers of features, and their GeoJSON form."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Geometry = Mapping[str, Any]
"""A GeoJSON geometry (RFC 7946): WGS 84, longitude before latitude."""


class Shape(enum.StrEnum):
    """Form of a point on the map and in the legend; together with colour it carries the layer."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"


class LayerKind(enum.StrEnum):
    """Points are clustered when close together; areas are filled; outlines are drawn as lines with labels."""

    POINTS = "points"
    AREAS = "areas"
    OUTLINE = "outline"


class State(enum.StrEnum):
    """Meaning of a feature's or badge's colour; a word always stands beside it."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True)
class MapFeature:
    """One thing on the map and one row of the list beside it.

    `title`, `text` and `value` are plain texts in the reader's language; `value` is the short fact shown in bold
    ("82 %"), `state_label` the word for `state` ("fast voll"). `url` leads to the thing's own page. `count` above 1: so
    many things that lie too close together to be told apart; only for layers that follow the view.
    """

    key: str
    title: str
    geometry: Geometry
    text: str = ""
    value: str = ""
    url: str = ""
    state: State = State.NEUTRAL
    state_label: str = ""
    simulated: bool = False
    count: int = 1

    def as_geojson(self) -> dict[str, Any]:
        """Return the feature as a GeoJSON Feature with the properties the map element reads."""
        return {
            "type": "Feature",
            "id": self.key,
            "geometry": dict(self.geometry),
            "properties": {
                "key": self.key,
                "title": self.title,
                "text": self.text,
                "value": self.value,
                "url": self.url,
                "state": str(self.state),
                "state_label": self.state_label,
                "simulated": self.simulated,
                **({"count": self.count} if self.count > 1 else {}),
            },
        }


@dataclass(frozen=True)
class MapLayer:
    """A switchable layer of the map.

    `features` are rendered by the server as the list inside the element (readable without JavaScript) and drawn from
    there; `source` is a GeoJSON address in the form of `as_feature_collection`, fetched again at the map's refresh
    interval (and at once where `features` is empty). `follows`: the source takes `bbox` (west,south,east,north) and is
    asked again for what is in view.
    """

    key: str
    title: str
    features: Sequence[MapFeature] = ()
    source: str = ""
    kind: LayerKind = LayerKind.POINTS
    shape: Shape = Shape.CIRCLE
    visible: bool = True
    follows: bool = False
    more_url: str = field(default="")


def point(longitude: float, latitude: float) -> dict[str, Any]:
    """Return a GeoJSON point from degrees (WGS 84)."""
    return {"type": "Point", "coordinates": [longitude, latitude]}


def as_feature_collection(features: Sequence[MapFeature]) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection that `<stadt-map>` can read from an address."""
    return {"type": "FeatureCollection", "features": [feature.as_geojson() for feature in features]}
