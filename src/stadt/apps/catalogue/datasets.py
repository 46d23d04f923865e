"""The catalogue as a dataset of its own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings

from stadt.hub.datasets.declaration import Column, Dataset, Integer, Licence, Text, Theme
from stadt.hub.opendata.index.entries import iterate_entries
from stadt.hub.opendata.index.refresh import mend


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
