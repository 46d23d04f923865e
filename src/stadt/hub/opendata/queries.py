"""Reads the memory of what the catalogue listed: tombstones, and the refusals that tell of them."""

from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.models import Snapshot
from stadt.hub.datasets.queries import list_declared
from stadt.hub.lake.layout import KEY
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


def changed_at() -> datetime | None:
    """When the catalogue changed last: a public dataset was published, or one was withdrawn."""
    keys = [dataset.key for dataset in list_declared()]
    moments = [
        Snapshot.objects.filter(dataset__in=keys).aggregate(newest=Max("published_at"))["newest"],
        Listing.objects.aggregate(newest=Max("withdrawn_at"))["newest"],
    ]
    return max((moment for moment in moments if moment), default=None)
