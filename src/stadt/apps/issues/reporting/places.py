"""From an address that somebody typed to a point, without a script."""

import re

from django.utils.translation import gettext

from stadt.apps.issues.reporting.page import Page
from stadt.core.errors import FieldError
from stadt.hub.places.spot_queries import area_spots, find_spots

MOST_SPOTS = 6
POINT = re.compile(r"\s*(-?\d{1,2}[.,]\d{2,12})\s*[,;\s]\s*(-?\d{1,3}[.,]\d{2,12})\s*$", re.ASCII)
"""Latitude and longitude as maps print them, the same that the place picker reads."""


def find_place(page: Page) -> None:
    """Turn the draft's address into a point where only one fits; else let the page ask which is meant."""
    if page.draft.has_place or not page.draft.address:
        return
    if (typed := POINT.match(page.draft.address)) is not None:
        lat, lon = (float(part.replace(",", ".")) for part in typed.groups())
        page.draft = page.draft.at(lon, lat, "")
        return
    spots = find_spots(page.draft.address, MOST_SPOTS)
    exact = [spot for spot in spots if spot.name.casefold() == page.draft.address.casefold()]
    only = exact[0] if len(exact) == 1 else spots[0] if len(spots) == 1 else None
    if only is not None:
        page.draft = page.draft.at(only.lon, only.lat, only.name, only.asset)
    elif spots:
        page.spots = spots
    else:
        page.spots = area_spots()
        page.errors.append(FieldError("place", _not_found(is_choice=bool(page.spots))))


def _not_found(*, is_choice: bool) -> str:
    """What to do when nothing is called so: a city whose addresses nobody imported knows its quarters alone."""
    if is_choice:
        return gettext(
            "Diesen Ort kennen wir nicht. Wählen Sie unten den Stadtteil: Ihre Angabe bleibt stehen und hilft, die Stelle zu finden."
        )
    return gettext("Diesen Ort kennen wir nicht. Bitte schreiben Sie Straße und Hausnummer.")
