"""What was understood of a file, as data that goes to JSON and back."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Self

import msgspec

from stadt.hub.datasets.declaration import Column, ColumnType
from stadt.hub.intake.remarks import Remark

VERSION = 1
MAX_COLUMNS = 1_000
SAMPLE_ROWS = 20


class FileFormat(StrEnum):
    """Forms of files that are read."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    JSON = "json"
    GEOJSON = "geojson"
    GPKG = "gpkg"
    SHAPEFILE = "shapefile"
    PARQUET = "parquet"

    @property
    def is_text(self) -> bool:
        """Whether all its cells are text, so that lines, headings and types have to be found."""
        return self in {FileFormat.CSV, FileFormat.XLSX, FileFormat.ODS}


class Role(StrEnum):
    """What a column is for, beyond its type."""

    NONE = ""
    AGS = "ags"
    POSTCODE = "postcode"
    DISTRICT = "district"
    LON = "lon"
    LAT = "lat"
    EAST = "east"
    NORTH = "north"
    YEAR = "year"
    DATE = "date"
    ID = "id"


class ReadColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column as it was understood.

    Attributes:
        at: its number in the file, from 0.
        source: heading as found; several rows of headings are joined.
        name, title, type, unit: of the dataset's column (`hub.datasets.declaration.Column`); unit is a UCUM code.
        pattern: how its values are written, such as `1.234,5 €` or `TT.MM.JJJJ`; see `patterns`. Empty: as they are.
        keep: whether it comes into the table.
        certainty: 0 to 1; below 1 `remark` says what is doubtful.
        native: whether the file itself says the type (GeoPackage, Parquet, …), so that nothing is converted from text.
    """

    at: int
    source: str
    name: str
    title: str = ""
    type: ColumnType = ColumnType.TEXT
    unit: str = ""
    pattern: str = ""
    role: Role = Role.NONE
    keep: bool = True
    certainty: float = 1.0
    remark: Remark | None = None
    native: bool = False


class Melt(msgspec.Struct, frozen=True, kw_only=True):
    """Columns that are one column in truth: a row for each of them.

    `columns` names those columns, `labels` (integers such as years) what each stands for; the table gets a column `name`
    with the label and a column `value` with the value.
    """

    columns: tuple[str, ...]
    labels: tuple[int, ...]
    name: str = "jahr"
    value: str = "wert"


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Names of the columns that give a place, east (longitude) first, and their coordinate system."""

    east: str
    north: str
    crs: str = "EPSG:4326"


class SampleRow(msgspec.Struct, frozen=True):
    """A row: its number in the file (from 1), its cells as they stand there, and as they were understood.

    `understood` has a text for each kept column in their order: ISO 8601, decimal point; None is a missing value.
    """

    number: int
    cells: tuple[str, ...]
    understood: tuple[str | None, ...] = ()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be read.

    Attributes:
        format: told by the content, never by the name.
        member, sheet, layer: which part of an archive, a workbook or a geographic file; `choices` are all of them.
        encoding, delimiter, quote, newline: of a text file. `decimal`, `thousands`: what most of its numbers use.
        skipped_rows, header_rows: rows above the headings and rows of headings.
        footer_rows: rows below the table. `totals`: numbers (from 1) of the rows that sum up others.
        keep_totals: whether rows of totals stay.
        total_words: whole cells by which a person knows sums: a row with one of them in a column of text is left out.
        missing_words: what stands where there is no value.
        crs: coordinate system of geometry in the file, `EPSG:25832` or WKT; empty where there is none.
        zone: IANA name of the zone of times without one.
        above, below: the rows above the table with its headings, and those below it; at most ten each.
        row_estimate: rows of the table; exact where the file was small enough to be read whole.
        corrected: what a person decided; kept for the next delivery.
    """

    format: FileFormat
    version: int = VERSION
    filename: str = ""
    member: str = ""
    sheet: str = ""
    layer: str = ""
    choices: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    decimal: str = ""
    thousands: str = ""
    skipped_rows: int = 0
    header_rows: int = 0
    footer_rows: int = 0
    totals: tuple[int, ...] = ()
    keep_totals: bool = False
    total_words: tuple[str, ...] = ()
    missing_words: tuple[str, ...] = ()
    crs: str = ""
    zone: str = "Europe/Berlin"
    years_as_columns: Melt | None = None
    position: Position | None = None
    columns: tuple[ReadColumn, ...] = ()
    sample: tuple[SampleRow, ...] = ()
    above: tuple[SampleRow, ...] = ()
    below: tuple[SampleRow, ...] = ()
    row_estimate: int = 0
    remarks: tuple[Remark, ...] = ()
    corrected: tuple[str, ...] = ()

    @property
    def kept(self) -> tuple[ReadColumn, ...]:
        """The columns that come into the table."""
        return tuple(column for column in self.columns if column.keep)

    def column(self, name: str) -> ReadColumn | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    def to_json(self) -> dict[str, object]:
        """As plain values, for a JSON field."""
        plain: dict[str, object] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> Self:
        """The reading that `to_json` wrote.

        Raises:
            msgspec.ValidationError: when it is of another version or shape.
        """
        reading = msgspec.convert(plain, cls)
        if reading.version != VERSION:
            raise msgspec.ValidationError(f"version {reading.version} of a reading is unknown")
        return reading


class RefusedCell(msgspec.Struct, frozen=True):
    """A cell that does not fit its column: row in the file (from 1), name of the column, its text and why."""

    row: int
    column: str
    text: str
    reason: str = "type"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What the process that wrote the table says about it; `bbox` is west, south, east, north in WGS 84."""

    columns: tuple[ReadColumn, ...]
    row_count: int
    dropped: dict[str, int] = {}
    refused: tuple[RefusedCell, ...] = ()
    refused_count: int = 0
    bbox: tuple[float, float, float, float] | None = None
    remarks: tuple[Remark, ...] = ()


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A finished table.

    Attributes:
        path: a Parquet file with exactly `columns`, geometry as GeoParquet (WKB, WGS 84), times as UTC.
        dropped: how many rows were left out, by reason: `title`, `header`, `footer`, `totals`, `empty`, `malformed`.
        refused: the first hundred cells that do not fit their column and are missing in the table.
        bbox: west, south, east, north in degrees.
        remarks: what a person should know, such as hours that occurred twice.
    """

    path: Path
    columns: tuple[Column, ...]
    row_count: int
    dropped: Mapping[str, int]
    refused: tuple[RefusedCell, ...] = ()
    refused_count: int = 0
    bbox: tuple[float, float, float, float] | None = None
    remarks: tuple[Remark, ...] = ()
