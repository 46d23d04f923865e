"""The names DCAT-AP.de uses: namespaces, and entries of the tables it binds."""

from datetime import timedelta
from enum import Enum

from rdflib import Graph, Namespace
from rdflib.namespace import DCTERMS, FOAF, RDFS, SKOS, XSD

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own knows no edition after the second
DCATAP = Namespace("http://data.europa.eu/r5r/")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
GEODCATAP = Namespace("http://data.europa.eu/930/")
GEOSPARQL = Namespace("http://www.opengis.net/ont/geosparql#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

AUTHORITY = Namespace("http://publications.europa.eu/resource/authority/")
MEDIA_TYPES = Namespace("https://www.iana.org/assignments/media-types/")
GEOCODING_LEVEL = Namespace("http://dcat-ap.de/def/politicalGeocoding/Level/")
HIGH_VALUE_LAW = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
SAMPLES = "https://musterdatenkatalog.de/def/musterdatensatz/"
LOCAL_AUTHORITY = "http://purl.org/adms/publishertype/LocalAuthority"
SENSORTHINGS = "http://www.opengis.net/spec/iot_sensing/1.1"

PREFIXES = {
    "adms": ADMS,
    "dcat": DCAT,
    "dcatap": DCATAP,
    "dcatde": DCATDE,
    "dct": DCTERMS,
    "eli": ELI,
    "foaf": FOAF,
    "geodcatap": GEODCATAP,
    "geosparql": GEOSPARQL,
    "hydra": HYDRA,
    "rdfs": RDFS,
    "skos": SKOS,
    "spdx": SPDX,
    "vcard": VCARD,
    "xsd": XSD,
}

# Entries of the EU table file-type for the forms of download; FlatGeobuf has none.
FILE_TYPES = {
    "csv": "CSV",
    "csv-en": "CSV",
    "xlsx": "XLSX",
    "json": "JSON",
    "geojson": "GEOJSON",
    "gpkg": "GPKG",
    "parquet": "PARQUET",
}

# What people call the format of a linked file, folded → entry of file-type and media type; others have none. Services are
# no files: they get no address to download.
LINKED_TYPES = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "xls": ("XLS", "application/vnd.ms-excel"),
    "ods": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
    "json": ("JSON", "application/json"),
    "geojson": ("GEOJSON", "application/geo+json"),
    "xml": ("XML", "application/xml"),
    "gml": ("GML", "application/gml+xml"),
    "pdf": ("PDF", "application/pdf"),
    "html": ("HTML", "text/html"),
    "zip": ("ZIP", "application/zip"),
    "gpkg": ("GPKG", "application/geopackage+sqlite3"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "shp": ("SHP", "application/vnd.shp"),
    "shapefile": ("SHP", "application/vnd.shp"),
}

# Entries of the EU table frequency, from the shortest interval on.
_FREQUENCIES = (
    (timedelta(hours=1), "HOURLY"),
    (timedelta(hours=2), "BIHOURLY"),
    (timedelta(hours=3), "TRIHOURLY"),
    (timedelta(hours=12), "DAILY_2"),
    (timedelta(days=1), "DAILY"),
    (timedelta(days=7), "WEEKLY"),
    (timedelta(days=14), "BIWEEKLY"),
    (timedelta(days=365), "ANNUAL"),
)


class Profile(Enum):
    """Editions of DCAT-AP.de; the value is the IRI that requests and answers name it by."""

    V3 = "http://dcat-ap.de/def/dcatde/3.0/"
    V2 = "http://dcat-ap.de/def/dcatde/2.0/"

    @property
    def word(self) -> str:
        """What stands in an address: `?profile=dcatap.de-2.0`."""
        return {"V3": "dcatap.de-3.0", "V2": "dcatap.de-2.0"}[self.name]


def frequency_of(interval: timedelta) -> str:
    """IRI of the EU table frequency for how often a dataset is renewed; below an hour it is renewed continuously."""
    if interval < timedelta(hours=1):
        return str(AUTHORITY["frequency/UPDATE_CONT"])
    code = next((code for length, code in _FREQUENCIES if length == interval), "OTHER")
    return str(AUTHORITY[f"frequency/{code}"])


def empty_graph() -> Graph:
    """A graph that knows the prefixes and no others."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph
