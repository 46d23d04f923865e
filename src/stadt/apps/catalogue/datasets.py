"""The catalogue as a dataset of its own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from stadt.hub.datasets.declaration import Column, Dataset, Date, Integer, Licence, Text, Theme
from stadt.hub.datasets.models import AccessCount
from stadt.hub.datasets.queries import list_public
from stadt.hub.opendata.index.entries import iterate_entries
from stadt.hub.opendata.index.refresh import mend

# Two years are enough to compare a month with the same one a year before.
KEPT_DAYS = timedelta(days=2 * 366)


def _rows() -> Iterator[dict[str, Any]]:
    """One row for each published dataset, itself included; only what does not change with every snapshot."""
    mend()
    for entry in iterate_entries(also=DATASETS.key):
        yield {
            "key": entry.key,
            "title": entry.title,
            "description": entry.description,
            "theme": entry.combination.theme,
            "publisher": entry.combination.publisher,
            "licence": Licence[entry.combination.licence].value.uri,
            "columns": entry.facts["columns"],
            "interval_minutes": entry.facts["interval_minutes"],
            "url": settings.STADT.url + entry.facts["url"],
        }


DATASETS = Dataset(
    key="catalogue.datasets",
    title="Verzeichnis der offenen Datensätze",
    description="Alle Datensätze, die die Stadt über diese Plattform veröffentlicht, mit Thema, Lizenz und Adresse.",
    rows=_rows,
    columns=(
        Column("key", Text, "Schlüssel"),
        Column("title", Text, "Titel"),
        Column("description", Text, "Beschreibung"),
        Column("theme", Text, "Thema", description="Kürzel der EU-Liste „data-theme“"),
        Column("publisher", Text, "Herausgeber"),
        Column("licence", Text, "Lizenz", description="Kennung in der Lizenzliste von GovData"),
        Column("columns", Integer, "Anzahl der Spalten"),
        Column("interval_minutes", Integer, "Aktualisierung in Minuten", unit="min"),
        Column("url", Text, "Seite des Datensatzes"),
    ),
    theme=Theme.GOVE,
    refresh=timedelta(hours=2),
    order="key",
    keywords=("Open Data", "Metadaten", "Katalog"),
)


def _accesses() -> Iterator[dict[str, Any]]:
    """Whole days only, so that a day is told once and does not change."""
    today = timezone.localdate()
    rows = AccessCount.objects.filter(day__lt=today, day__gte=today - KEPT_DAYS)
    public = list_public(list(rows.values_list("dataset", flat=True).distinct()))
    for row in rows.filter(dataset__in=public).order_by("day", "dataset", "format").iterator():
        yield {"day": row.day, "dataset": row.dataset, "format": row.format, "accesses": row.count}


USAGE = Dataset(
    key="catalogue.accesses",
    title="Zugriffe auf die offenen Datensätze",
    description="Wie oft Datensätze an jedem Tag heruntergeladen oder über die Schnittstelle abgefragt wurden, ohne Programme, die sich als Roboter ausweisen.",
    rows=_accesses,
    columns=(
        Column("day", Date, "Tag"),
        Column("dataset", Text, "Datensatz", description="Schlüssel"),
        Column("format", Text, "Format", description="„api“ für die Schnittstelle"),
        Column("accesses", Integer, "Zugriffe"),
    ),
    theme=Theme.GOVE,
    licence=Licence.DL_DE_ZERO_2,
    refresh=timedelta(hours=6),
    order="day",
    keywords=("Open Data", "Nutzung", "Statistik"),
)
