"""Where the index lags behind what it is made of: asked by a job, by a start, and by `stadt doctor`."""

from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext

from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.kept.states import AccessClass
from stadt.hub.opendata.index.documents import house, mark_of

SHOWN = 3
GRACE = timedelta(minutes=10)  # in which a job catches up with what happened a moment ago
# An entry that tells of another snapshot than the newest, or was written by another release or under another address;
# a mark is that of the house, a colon, and that of the declaration (`mark_of`).
OLD = (
    "SELECT e.key FROM opendata_catalogueentry e LEFT JOIN LATERAL (SELECT s.id FROM datasets_snapshot s"
    " WHERE s.dataset = e.key AND s.purged_at IS NULL AND s.withdrawn_at IS NULL ORDER BY s.number DESC LIMIT 1) AS newest ON true"
    " WHERE e.snapshot IS DISTINCT FROM newest.id OR (%s AND left(e.mark, 16) <> %s)"
)
# A declaration that says something else than its entry, or has none.
DECLARED = (
    "SELECT d.key FROM unnest(%s::text[], %s::text[]) AS d (key, mark)"
    " LEFT JOIN opendata_catalogueentry e ON e.key = d.key WHERE substr(e.mark, 18) IS DISTINCT FROM substr(d.mark, 18)"
)
KEPT = (
    "SELECT k.key FROM datasets_keptdataset k LEFT JOIN opendata_catalogueentry e ON e.key = k.key"
    " WHERE k.live_access = %s AND (e.key IS NULL OR e.changed_at < k.approved_at)"
)
SUPERFLUOUS = (
    "SELECT e.key FROM opendata_catalogueentry e WHERE e.key <> ALL(%s)"
    " AND NOT EXISTS (SELECT 1 FROM datasets_keptdataset k WHERE k.key = e.key AND k.live_access = %s)"
)


# Datasets of which something changed within so many seconds.
UNSETTLED = (
    "SELECT s.dataset FROM datasets_snapshot s WHERE greatest(s.published_at, s.purged_at, s.withdrawn_at)"
    " > now() - make_interval(secs => %s) UNION SELECT k.key FROM datasets_keptdataset k"
    " WHERE greatest(k.approved_at, k.changed_at) > now() - make_interval(secs => %s)"
)


def find_lagging(*, in_this_house: bool = True, grace: timedelta = timedelta()) -> list[str]:
    """Keys of datasets whose entry is missing, old, or one too many.

    With `in_this_house` also those that another release wrote, or that tell another address than this process has;
    without those that changed within `grace`.
    """
    place = house()
    declared = {key: mark_of(item, place) for key, item in registry.datasets.items() if _is_public(item)}
    with connection.cursor() as cursor:
        cursor.execute(
            f"{OLD} UNION {DECLARED} UNION {KEPT} UNION {SUPERFLUOUS}",
            [
                *(in_this_house, place),
                *(list(declared), list(declared.values())),
                AccessClass.PUBLIC,
                *(list(declared), AccessClass.PUBLIC),
            ],
        )
        found = {key for (key,) in cursor.fetchall()}
        if found and grace:
            cursor.execute(UNSETTLED, [grace.total_seconds()] * 2)
            found -= {key for (key,) in cursor.fetchall()}
    return sorted(found)


def find_superfluous() -> list[str]:
    """Keys of entries of datasets that are not for everybody any more, or are gone."""
    declared = [key for key, item in registry.datasets.items() if _is_public(item)]
    with connection.cursor() as cursor:
        cursor.execute(SUPERFLUOUS, [declared, AccessClass.PUBLIC])
        return sorted(key for (key,) in cursor.fetchall())


def check() -> str | None:
    """For `stadt doctor`, which may not know the address that the service has: which datasets the lists do not show as they are."""
    found = find_lagging(in_this_house=False, grace=GRACE)
    if not found:
        return None
    words = {"count": len(found), "some": ", ".join(found[:SHOWN])}
    return (
        gettext(
            "Der Index des Katalogs hinkt bei %(count)s Datensätzen nach (etwa %(some)s). Der Dienst holt es binnen zehn"
            " Minuten nach; läuft er?"
        )
        % words
    )


def hidden() -> list[str]:
    """Keys of declared datasets that are not for everybody: no list shows them, whatever the index holds."""
    return [key for key, item in registry.datasets.items() if not _is_public(item)]


def _is_public(item: object) -> bool:
    return isinstance(item, Dataset) and item.is_public
