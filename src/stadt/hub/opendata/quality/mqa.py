"""The Metadata Quality Assessment of data.europa.eu: 405 points in five dimensions, reckoned from the record as RDF.

Metrics and weights are those of its published methodology (https://data.europa.eu/mqa/methodology). Of a dataset with
several distributions the methodology takes the best for interoperability; elsewhere we take the share of distributions
that keep a metric, and ask for a file only of those that are no service. Compliance with DCAT-AP is what our own rules
find, without GovData's conventions, which the EU does not ask for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from stadt.hub.opendata.quality.criteria import Dimension
from stadt.hub.opendata.rules import LICENCES, RULES, check
from stadt.hub.opendata.vocabulary import AUTHORITY, DCAT, MEDIA_TYPES

FILE_TYPE = str(AUTHORITY["file-type/"])
ACCESS_RIGHT = str(AUTHORITY["access-right/"])
# Entries of the EU table file-type. Open: the format's description is free for everybody to use and owned by no vendor.
_OPEN = (
    "CSV GEOJSON GML GPKG HTML JSON JSON_LD KML ODS ODT PARQUET RDF_N_TRIPLES RDF_TURTLE"
    " RDF_XML TSV TXT WFS_SRVC WMS_SRVC XML"
)
OPEN_FORMATS = frozenset(_OPEN.split())
MACHINE_READABLE = OPEN_FORMATS - {"HTML", "ODT", "TXT", "WMS_SRVC"} | {"SHP", "XLS", "XLSX"}
# Rules of ours that hold DCAT-AP.de or GovData's conventions and have no counterpart in DCAT-AP.
GERMAN_RULES = frozenset(
    {
        "dataset-contributor",
        "dataset-contact",
        "dataset-publisher",
        "dataset-distribution",
        "distribution-attribution",
        "distribution-licence",
    }
)
DCAT_AP = tuple(rule for rule in RULES if rule.id not in GERMAN_RULES)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the metrics look at: a graph, the dataset in it, and which foreign addresses answered when last asked."""

    graph: Graph
    dataset: Node
    reached: Mapping[str, bool]

    @property
    def distributions(self) -> list[Node]:
        """The dataset's distributions, in a stable order."""
        return sorted(self.graph.objects(self.dataset, DCAT.distribution), key=str)

    @property
    def files(self) -> list[Node]:
        """The distributions that are files and no service, which has none to download."""
        return [node for node in self.distributions if not self.has(node, DCAT.accessService)]

    def has(self, subject: Node, predicate: URIRef) -> bool:
        """Whether anything is said."""
        return (subject, predicate, None) in self.graph

    def is_reachable(self, address: Node) -> bool:
        """Own addresses answer as long as somebody can ask; of foreign ones the last look counts."""
        text = str(address)
        return text.startswith(f"{settings.STADT.url}/") or self.reached.get(text, False)


Share = Callable[[Seen], float]
"""How far a metric is kept, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric; `field` is the entry of the card behind it, empty where the platform itself writes it."""

    name: str
    dimension: Dimension
    most: int
    field: str
    share: Share


def _said(predicate: URIRef) -> Share:
    return lambda seen: float(seen.has(seen.dataset, predicate))


def _share(kept: Iterable[bool]) -> float:
    answers = list(kept)
    return sum(answers) / len(answers) if answers else 0.0


def _every(predicate: URIRef, *, of_files: bool = False) -> Share:
    """Share of the distributions that say something."""
    return lambda seen: _share(
        seen.has(node, predicate) for node in (seen.files if of_files else seen.distributions)
    )


def _answers(predicate: URIRef, *, of_files: bool = False) -> Share:
    """Share of the distributions that have addresses, all of which answer."""

    def share(seen: Seen) -> float:
        nodes = seen.files if of_files else seen.distributions
        found = (list(seen.graph.objects(node, predicate)) for node in nodes)
        return _share(
            bool(addresses) and all(seen.is_reachable(address) for address in addresses)
            for addresses in found
        )

    return share


def _best(worth: Callable[[Seen, Node], float]) -> Share:
    """A metric of the distribution that gains most by interoperability."""

    def share(seen: Seen) -> float:
        node = max(seen.distributions, key=lambda item: interoperability(seen, item), default=None)
        return 0.0 if node is None else worth(seen, node)

    return share


def _format(seen: Seen, node: Node) -> str:
    """The code of the EU table; empty where the format is none of its entries."""
    value = str(seen.graph.value(node, DCTERMS["format"]) or "")
    return value.removeprefix(FILE_TYPE) if value.startswith(FILE_TYPE) else ""


def _has_format(seen: Seen, node: Node) -> float:
    return float(seen.has(node, DCTERMS["format"]))


def _has_media_type(seen: Seen, node: Node) -> float:
    return float(seen.has(node, DCAT.mediaType))


def _from_tables(seen: Seen, node: Node) -> float:
    media_type = str(seen.graph.value(node, DCAT.mediaType) or "")
    return float(bool(_format(seen, node)) and media_type.startswith(str(MEDIA_TYPES)))


def _is_open(seen: Seen, node: Node) -> float:
    return float(_format(seen, node) in OPEN_FORMATS)


def _is_machine_readable(seen: Seen, node: Node) -> float:
    return float(_format(seen, node) in MACHINE_READABLE)


OF_FORMAT = (
    ("format", 20, _has_format),
    ("media-type", 10, _has_media_type),
    ("format-table", 10, _from_tables),
    ("open-format", 20, _is_open),
    ("machine-readable", 20, _is_machine_readable),
)


def interoperability(seen: Seen, node: Node) -> float:
    """The points a distribution gains by its format."""
    return sum(most * worth(seen, node) for _, most, worth in OF_FORMAT)


def _conforms(seen: Seen) -> float:
    """Findings about the dataset and its distributions; those about the catalogue are nobody's card."""
    own = {str(seen.dataset), *map(str, seen.distributions)}
    return float(not any(item.subject in own for item in check(seen.graph, DCAT_AP)))


def _from_licences(seen: Seen) -> float:
    return _share(
        str(seen.graph.value(node, DCTERMS.license) or "").startswith(LICENCES) for node in seen.distributions
    )


def _from_access_rights(seen: Seen) -> float:
    return float(str(seen.graph.value(seen.dataset, DCTERMS.accessRights) or "").startswith(ACCESS_RIGHT))


_FIND, _ACCESS, _USE = Dimension.FINDABILITY, Dimension.ACCESSIBILITY, Dimension.REUSABILITY
_FORMAT, _CONTEXT = Dimension.INTEROPERABILITY, Dimension.CONTEXTUALITY

METRICS = (
    Metric("keyword", _FIND, 30, "keywords", _said(DCAT.keyword)),
    Metric("theme", _FIND, 30, "theme", _said(DCAT.theme)),
    Metric("spatial", _FIND, 20, "spatial", _said(DCTERMS.spatial)),
    Metric("temporal", _FIND, 20, "temporal_start", _said(DCTERMS.temporal)),
    Metric("access-address", _ACCESS, 50, "link_url", _answers(DCAT.accessURL)),
    Metric("download", _ACCESS, 20, "", _every(DCAT.downloadURL, of_files=True)),
    Metric("download-address", _ACCESS, 30, "link_url", _answers(DCAT.downloadURL, of_files=True)),
    *(Metric(name, _FORMAT, most, "link_format", _best(worth)) for name, most, worth in OF_FORMAT),
    Metric("dcat-ap", _FORMAT, 30, "", _conforms),
    Metric("licence", _USE, 20, "licence", _every(DCTERMS.license)),
    Metric("licence-table", _USE, 10, "licence", _from_licences),
    Metric("access-right", _USE, 10, "access", _said(DCTERMS.accessRights)),
    Metric("access-right-table", _USE, 5, "access", _from_access_rights),
    Metric("contact", _USE, 20, "contact", _said(DCAT.contactPoint)),
    Metric("publisher", _USE, 10, "publisher", _said(DCTERMS.publisher)),
    Metric("rights", _CONTEXT, 5, "", _every(DCTERMS.rights)),
    Metric("size", _CONTEXT, 5, "", _every(DCAT.byteSize, of_files=True)),
    Metric("issued", _CONTEXT, 5, "", _said(DCTERMS.issued)),
    Metric("modified", _CONTEXT, 5, "", _said(DCTERMS.modified)),
)
