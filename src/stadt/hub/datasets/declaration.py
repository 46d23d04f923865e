"""How an app declares a dataset: key, words, typed columns, and where its rows come from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

Row = Mapping[str, Any] | Sequence[Any]
"""One row: a mapping by column name, or the values in the order of the columns. None is a missing value."""


class ColumnType(StrEnum):
    """What a column holds.

    TIME: aware date-times (kept in UTC). GEOMETRY: WGS 84, longitude before latitude, as a Shapely geometry, WKB
    bytes, a GeoJSON geometry (mapping) or a pair (lon, lat); at most one such column in a dataset.
    """

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    GEOMETRY = "geometry"


Text = ColumnType.TEXT
Number = ColumnType.NUMBER
Integer = ColumnType.INTEGER
Boolean = ColumnType.BOOLEAN
Date = ColumnType.DATE
Time = ColumnType.TIME
Geometry = ColumnType.GEOMETRY


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `name` is its permanent name in files (`a-z0-9_`), `title` and `description` German message ids,
    `unit` a UCUM code (`ug/m3`, `Cel`, `%`) or empty."""

    name: str
    type: ColumnType
    title: str = ""
    unit: str = ""
    description: str = ""

    @property
    def heading(self) -> str:
        """Title for people; the name where there is none."""
        return self.title or self.name


class Access(Enum):
    """Who may have the data; the value is the EU authority table's entry."""

    PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
    RESTRICTED = "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"
    NON_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC"


@dataclass(frozen=True, slots=True)
class LicenceText:
    """A licence: IRI in GovData's list, name, address of its text, and whether the source must be named."""

    uri: str
    title: str
    url: str
    needs_attribution: bool


class Licence(Enum):
    """Licences of GovData's list (dcat-ap.de/def/licenses) that the platform publishes under."""

    DL_DE_BY_2 = LicenceText(
        "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "https://www.govdata.de/dl-de/by-2-0",
        needs_attribution=True,
    )
    DL_DE_ZERO_2 = LicenceText(
        "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
        "Datenlizenz Deutschland – Zero – Version 2.0",
        "https://www.govdata.de/dl-de/zero-2-0",
        needs_attribution=False,
    )
    CC_BY_4 = LicenceText(
        "http://dcat-ap.de/def/licenses/cc-by/4.0",
        "Creative Commons Namensnennung 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
        needs_attribution=True,
    )
    CC_ZERO = LicenceText(
        "http://dcat-ap.de/def/licenses/cc-zero",
        "Creative Commons CC Zero",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        needs_attribution=False,
    )
    ODBL = LicenceText(
        "http://dcat-ap.de/def/licenses/odbl",
        "Open Data Commons Open Database License",
        "https://opendatacommons.org/licenses/odbl/",
        needs_attribution=True,
    )


_THEME = "http://publications.europa.eu/resource/authority/data-theme/"


class Theme(Enum):
    """The thirteen themes of the EU authority table data-theme; the value is the entry's IRI."""

    AGRI = _THEME + "AGRI"
    ECON = _THEME + "ECON"
    EDUC = _THEME + "EDUC"
    ENER = _THEME + "ENER"
    ENVI = _THEME + "ENVI"
    GOVE = _THEME + "GOVE"
    HEAL = _THEME + "HEAL"
    INTR = _THEME + "INTR"
    JUST = _THEME + "JUST"
    REGI = _THEME + "REGI"
    SOCI = _THEME + "SOCI"
    TECH = _THEME + "TECH"
    TRAN = _THEME + "TRAN"


class HighValue(Enum):
    """Categories of high-value datasets (Implementing Regulation (EU) 2023/138, annex); the value is the entry's IRI."""

    GEOSPATIAL = "http://data.europa.eu/bna/c_ac64a52d"
    EARTH_AND_ENVIRONMENT = "http://data.europa.eu/bna/c_dd313021"
    METEOROLOGICAL = "http://data.europa.eu/bna/c_164e0bf5"
    STATISTICS = "http://data.europa.eu/bna/c_e1da4e07"
    COMPANIES = "http://data.europa.eu/bna/c_a9135398"
    MOBILITY = "http://data.europa.eu/bna/c_b79e35eb"


class Parts(StrEnum):
    """How a snapshot is cut into files.

    WHOLE: one part. BY_DAY: a part for each day of the running month and one for each closed month (UTC, as
    observations are counted), for growing tables; only parts whose mark changed are written again.
    """

    WHOLE = "whole"
    BY_DAY = "by-day"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time from `start` to before `end` (aware)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """Where a dataset lies that has no rows here; `format` as people call it (`CSV`), or empty."""

    url: str
    format: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What only datasets have that people keep.

    Attributes:
        organisation_id: the organisation that owns it.
        frequency: code of the EU table frequency (`ANNUAL`), or empty.
        temporal_start, temporal_end: the days it is about, both included; None where it is open.
        spatial: a municipality key (AGS) or the slug of a place, or empty.
        link: where it lies, for one that is only linked.
        is_simulated: all its rows are.
        approved_at: when its card was approved last.
    """

    organisation_id: int
    frequency: str = ""
    temporal_start: date | None = None
    temporal_end: date | None = None
    spatial: str = ""
    link: Link | None = None
    is_simulated: bool = False
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table the city publishes. One declaration gives record, downloads, row API, pages and access counts.

    Attributes:
        key: permanent, `area.noun`.
        title, description: German message ids.
        rows: the rows. WHOLE: called without arguments. BY_DAY: called with a `Span`, gives the rows of that stretch.
        columns: all columns, in the order of the files. Rows with other keys are refused.
        refresh: how often a new snapshot is made when something changed.
        marks: BY_DAY only: for each day (UTC) that has rows, a word that changes whenever its rows do, such as
            `f"{count}:{largest id}"`; `observed.days_of` makes it for datastreams.
        simulated: name of the Boolean column that says of a row that it is simulated; empty: no row ever is.
        order: name of the column that previews and files are sorted by where there is no geometry.
        publisher: who publishes it; empty: the city's organisation (city.toml).
        contact: e-mail address for questions; empty: the city's.
        keywords: German message ids.
        layer: key of the map layer that shows what it is about live, if any.
        high_value: its category where the law makes it a high-value dataset.
        sample: its entry in the Musterdatenkatalog, the part of the IRI behind `/musterdatensatz/`, such as
            `abfallwirtschaft/container`; empty where no entry fits.
        kept: what people who keep the dataset said beyond that; None for one that an app declares.
    """

    key: str
    title: str
    description: str
    rows: Callable[..., Iterable[Row]]
    columns: tuple[Column, ...]
    access: Access = Access.PUBLIC
    licence: Licence = Licence.DL_DE_BY_2
    theme: Theme = Theme.GOVE
    refresh: timedelta = timedelta(hours=1)
    parts: Parts = Parts.WHOLE
    marks: Callable[[], Mapping[date, str]] | None = None
    simulated: str = ""
    order: str = ""
    publisher: str = ""
    contact: str = ""
    keywords: tuple[str, ...] = ()
    layer: str = ""
    high_value: HighValue | None = None
    sample: str = ""
    kept: Kept | None = None

    @property
    def geometry(self) -> Column | None:
        """The geometry column, if there is one."""
        return next((column for column in self.columns if column.type is ColumnType.GEOMETRY), None)

    @property
    def is_public(self) -> bool:
        """Whether everybody may have the files."""
        return self.access is Access.PUBLIC

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)
