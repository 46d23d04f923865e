"""What other apps may ask: the live layers as the web floor's map draws them."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext

from stadt.core.registry import registry
from stadt.web.maps import LayerKind, MapLayer, Shape


def live_layers(visible: Collection[str] | None = None) -> list[MapLayer]:
    """Every layer with its features as they are now, in the order of the manifests.

    Args:
        visible: keys of the layers that are switched on; None for all.
    """
    return [
        MapLayer(
            key=layer.key,
            title=gettext(layer.title),
            features=tuple(layer.features()),
            source=reverse("maps:layer", args=[layer.key]),
            kind=LayerKind(layer.kind),
            shape=Shape(layer.shape),
            visible=visible is None or layer.key in visible,
        )
        for layer in registry.layers.values()
    ]
