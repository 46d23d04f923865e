"""The forms in which a dataset can be downloaded, and how each is written."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from stadt.core.city import current
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.queries import publisher_of
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.lake import exports
from stadt.hub.lake.files import whole_file
from stadt.hub.lake.layout import layout

Writer = Callable[[Path, SnapshotInfo, Dataset], None]

CSV_TYPE = "text/csv; charset=utf-8; header=present"
# What a sheet holds (ECMA-376: 1,048,576 rows), less the heading.
SHEET_ROWS = 1_048_575


@dataclass(frozen=True, slots=True)
class Format:
    """A form of download. `form` is its name in the counts, `most_rows` 0 where any number of rows fits."""

    key: str
    suffix: str
    title: str
    media_type: str
    form: str
    write: Writer
    needs_geometry: bool = False
    most_rows: int = 0

    def filename(self, key: str) -> str:
        """The file's name for a dataset."""
        return key + self.suffix


def about(snapshot: SnapshotInfo, dataset: Dataset) -> dict[str, Any]:
    """What a file says about itself: where it comes from, under which licence, and whether rows are simulated."""
    return {
        "dataset": snapshot.dataset,
        "number": snapshot.number,
        "published": snapshot.published_at,
        "publisher": publisher_of(dataset),
        "licence": dataset.licence.value.uri,
        "simulated": snapshot.is_simulated,
        "source": settings.STADT.url,
    }


def formats_of(dataset: Dataset, rows: int = 0) -> tuple[Format, ...]:
    """The forms in which a dataset, or a state of it with that many rows, can be downloaded."""
    return tuple(
        form
        for form in FORMATS
        if (dataset.geometry or not form.needs_geometry) and (not form.most_rows or rows <= form.most_rows)
    )


def _write_csv(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_csv(target, snapshot.paths, snapshot.fields, exports.Dialect.GERMAN, current().timezone)


def _write_csv_en(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_csv(
        target, snapshot.paths, snapshot.fields, exports.Dialect.INTERNATIONAL, current().timezone
    )


def _write_json(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_json(target, snapshot.paths, snapshot.fields, about(snapshot, dataset))


def _write_geojson(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_geojson(target, snapshot.paths, snapshot.fields, about(snapshot, dataset))


def _write_xlsx(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_xlsx(target, snapshot.paths, snapshot.fields, current().timezone)


def _write_geopackage(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_spatial(target, snapshot.paths, snapshot.fields, exports.Driver.GEOPACKAGE, dataset.key)


def _write_flatgeobuf(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    exports.write_spatial(target, snapshot.paths, snapshot.fields, exports.Driver.FLATGEOBUF, dataset.key)


def _write_parquet(target: Path, snapshot: SnapshotInfo, dataset: Dataset) -> None:
    place = layout()
    if len(snapshot.parts) != 1:
        exports.write_parquet(target, snapshot.paths, snapshot.fields)
        return
    with whole_file(
        target, place.work
    ) as aside:  # the one part is the file: a second name for the same bytes
        os.link(place.parts / snapshot.paths[0], aside)


FORMATS = (
    Format("csv", ".csv", "CSV", CSV_TYPE, "csv", _write_csv),
    Format("csv-en", ".en.csv", "CSV (international)", CSV_TYPE, "csv", _write_csv_en),
    Format(
        "xlsx",
        ".xlsx",
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
        _write_xlsx,
        most_rows=SHEET_ROWS,
    ),
    Format("json", ".json", "JSON", "application/json", "json", _write_json),
    Format(
        "geojson",
        ".geojson",
        "GeoJSON",
        "application/geo+json",
        "geojson",
        _write_geojson,
        needs_geometry=True,
    ),
    Format(
        "gpkg",
        ".gpkg",
        "GeoPackage",
        "application/geopackage+sqlite3",
        "gpkg",
        _write_geopackage,
        needs_geometry=True,
    ),
    Format(
        "fgb",
        ".fgb",
        "FlatGeobuf",
        "application/vnd.flatgeobuf",
        "fgb",
        _write_flatgeobuf,
        needs_geometry=True,
    ),
    Format("parquet", ".parquet", "Parquet", "application/vnd.apache.parquet", "parquet", _write_parquet),
)
