"""What GovData's quality dashboard counts of each dataset, from the record as RDF.

The six counts are those of the configuration of its SHACL validator (profiles `dashboard_live` and `dashboard_alpha` of
GovDataOfficial/DCAT-AP.de-SHACL-Validation).
"""

from collections.abc import Callable
from dataclasses import dataclass

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF
from rdflib.term import Node

from stadt.hub.opendata.quality.mqa import Seen
from stadt.hub.opendata.rules import LICENCES
from stadt.hub.opendata.vocabulary import DCAT, DCATDE

CONTRIBUTORS = "http://dcat-ap.de/def/contributors/"
# Entries of dcat-ap.de/def/licenses that forbid nothing but hiding the source or closing the result (opendefinition.org).
OPEN_LICENCES = (
    "dl-zero-de/",
    "dl-by-de/",
    "cc-zero",
    "cc-by/",
    "cc-by-de/",
    "cc-by-sa/",
    "cc-by-sa-de/",
    "ccpdm/",
    "odbl",
    "odby",
    "odcpddl",
    "geoNutz/",
    "geonutz/",
    "officialWork",
)


@dataclass(frozen=True, slots=True)
class Count:
    """A count of the dashboard; `field` is the entry of the card behind it."""

    name: str
    field: str
    holds: Callable[[Seen], bool]


def _licences(seen: Seen) -> list[list[Node]]:
    return [list(seen.graph.objects(node, DCTERMS.license)) for node in seen.distributions]


def _has_keyword(seen: Seen) -> bool:
    words = seen.graph.objects(seen.dataset, DCAT.keyword)
    return any(isinstance(word, Literal) and str(word).strip() for word in words)


def _has_contributor(seen: Seen) -> bool:
    found = list(seen.graph.objects(seen.dataset, DCATDE.contributorID))
    return len(found) == 1 and isinstance(found[0], URIRef) and str(found[0]).startswith(CONTRIBUTORS)


def _has_one_publisher(seen: Seen) -> bool:
    agents = list(seen.graph.objects(seen.dataset, DCTERMS.publisher))
    return len(agents) == 1 and any(
        str(name).strip() for agent in agents for name in seen.graph.objects(agent, FOAF.name)
    )


def _has_one_licence(seen: Seen) -> bool:
    found = _licences(seen)
    return bool(found) and all(len(licences) == 1 for licences in found)


def _is_listed(seen: Seen) -> bool:
    found = _licences(seen)
    return bool(found) and all(
        licences and all(str(item).startswith(LICENCES) for item in licences) for licences in found
    )


def _is_open(seen: Seen) -> bool:
    return _is_listed(seen) and all(
        str(item).removeprefix(LICENCES).startswith(OPEN_LICENCES)
        for licences in _licences(seen)
        for item in licences
    )


COUNTS = (
    Count("keyword", "keywords", _has_keyword),
    Count("contributor", "", _has_contributor),
    Count("publisher", "publisher", _has_one_publisher),
    Count("licence", "licence", _has_one_licence),
    Count("licence-listed", "licence", _is_listed),
    Count("licence-open", "licence", _is_open),
)
