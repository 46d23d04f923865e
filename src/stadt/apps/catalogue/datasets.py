"""The catalogue as a dataset of its own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import override

from stadt.hub.datasets.declaration import Column, Dataset, Integer, Text, Theme
from stadt.hub.opendata.records import list_records


def _rows() -> Iterator[dict[str, Any]]:
    """One row for each published dataset, itself included; only what does not change with every snapshot."""
    with override("de"):
        for record in list_records():
            if record.snapshot is not None or record.key == DATASETS.key:
                yield {
                    "key": record.key,
                    "title": record.title,
                    "description": record.description,
                    "theme": record.dataset.theme.name,
                    "publisher": record.publisher,
                    "licence": record.licence.uri,
                    "columns": len(record.dataset.columns),
                    "interval_minutes": int(record.dataset.refresh.total_seconds() // 60),
                    "url": settings.STADT.url + record.url,
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
