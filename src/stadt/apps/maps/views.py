"""The map page and the layers it draws."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from stadt.apps.maps.public import layer_titles, live_layers
from stadt.core.errors import NotFound
from stadt.core.registry import registry
from stadt.web.maps import LayerKind, as_feature_collection

REFRESH_SECONDS = 60


@require_safe
def show_map(request: HttpRequest) -> HttpResponse:
    """`/karte/`: what is measured, or the layers named by `ebene` (may be repeated)."""
    wanted = [key for key in request.GET.getlist("ebene") if key in registry.layers]
    layers = live_layers(wanted)
    is_silent = not any(layer.features for layer in layers if layer.kind is LayerKind.POINTS)
    return render(
        request, "maps/map.html", {"layers": layers, "refresh": REFRESH_SECONDS, "is_silent": is_silent}
    )


def door(_request: HttpRequest) -> dict[str, list[str]]:
    """What the start page tells about the map: the names of its layers."""
    return {"titles": layer_titles()}


@require_safe
def show_layer(request: HttpRequest, key: str) -> HttpResponse:
    """`/karte/ebenen/<key>.geojson`: one layer as it is now. Raises NotFound."""
    layer = registry.layers.get(key)
    if layer is None:
        raise NotFound(gettext("Es gibt keine Kartenebene „%(key)s“.") % {"key": key})
    answer = JsonResponse(as_feature_collection(list(layer.features())))
    answer["Content-Type"] = "application/geo+json"
    patch_cache_control(answer, public=True, max_age=15)
    return answer
