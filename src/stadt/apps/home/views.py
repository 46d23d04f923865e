"""The start page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stadt.apps.maps.public import live_points
from stadt.core.city import current
from stadt.core.registry import registry

SLOT_NOW = "home.now"
SLOT_DOORS = "home.doors"
REFRESH_SECONDS = 60


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """`/`: the map of what is measured now, each app's block in a sentence, and the doors to the areas."""
    layers = live_points()
    return render(
        request,
        "home/start.html",
        {
            "city": current(),
            "layers": layers,
            "is_silent": not any(layer.features for layer in layers),
            "refresh": REFRESH_SECONDS,
            "blocks": _blocks(request, SLOT_NOW),
            "doors": _blocks(request, SLOT_DOORS),
        },
    )


def _blocks(request: HttpRequest, slot: str) -> list[dict[str, Any]]:
    return [{"template": p.template, "context": p.context(request)} for p in registry.panels(slot)]
