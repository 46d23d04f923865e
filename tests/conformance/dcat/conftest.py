"""The shapes of DCAT-AP.de 3.0 and the vocabularies they look into, from the folder of larger data."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS

from finding import ROOT
from stadt.hub.opendata.vocabulary import SPDX

DATA = ROOT.parent / "shared" / "data" / "dcat"
SHAPES = (
    "eu-dcat-ap-3.0.0",
    "dcat-ap-SHACL-DE",
    "dcat-ap-de-deprecated",
    "dcat-ap-spec-german-additions",
    "dcat-ap-de-controlledvocabularies",
)
# Tables of which no file lies there, or only an older state: an entry counts as one when it is on this list of those
# we use. The list was not compared with the tables: it finds a misspelt entry, and no entry that a table gave up.
SCHEMES = {
    "http://publications.europa.eu/resource/authority/access-right": ("PUBLIC", "RESTRICTED", "NON_PUBLIC"),
    "http://publications.europa.eu/resource/authority/distribution-status": ("COMPLETED", "WITHDRAWN"),
    "http://publications.europa.eu/resource/authority/file-type": ("GPKG", "PARQUET"),
    "http://publications.europa.eu/resource/authority/frequency": (
        "UPDATE_CONT",
        "HOURLY",
        "BIHOURLY",
        "TRIHOURLY",
        "DAILY_2",
        "DAILY",
        "WEEKLY",
        "BIWEEKLY",
        "MONTHLY",
        "QUARTERLY",
        "ANNUAL",
        "IRREG",
        "OTHER",
    ),
    "http://publications.europa.eu/resource/authority/language": ("DEU",),
    "http://publications.europa.eu/resource/authority/planned-availability": ("AVAILABLE",),
    "http://dcat-ap.de/def/politicalGeocoding/Level": ("municipality", "administrativeDistrict", "state"),
}
PUBLISHER_TYPES = URIRef("http://purl.org/adms/publishertype/1.0")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder; tests skip where it is absent."""
    folder = next((path for path in places() if path.is_dir()), None)
    if folder is None:
        pytest.skip("the shapes of DCAT-AP.de are not in ../shared/data/dcat")
    return folder


def places() -> Iterator[Path]:
    """Beside this tree; a second work tree of the same repository lies one folder deeper."""
    yield DATA
    yield ROOT.parent.parent / "shared" / "data" / "dcat"


@pytest.fixture(scope="session")
def shapes(data: Path) -> Graph:
    graph = Graph()
    for name in SHAPES:
        graph.parse(data / "shapes" / f"{name}.ttl")
    return graph


@pytest.fixture(scope="session")
def vocabularies(data: Path) -> Graph:
    """What a catalogue's graph is merged with: the shapes ask of an entry in which table it stands."""
    graph = Graph()
    for path in sorted((data / "vocabularies").iterdir()):
        graph.parse(path)
    for scheme, codes in SCHEMES.items():
        for code in codes:
            graph.add((URIRef(f"{scheme}/{code}"), SKOS.inScheme, URIRef(scheme)))
    graph.add((URIRef("http://purl.org/adms/publishertype/LocalAuthority"), SKOS.inScheme, PUBLISHER_TYPES))
    graph.add((SPDX.checksumAlgorithm_sha256, RDF.type, SPDX.ChecksumAlgorithm))
    return graph
