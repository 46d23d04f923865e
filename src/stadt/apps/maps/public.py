"""What other apps may ask: the live layers as the web floor's map draws them."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext

from stadt.core.manifest import Layer
from stadt.core.registry import registry
from stadt.web.maps import LayerKind, MapLayer, Shape


def live_points() -> list[MapLayer]:
    """The layers of points with their features as they are now: what is measured, in the order of the manifests."""
    return [_layer(layer) for layer in registry.layers.values() if layer.kind == LayerKind.POINTS]


def live_layers(visible: Collection[str] = ()) -> list[MapLayer]:
    """Points and areas with their features as they are now, in the order of the manifests.

    Outlines are left out: they are the ground of every map.

    Args:
        visible: keys of the layers that are switched on; without any, the points are.
    """
    return [
        _layer(layer, is_visible=layer.key in visible if visible else layer.kind == LayerKind.POINTS)
        for layer in registry.layers.values()
        if layer.kind != LayerKind.OUTLINE
    ]


def layer_titles() -> list[str]:
    """The names of the map's layers in the reader's language."""
    return [gettext(layer.title) for layer in registry.layers.values() if layer.kind != LayerKind.OUTLINE]


def _layer(layer: Layer, *, is_visible: bool = True) -> MapLayer:
    return MapLayer(
        key=layer.key,
        title=gettext(layer.title),
        features=tuple(layer.features()),
        source=reverse("maps:layer", args=[layer.key]),
        kind=LayerKind(layer.kind),
        shape=Shape(layer.shape),
        visible=is_visible,
    )
