"""The page of a dataset that everybody could see once: since when it is gone, and what its office tells everybody."""

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.catalogue.feed import Tombstone
from stadt.core.errors import NotFound
from stadt.hub.datasets.models import KeptDataset, Snapshot
from stadt.hub.lake.layout import KEY
from stadt.hub.opendata.models import Listing
from stadt.hub.opendata.queries import find_tombstone


def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Status 410 with what may be told. Raises NotFound for what was never public."""
    kept = KeptDataset.objects.filter(key=key, was_public=True).first() if KEY.match(key) else None
    tombstone = find_tombstone(key)
    if kept is None and tombstone is None:
        raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key[:101]})
    context = {
        "title": tombstone.title if tombstone else key,
        "key": key,
        "since": (kept.withdrawn_at if kept else None) or (tombstone.withdrawn_at if tombstone else None),
        "note": kept.withdrawn_note if kept else "",
    }
    return render(request, "catalogue/withdrawn.html", context, status=410)


def list_gone(limit: int = 100) -> list[Tombstone]:
    """The newest versions of the datasets withdrawn last, as the feed tells them."""
    rows = list(Listing.objects.exclude(withdrawn_at=None).order_by("-withdrawn_at")[:limit])
    numbers = dict(
        Snapshot.objects.filter(dataset__in=[row.dataset for row in rows])
        .values_list("dataset")
        .annotate(newest=Max("number"))
    )
    return [
        Tombstone(reverse("catalogue:dataset", args=[row.dataset]), numbers[row.dataset], row.withdrawn_at)
        for row in rows
        if row.withdrawn_at and row.dataset in numbers
    ]
