"""Our own rendering of the mandatory rules: the catalogue keeps them, and each of them can fail."""

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF

from stadt.hub.opendata.catalogue import describe_page, get_page
from stadt.hub.opendata.records import records_of
from stadt.hub.opendata.rules import RULES, check
from stadt.hub.opendata.vocabulary import DCAT, DCATAP, DCATDE, SPDX, VCARD, Profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

BREAKS = {
    "catalog-title": (DCAT.Catalog, DCTERMS.title),
    "catalog-description": (DCAT.Catalog, DCTERMS.description),
    "catalog-publisher": (DCAT.Catalog, DCTERMS.publisher),
    "dataset-title": (DCAT.Dataset, DCTERMS.title),
    "dataset-description": (DCAT.Dataset, DCTERMS.description),
    "dataset-publisher": (DCAT.Dataset, DCTERMS.publisher),
    "dataset-contributor": (DCAT.Dataset, DCATDE.contributorID),
    "dataset-contact": (DCAT.Dataset, DCAT.contactPoint),
    "dataset-theme": (DCAT.Dataset, DCAT.theme),
    "dataset-distribution": (DCAT.Dataset, DCAT.distribution),
    "dataset-legislation": (DCAT.Dataset, DCATAP.applicableLegislation),
    "distribution-address": (DCAT.Distribution, DCAT.accessURL),
    "distribution-licence": (DCAT.Distribution, DCTERMS.license),
    "distribution-attribution": (DCAT.Distribution, DCATDE.licenseAttributionByText),
    "service-title": (DCAT.DataService, DCTERMS.title),
    "service-address": (DCAT.DataService, DCAT.endpointURL),
    "service-publisher": (DCAT.DataService, DCTERMS.publisher),
    "agent-name": (FOAF.Agent, FOAF.name),
    "checksum-algorithm": (SPDX.Checksum, SPDX.algorithm),
    "checksum-value": (SPDX.Checksum, SPDX.checksumValue),
}
CONTRIBUTOR = URIRef("http://dcat-ap.de/def/contributors/openNRW")


@pytest.fixture
def graph() -> Graph:
    """The whole catalogue; a city that delivers to nobody yet is given a contributor."""
    page = get_page(1)
    found = describe_page(page, records_of(page.keys), Profile.V3, ".ttl")
    for dataset in list(found.subjects(RDF.type, DCAT.Dataset)):
        found.set((dataset, DCATDE.contributorID, CONTRIBUTOR))
    return found


def test_the_whole_catalogue_keeps_every_rule(graph: Graph) -> None:
    assert len(list(graph.subjects(RDF.type, DCAT.Dataset))) == 2
    assert check(graph) == []


def test_a_missing_property_breaks_its_rule(graph: Graph) -> None:
    for rule, (target, predicate) in BREAKS.items():
        broken = Graph() + graph
        for subject in list(broken.subjects(RDF.type, target)):
            broken.remove((subject, predicate, None))
        assert rule in {item.rule.id for item in check(broken)}


def test_every_rule_is_broken_by_something(graph: Graph) -> None:
    distribution = next(iter(graph.subjects(RDF.type, DCAT.Distribution)))
    graph.set((distribution, DCTERMS["format"], Literal("CSV")))
    for period in list(graph.subjects(RDF.type, DCTERMS.PeriodOfTime)):
        graph.remove((period, DCAT.startDate, None))
        graph.remove((period, DCAT.endDate, None))
    assert {item.rule.id for item in check(graph)} == {"distribution-format", "period-ends"}
    assert {rule.id for rule in RULES} == {*BREAKS, "distribution-format", "period-ends"}


def test_a_finding_names_the_entry_that_mends_it(graph: Graph) -> None:
    dataset = URIRef(next(str(node) for node in graph.subjects(RDF.type, DCAT.Dataset)))
    graph.remove((dataset, DCTERMS.title, None))
    [finding] = check(graph)
    assert (finding.subject, finding.rule.field) == (str(dataset), "title")
    assert finding.rule.sentence == "Der Datensatz braucht einen Titel."


def test_a_contact_without_address_is_none(graph: Graph) -> None:
    for point in set(graph.objects(None, DCAT.contactPoint)):
        graph.remove((point, VCARD.hasEmail, None))
        graph.remove((point, VCARD.hasURL, None))
    assert {item.rule.id for item in check(graph)} == {"dataset-contact"}
