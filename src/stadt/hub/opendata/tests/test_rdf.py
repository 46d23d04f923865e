"""`/catalog` and `/dataset/<key>`: forms, editions, paging, what is told of a dataset, and what is left of one."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, RDF, XSD

from stadt.core.people.models import AuditEntry
from stadt.hub.datasets.downloads import prepare
from stadt.hub.datasets.formats import formats_of
from stadt.hub.datasets.snapshots import get_snapshot
from stadt.hub.opendata import catalogue
from stadt.hub.opendata.models import Listing
from stadt.hub.opendata.rendering import FORMS
from stadt.hub.opendata.services import remember_listings
from stadt.hub.opendata.tests.conftest import CONTAINERS, READINGS, SECRET, note_snapshot, redeclare
from stadt.hub.opendata.vocabulary import (
    ADMS,
    DCAT,
    DCATAP,
    DCATDE,
    GEODCATAP,
    HIGH_VALUE_LAW,
    HYDRA,
    SPDX,
    Profile,
)

pytestmark = pytest.mark.django_db

Read = Callable[..., Graph]
PARSERS = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}


@pytest.fixture(autouse=True)
def snapshots(request: pytest.FixtureRequest) -> None:
    """Rows are enough, but for the test that looks at a file."""
    is_real = "published_files" in request.fixturenames
    request.getfixturevalue("published_files" if is_real else "published")


@pytest.fixture
def read(client: Client) -> Read:
    def get(address: str, suffix: str = ".ttl", **query: str) -> Graph:
        answer = client.get(address + suffix, query)
        assert answer.status_code == 200, answer.content
        return Graph().parse(data=answer.content, format=PARSERS[suffix])

    return get


def iri(key: str) -> URIRef:
    return URIRef(f"{settings.STADT.url}/dataset/{key}")


def values(graph: Graph, subject: URIRef, predicate: URIRef) -> set[str]:
    return {str(value) for value in graph.objects(subject, predicate)}


# rdflib 7 reads JSON-LD through a class that it deprecates itself
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_three_forms_say_the_same(read: Read) -> None:
    paths = ("/dataset/probe.containers", "/dataset/probe.readings")
    for path in paths:
        first, *others = (read(path, form.suffix) for form in FORMS)
        assert len(first) > 50
        assert all(isomorphic(first, other) for other in others)


def test_only_public_published_datasets_are_listed(read: Read, client: Client) -> None:
    graph = read("/catalog")
    assert set(graph.subjects(RDF.type, DCAT.Dataset)) == {iri(CONTAINERS.key), iri(READINGS.key)}
    assert client.get(f"/dataset/{SECRET.key}.ttl").status_code == 404
    assert b"Geheimes" not in client.get("/catalog.rdf").content


def test_a_dataset_that_is_not_published_yet_is_not_there(client: Client) -> None:
    redeclare(CONTAINERS, replace(READINGS, key="probe.coming"))
    assert client.get("/dataset/probe.coming.ttl").status_code == 404
    assert b"probe.coming" not in client.get("/catalog.ttl").content


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json;q=0.9, text/html;q=0.1", "application/ld+json"),
        ("*/*", "application/rdf+xml"),
    ],
)
def test_an_address_without_ending_gives_what_the_client_accepts(
    client: Client, accept: str, media_type: str
) -> None:
    for address in ("/catalog", "/dataset/probe.containers"):
        answer = client.get(address, headers={"Accept": accept})
        assert answer.headers["Content-Type"] == media_type
        assert "Accept" in answer.headers["Vary"]


def test_people_are_led_to_the_page(client: Client) -> None:
    answer = client.get("/dataset/probe.containers", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/daten/probe.containers/")
    assert client.get("/catalog", headers={"Accept": "text/html"}).headers["Location"] == "/daten/"


def test_a_form_that_is_not_offered_is_refused(client: Client) -> None:
    answer = client.get("/catalog", headers={"Accept": "image/png"})
    assert answer.status_code == 406


def test_licence_attribution_and_address_stand_at_every_distribution(read: Read) -> None:
    graph = read("/dataset/probe.containers")
    distributions = list(graph.objects(iri(CONTAINERS.key), DCAT.distribution))
    assert len(distributions) == 9  # eight forms and the row API
    for node in distributions:
        assert values(graph, node, DCTERMS.license) == {"http://dcat-ap.de/def/licenses/dl-by-de/2.0"}  # type: ignore[arg-type]
        [text] = values(graph, node, DCATDE.licenseAttributionByText)  # type: ignore[arg-type]
        assert text.startswith("Abfallwirtschaft der Probe: Behälter der Probe, Datenlizenz Deutschland")
    zero = read("/dataset/probe.readings")
    assert not list(zero.objects(None, DCATDE.licenseAttributionByText))


@pytest.mark.usefixtures("published_files")
def test_size_and_checksum_are_those_of_the_file_that_is_sent(read: Read) -> None:
    graph = read("/dataset/probe.containers")
    node = URIRef(f"{iri(CONTAINERS.key)}#parquet")
    form = next(form for form in formats_of(CONTAINERS) if form.key == "parquet")
    content = prepare(CONTAINERS, get_snapshot(CONTAINERS.key), form).read_bytes()
    assert graph.value(node, DCAT.byteSize) == Literal(str(len(content)), datatype=XSD.nonNegativeInteger)
    checksum = graph.value(node, SPDX.checksum)
    assert str(graph.value(checksum, SPDX.checksumValue)).lower() == hashlib.sha256(content).hexdigest()
    assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    assert graph.value(URIRef(f"{iri(CONTAINERS.key)}#csv"), DCAT.byteSize) is None  # nobody asked for it yet


def test_simulated_rows_are_told_where_harvesters_keep_it(read: Read) -> None:
    graph = read("/dataset/probe.containers")
    assert "1 von 3 Zeilen sind simuliert" in str(graph.value(iri(CONTAINERS.key), DCTERMS.description))
    assert (
        str(read("/dataset/probe.readings").value(iri(READINGS.key), DCTERMS.description)) == READINGS.title
    )


def test_extent_and_period_are_those_of_the_rows(read: Read) -> None:
    graph = read("/dataset/probe.containers")
    box = str(graph.value(URIRef(f"{iri(CONTAINERS.key)}#extent"), DCAT.bbox))
    assert box.startswith("POLYGON((7.000000 51.500000, 7.100000 51.500000, 7.100000 51.550000")
    period = URIRef(f"{iri(READINGS.key)}#period")
    series = read("/dataset/probe.readings")
    assert str(series.value(period, DCAT.startDate)).startswith("2026-11-20T10:00:00")
    assert str(series.value(period, DCAT.endDate)).startswith("2026-11-20T15:00:00")


def test_high_value_and_sample_are_told(read: Read) -> None:
    graph = read("/catalog")
    law = URIRef(HIGH_VALUE_LAW)
    assert values(graph, iri(READINGS.key), DCATAP.hvdCategory) == {"http://data.europa.eu/bna/c_dd313021"}
    assert (iri(READINGS.key), DCATAP.applicableLegislation, law) in graph
    assert values(graph, iri(CONTAINERS.key), DCTERMS.references) == {
        "https://musterdatenkatalog.de/def/musterdatensatz/abfallwirtschaft/container"
    }
    assert not values(graph, iri(CONTAINERS.key), DCATAP.hvdCategory)


def test_the_services_are_in_the_catalogue(read: Read) -> None:
    graph = read("/catalog")
    addresses = {
        str(graph.value(node, DCAT.endpointURL)) for node in graph.subjects(RDF.type, DCAT.DataService)
    }
    assert addresses == {f"{settings.STADT.url}/sta/v1.1", f"{settings.STADT.url}/api/v1/datasets"}
    rows = URIRef(f"{settings.STADT.url}/catalog#rows")
    assert values(graph, rows, DCAT.servesDataset) == {str(iri(CONTAINERS.key)), str(iri(READINGS.key))}


def test_the_old_edition_says_what_the_new_one_calls_deprecated(read: Read, client: Client) -> None:
    old = read("/dataset/probe.containers", profile="dcatap.de-2.0")
    new = read("/dataset/probe.containers")
    node = iri(CONTAINERS.key)
    assert "/municipalityKey/" in str(old.value(node, DCATDE.politicalGeocodingURI))
    assert old.value(node, DCATDE.maintainer)
    assert not old.value(node, GEODCATAP.custodian)
    assert new.value(node, GEODCATAP.custodian)
    assert not new.value(node, DCATDE.maintainer)
    assert not new.value(node, DCATDE.politicalGeocodingURI)
    by_header = client.get("/catalog.ttl", headers={"Accept-Profile": f"<{Profile.V2.value}>"})
    assert by_header.headers["Content-Profile"] == f"<{Profile.V2.value}>"
    assert b"politicalGeocodingURI" in by_header.content


@pytest.mark.parametrize(
    ("name", "value"),
    [("profile", "dcat-us"), ("page", "0"), ("page", "x"), ("page", "٣"), ("modified_since", "gestern")],
)
def test_a_parameter_that_cannot_be_read_is_refused_by_name(client: Client, name: str, value: str) -> None:
    answer = client.get("/catalog.ttl", {name: value}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == name


def test_pages_lead_through_the_whole_catalogue_once(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [replace(CONTAINERS, key=f"probe.many_{number}") for number in range(3)]
    for dataset in many:
        note_snapshot(dataset)
    redeclare(CONTAINERS, READINGS, SECRET, *many)
    monkeypatch.setattr(catalogue, "PAGE_SIZE", 2)
    seen: list[URIRef] = []
    number = 1
    while True:
        graph = read("/catalog", page=str(number))
        seen += [node for node in graph.subjects(RDF.type, DCAT.Dataset) if isinstance(node, URIRef)]
        [page] = graph.subjects(RDF.type, HYDRA.PagedCollection)
        assert graph.value(page, HYDRA.totalItems) == Literal(5)
        assert graph.value(page, HYDRA.nextPage) == graph.value(page, HYDRA.next)
        following = graph.value(page, HYDRA.nextPage)
        if following is None:
            break
        number += 1
        assert str(following) == f"{settings.STADT.url}/catalog.ttl?page={number}"
    assert number == 3
    assert len(seen) == 5
    assert len(set(seen)) == 5


def test_a_page_beyond_the_last_is_not_found(client: Client) -> None:
    assert client.get("/catalog.ttl", {"page": "2"}).status_code == 404


def test_only_what_changed_since_can_be_asked(read: Read) -> None:
    assert len(list(read("/catalog", modified_since="2026-01-01").subjects(RDF.type, DCAT.Dataset))) == 2
    assert not list(read("/catalog", modified_since="2999-01-01T00:00:00Z").subjects(RDF.type, DCAT.Dataset))


def test_what_did_not_change_is_not_sent_again(client: Client) -> None:
    first = client.get("/catalog.ttl")
    again = client.get("/catalog.ttl", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    dated = client.get("/catalog.ttl", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert dated.status_code == 304
    redeclare(CONTAINERS, replace(READINGS, title="Feinstaub, anders genannt"), SECRET)
    changed = client.get("/catalog.ttl", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "anders genannt" in changed.content.decode()


def test_the_language_of_the_visitor_changes_nothing(client: Client) -> None:
    german = client.get("/catalog.ttl", headers={"Accept-Language": "de"})
    english = client.get("/catalog.ttl", headers={"Accept-Language": "en"})
    assert german.content == english.content
    assert german.headers["ETag"] == english.headers["ETag"]


def test_a_withdrawn_dataset_leaves_a_tombstone(client: Client) -> None:
    remember_listings()
    redeclare(CONTAINERS, SECRET)
    answer = client.get("/dataset/probe.readings.ttl")
    assert answer.status_code == 410
    graph = Graph().parse(data=answer.content, format="turtle")
    assert str(graph.value(iri(READINGS.key), DCTERMS.title)) == READINGS.title
    assert str(graph.value(iri(READINGS.key), ADMS.status)).endswith("/WITHDRAWN")
    remember_listings()
    assert Listing.objects.get(dataset=READINGS.key).withdrawn_at is not None
    assert AuditEntry.objects.filter(verb="withdraw_dataset", subject="dataset:probe.readings").count() == 1
    page = client.get("/dataset/probe.readings", headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert "zurückgezogen" in page.content.decode()


def test_a_dataset_that_came_back_is_listed_again(client: Client) -> None:
    remember_listings()
    redeclare(CONTAINERS, SECRET)
    remember_listings()
    redeclare(CONTAINERS, READINGS, SECRET)
    remember_listings()
    assert client.get("/dataset/probe.readings.ttl").status_code == 200
    assert Listing.objects.get(dataset=READINGS.key).withdrawn_at is None


def test_one_that_became_internal_is_withdrawn_and_says_nothing_more(client: Client) -> None:
    remember_listings()
    redeclare(CONTAINERS, replace(READINGS, title="Neuer geheimer Titel", access=SECRET.access), SECRET)
    remember_listings()
    answer = client.get("/dataset/probe.readings.rdf")
    assert answer.status_code == 410
    assert "geheimer" not in answer.content.decode()
    assert client.get(f"/dataset/{SECRET.key}.rdf").status_code == 404


def test_only_reading_is_possible(client: Client) -> None:
    answer: Any = client.post("/catalog.ttl")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
