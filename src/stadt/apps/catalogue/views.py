"""`/daten/`: the catalogue's list and its feed; a dataset's page is in `showing`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stadt.apps.catalogue import feed as feeds
from stadt.apps.catalogue import listing, withdrawn
from stadt.hub.indicators.queries import latest_values, list_indicators
from stadt.hub.opendata.index.entries import list_newest
from stadt.hub.opendata.queries import count_published
from stadt.hub.opendata.records import records_of
from stadt.web.atom import MEDIA_TYPE

FEED_ENTRIES = 100


def show_list(request: HttpRequest) -> HttpResponse:
    """`/daten/`: see `listing`."""
    return render(request, "catalogue/list.html", listing.context_of(request.GET))


def show_feed(request: HttpRequest) -> HttpResponse:
    """`/daten/feed.atom`: the datasets that were published last, and those withdrawn last."""
    records = records_of(list_newest(FEED_ENTRIES))
    answer = HttpResponse(feeds.render_feed(records, withdrawn.list_gone()), content_type=MEDIA_TYPE)
    answer["Cache-Control"] = "public, max-age=60"
    return answer


def door(_request: HttpRequest) -> dict[str, Any]:
    """What the start page tells about the data and the indicators made from them."""
    datasets, rows = count_published()
    indicators = list_indicators()
    values = latest_values(indicator.key for indicator in indicators)
    return {
        "datasets": datasets,
        "rows": rows,
        "indicators": len(indicators),
        "with_value": sum(1 for value in values.values() if value.value is not None),
    }
