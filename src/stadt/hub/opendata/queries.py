"""Reads the memory of what the catalogue listed: tombstones, and the refusals that tell of them."""

from datetime import datetime

from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.hub.datasets.errors import Gone
from stadt.hub.lake.layout import KEY
from stadt.hub.opendata.index.entries import published_entries
from stadt.hub.opendata.models import Listing
from stadt.hub.opendata.records import records_of


def find_tombstone(key: str) -> Listing | None:
    """What is left of a dataset that was listed once and is not any more, withdrawn_at filled in; else None."""
    if not KEY.match(key):
        return None
    found = Listing.objects.filter(dataset=key).first()
    if found is None or records_of([key]):
        return None
    found.withdrawn_at = found.withdrawn_at or timezone.now()
    return found


def refusal_for(key: str) -> NotFound | Gone:
    """Why a dataset is not there: it never was for everybody, or was withdrawn; the two are told apart by the memory."""
    tombstone = find_tombstone(key)
    if tombstone is None:
        return NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key})
    return Gone(
        gettext("Der Datensatz „%(title)s“ wurde am %(day)s zurückgezogen.")
        % {"title": tombstone.title, "day": _day(tombstone.withdrawn_at)}
    )


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y}"


def list_page(since: datetime | None, start: int, limit: int) -> tuple[list[str], int]:
    """Keys of published datasets by key, and how many there are on all pages; with `since` those not changed earlier."""
    rows = published_entries()
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    return list(rows.order_by("key").values_list("key", flat=True)[start : start + limit]), rows.count()


def changed_at() -> datetime | None:
    """When the catalogue changed last: a public dataset was published, or one was withdrawn."""
    rows = published_entries().order_by("-changed_at")
    moments = [
        rows.values_list("changed_at", flat=True).first(),
        Listing.objects.aggregate(newest=Max("withdrawn_at"))["newest"],
    ]
    return max((moment for moment in moments if moment), default=None)


def count_published() -> tuple[int, int]:
    """How many datasets are published, and how many rows they have together."""
    rows = published_entries()
    found = rows.aggregate(count=Count("pk"), rows=Sum("row_count"))
    return found["count"], int(found["rows"] or 0)
