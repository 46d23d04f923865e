"""What keeps the store in order by itself: months made ahead, changes told, figures and a check for the operator."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from stadt.core.events import publish
from stadt.core.people.models import Setting
from stadt.hub.observations import committer
from stadt.hub.observations.batch import months_later
from stadt.hub.observations.changes import changed_days
from stadt.hub.observations.events import ReadingsStored

TOLD = "observations.told"
IDS_PER_EVENT = 2_000


def months_ahead() -> list[date]:
    """The first days of this month and the next two, which must have a partition before readings come."""
    first = datetime.now(UTC).replace(day=1)
    return [months_later(first, count).date() for count in range(3)]


def make_months() -> None:
    """The daily job that makes partitions ahead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT observations_ensure_months(%s::date[])", [months_ahead()])


def find_missing_month() -> str | None:
    """Doctor's check: what is wrong with the partitions, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month::text FROM unnest(%s::date[]) AS month"
            " WHERE to_regclass('observations_observation_' || to_char(month, 'YYYY_MM')) IS NULL ORDER BY 1",
            [months_ahead()[:2]],
        )
        missing = [month[:7] for (month,) in cursor.fetchall()]
    if not missing:
        return None
    return (
        f"Für {', '.join(missing)} gibt es noch keine Tabelle für Messwerte. Sie entsteht mit dem ersten Messwert; "
        "dass sie fehlt, heißt: Der Worker lief seit Wochen nicht. Bitte „stadt worker“ starten."
    )


def tell_changes() -> None:
    """The job of every minute that tells which datastreams got, changed or lost observations since the last time."""
    with transaction.atomic():
        Setting.objects.get_or_create(key=TOLD, defaults={"value": 0})
        told = Setting.objects.select_for_update().get(key=TOLD)
        changes = changed_days(int(told.value))
        for start in range(0, len(changes.days), IDS_PER_EVENT):
            part = changes.days[start : start + IDS_PER_EVENT]
            days = [day for _, day in part]
            publish(ReadingsStored(tuple(sorted({number for number, _ in part})), min(days), max(days)))
        if told.value != changes.cursor:
            told.value = changes.cursor
            told.save(update_fields=["value"])


def count_stored() -> Iterable[tuple[Mapping[str, str], float]]:
    """Observations in the store, from the counters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(count), 0)::bigint, count(*) FROM observations_datastreamstate")
        row: tuple[Any, ...] = cursor.fetchone()
    yield {}, float(row[0])


def count_waiting() -> Iterable[tuple[Mapping[str, str], float]]:
    """Readings that wait for their commit in the process that is asked."""
    yield {}, float(committer.waiting_here())
