"""Pages of the city's areas and their outlines as GeoJSON."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.core.errors import FieldError, Invalid
from stadt.core.people.access import actor_of
from stadt.hub.places import queries
from stadt.hub.places.layers import features_of
from stadt.hub.places.models import AREA_KINDS, PlaceKind
from stadt.hub.places.spot_queries import has_addresses
from stadt.hub.places.spots import IMPORT_SPOTS
from stadt.web.formats import number
from stadt.web.maps import LayerKind, MapLayer
from stadt.web.tables import CellKind, LinkCell, TableColumn

CACHE_SECONDS = 300
PLURALS = {PlaceKind.DISTRICT: _("Stadtbezirke"), PlaceKind.QUARTER: _("Stadtteile")}


def overview(request: HttpRequest) -> HttpResponse:
    """All districts with their quarters, as a list and on a map."""
    districts = queries.list_areas(PlaceKind.DISTRICT)
    groups = [(district, queries.children(district)) for district in districts]
    shown = PlaceKind.QUARTER if queries.list_areas(PlaceKind.QUARTER) else PlaceKind.DISTRICT
    context = {
        "city": queries.find_city(),
        "groups": groups,
        "layers": [_layer(shown, queries.list_areas(shown), PLURALS[shown])],
        "needs_addresses": actor_of(request).can(IMPORT_SPOTS) and not has_addresses(),
        "is_simplified": any(area.simplified for district, below in groups for area in (district, *below)),
    }
    return render(request, "places/overview.html", context)


def area(request: HttpRequest, key: str) -> HttpResponse:
    """One city, district or quarter: where it lies, what it belongs to, what lies in it."""
    found = queries.get_area(key)
    parent = queries.find_parent(found)
    below = queries.children(found)
    context = {
        "area": found,
        "kind": gettext(str(found.kind.label)),
        "parent": parent,
        "facts": _facts(found, parent),
        "columns": [
            TableColumn("name", gettext("Name")),
            TableColumn("kind", gettext("Art")),
            TableColumn("size", gettext("Fläche"), CellKind.NUMBER, unit="km²", digits=1),
        ],
        "rows": [
            {"name": _link(other), "kind": gettext(str(other.kind.label)), "size": other.area_m2 / 1e6}
            for other in below
        ],
        "layers": [_layer(found.kind, [found], found.name)],
    }
    return render(request, "places/area.html", context)


def outlines(request: HttpRequest) -> HttpResponse:
    """GeoJSON of one kind: `?art=city`, `district` or `quarter` (default)."""
    wanted = request.GET.get("art", PlaceKind.QUARTER)
    if wanted not in AREA_KINDS:
        message = gettext("art muss %(kinds)s sein.") % {"kinds": ", ".join(AREA_KINDS)}
        raise Invalid(message, fields=(FieldError("art", message),))
    found = queries.outlines(PlaceKind(wanted))
    etag = f'"{found.etag}"'
    is_known = etag in request.headers.get("If-None-Match", "")
    response = HttpResponse(
        b"" if is_known else found.body, status=304 if is_known else 200, content_type="application/geo+json"
    )
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _layer(kind: PlaceKind, areas: list[queries.Area], title: str) -> MapLayer:
    return MapLayer(f"places.{kind}", gettext(title), features_of(kind, areas), kind=LayerKind.AREAS)


def _facts(found: queries.Area, parent: queries.Area | None) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [(gettext("Art"), gettext(str(found.kind.label)))]
    if parent:
        facts.append((gettext("Liegt in"), _link(parent)))
    if found.code:
        facts.append((gettext("Amtlicher Schlüssel"), found.code))
    size = {"size": number(found.area_m2 / 1e6, 1)}
    if found.simplified:
        facts.append((gettext("Fläche"), gettext("rund %(size)s km²") % size))
        facts.append((gettext("Umriss"), gettext("vereinfacht, von Hand gezeichnet")))
    else:
        facts.append((gettext("Fläche"), gettext("%(size)s km²") % size))
        facts.append((gettext("Umriss"), gettext("amtlich oder eingelesen")))
    if found.source:
        facts.append((gettext("Quelle"), found.source))
    if found.licence:
        facts.append((gettext("Lizenz"), found.licence))
    return facts


def _link(other: queries.Area) -> LinkCell:
    return LinkCell(other.name, reverse("places:area", args=[other.key]))
