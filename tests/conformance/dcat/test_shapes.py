"""http://dcat-ap.de/def/dcatde/3.0/: the catalogue keeps GovData's and the EU's shapes, without even a warning."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pyshacl import validate
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDF

from stadt.core.registry import registry
from stadt.hub.datasets.queries import list_declared
from stadt.hub.opendata.tests.conftest import CONTAINERS, READINGS, declare, note_snapshot, redeclare
from stadt.hub.opendata.vocabulary import ADMS, DCAT, DCATAP, DCATDE

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(client: Client, data: Path) -> Graph:
    """Every dataset that any app of the house declares, and two made-up ones that use every entry there is."""
    declare(CONTAINERS, READINGS)
    for dataset in list_declared():
        note_snapshot(dataset)
    redeclare(CONTAINERS, READINGS)
    answer = client.get("/catalog.ttl")
    registry.apps.pop("probe", None)
    return Graph().parse(data=answer.content, format="turtle")


def told(text: str) -> set[str]:
    """The messages of a report."""
    return set(re.findall(r"Message: (.*)", text))


def report(graph: Graph, shapes: Graph, vocabularies: Graph, *, strict: bool = True) -> tuple[bool, str]:
    conforms, _, text = validate(
        graph + vocabularies,
        shacl_graph=shapes,
        advanced=True,
        inference="none",
        do_owl_imports=False,
        allow_warnings=not strict,
        allow_infos=not strict,
    )
    return bool(conforms), str(text)


def test_the_whole_catalogue_conforms_without_a_warning(
    catalogue: Graph, shapes: Graph, vocabularies: Graph
) -> None:
    assert len(list(catalogue.subjects(RDF.type, DCAT.Dataset))) == len(list_declared()) + 2
    conforms, text = report(catalogue, shapes, vocabularies)
    assert conforms, text


def test_the_shapes_find_what_is_missing(catalogue: Graph, shapes: Graph, vocabularies: Graph) -> None:
    dataset = next(iter(catalogue.subjects(RDF.type, DCAT.Dataset)))
    distribution = next(iter(catalogue.objects(dataset, DCAT.distribution)))
    catalogue.remove((dataset, DCTERMS.title, None))
    catalogue.remove((distribution, DCTERMS.license, None))
    conforms, text = report(catalogue, shapes, vocabularies, strict=False)
    assert not conforms
    assert any("MUSS eine dcterms:license haben" in message for message in told(text))
    assert "http://purl.org/dc/terms/title" in text or "dcterms:title" in text


def test_an_entry_that_stands_in_no_table_is_found(
    catalogue: Graph, shapes: Graph, vocabularies: Graph
) -> None:
    dataset = next(iter(catalogue.subjects(RDF.type, DCAT.Dataset)))
    theme = URIRef("http://publications.europa.eu/resource/authority/data-theme/ENVIRONMENT")
    catalogue.set((dataset, DCAT.theme, theme))
    conforms, text = report(catalogue, shapes, vocabularies, strict=False)
    assert not conforms
    assert any("kv-data-theme" in message for message in told(text))


def test_the_contributor_is_on_the_list(catalogue: Graph, vocabularies: Graph) -> None:
    """Convention K12. A city that delivers to nobody yet has none."""
    known = URIRef("http://dcat-ap.de/def/contributors")
    for contributor in set(catalogue.objects(None, DCATDE.contributorID)):
        assert (contributor, None, known) in vocabularies


def test_licences_are_on_the_list(catalogue: Graph, vocabularies: Graph) -> None:
    licences = set(catalogue.objects(None, DCTERMS.license))
    assert licences
    for licence in licences:
        assert (licence, None, URIRef("http://dcat-ap.de/def/licenses")) in vocabularies


def test_nothing_deprecated_is_used(catalogue: Graph) -> None:
    for predicate in (DCATDE.politicalGeocodingURI, DCATDE.maintainer, DCATDE.originator, DCATDE.legalBasis):
        assert (None, predicate, None) not in catalogue
    assert (None, DCATAP.availability, None) in catalogue
    assert (None, ADMS.status, None) in catalogue
