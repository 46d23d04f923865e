"""Pages for everybody: map and list of reports, and what the map asks for."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from stadt.apps.issues.shown import filters, queries, words
from stadt.apps.issues.shown.caching import cached
from stadt.apps.issues.shown.clusters import Cluster, cut
from stadt.apps.issues.shown.queries import Issue
from stadt.core.city import current
from stadt.hub.places.queries import find_city, outline_of
from stadt.web.formats import number
from stadt.web.maps import MapFeature, MapLayer, Shape, as_feature_collection, point

PAGE_SIZE = 20
MAP_SECONDS = 60


@require_safe
def show_map(request: HttpRequest) -> HttpResponse:
    """`/melden/`: map and list of the same question."""
    chosen = filters.read_filters(request.GET)
    query = chosen.as_query(timezone.localdate())
    after = filters.read_after(request.GET.get("ab", ""))
    page = queries.list_public(queries.starting_after(query, after), PAGE_SIZE)
    names = words.names_of(page.rows)
    asked = urlencode(chosen.parameters())
    more = urlencode(chosen.parameters() | {"ab": filters.write_after(page.after)}) if page.after else ""
    context = {
        "chosen": chosen,
        "choices": filters.choices(chosen),
        "page": page,
        "total": number(page.total) + ("+" if page.is_bounded else ""),
        "rows": [shown_row(issue, names) for issue in page.rows],
        "is_example": any(issue.is_example for issue in page.rows),
        "is_first": after is None,
        "first_url": f"?{asked}" if asked else reverse("issues:map"),
        "more_url": f"?{more}#liste" if more else "",
        "layers": [map_layer(asked)],
        "box": box_of(chosen),
        "feed_url": feed_address(chosen),
        "subscribe_url": f"{reverse('issues:subscribe')}?{asked}" if asked else reverse("issues:subscribe"),
    }
    return render(request, "issues/shown/map.html", context)


@require_safe
def show_features(request: HttpRequest) -> HttpResponse:
    """`/melden/karte.geojson`: what the map of the same question shows in `bbox`; crowded places as one with a count."""
    chosen = filters.read_filters(request.GET)
    box = filters.read_box(request.GET.get("bbox", "")) or current().bbox
    found = cut(chosen.as_query(timezone.localdate()), box)
    names = words.names_of(found.issues)
    features = [cluster_feature(cluster) for cluster in found.clusters]
    features += [feature for issue in found.issues if (feature := words.feature_of(issue, names))]
    content = json.dumps(as_feature_collection(features), ensure_ascii=False, separators=(",", ":")).encode()
    return cached(request, content, "application/geo+json", MAP_SECONDS)


def map_layer(asked: str) -> MapLayer:
    """The layer that asks for what is in view; `asked` is the filter as parameters of an address."""
    address = reverse("issues:features")
    return MapLayer(
        "issues.reports",
        gettext("Meldungen"),
        source=f"{address}?{asked}" if asked else address,
        shape=Shape.CIRCLE,
        follows=True,
    )


def box_of(chosen: filters.Chosen) -> str:
    """What the map shows first: the area that was chosen, else empty for the whole city."""
    area = chosen.area
    if area is None or area == find_city():
        return ""
    return ",".join(f"{edge:.5f}" for edge in outline_of(area).bounds)


def feed_address(chosen: filters.Chosen) -> str:
    """The feed that follows best what is chosen: an area's, else a category's, else the city's."""
    if chosen.area is not None:
        return reverse("issues:area_feed", args=[chosen.area.key])
    if chosen.category:
        return reverse("issues:category_feed", args=[chosen.category])
    return reverse("issues:feed")


def cluster_feature(cluster: Cluster) -> MapFeature:
    """Several reports at one spot of the map."""
    open_count = cluster.count - cluster.closed
    return MapFeature(
        key=f"cluster.{cluster.key}",
        title=ngettext("%(count)s Meldung", "%(count)s Meldungen", cluster.count)
        % {"count": number(cluster.count)},
        geometry=point(round(cluster.lon, 5), round(cluster.lat, 5)),
        text=gettext("davon %(count)s offen") % {"count": number(open_count)},
        count=cluster.count,
    )


def shown_row(issue: Issue, names: dict[int, str]) -> dict[str, Any]:
    """A report ready for a list."""
    state, label = words.state_of(issue)
    first = next(iter(issue.photos), None)
    return {
        "issue": issue,
        "title": words.category_title(issue.category),
        "place": words.place_of(issue, names),
        "url": words.url_of(issue),
        "state": str(state),
        "state_label": label,
        "photo": photo_url(first["key"], 320) if first else "",
    }


def photo_url(key: str, size: int) -> str:
    """The address of a released photo in one of its sizes."""
    return reverse("civic_files:file", args=[key, str(size)])
