"""`POST /api/v1/opendata/validate`: reports as the EU's test bed does, reads nothing but the text, and bears hostile ones."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.core.errors import Invalid
from stadt.hub.datasets.pacing import Pace
from stadt.hub.opendata.quality import api
from stadt.hub.opendata.quality.parsing import MOST_SIGNS, parse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

ADDRESS = "/api/v1/opendata/validate"
TURTLE, XML, JSON_LD = "text/turtle", "application/rdf+xml", "application/ld+json"
NO_TITLE = "@prefix dcat: <http://www.w3.org/ns/dcat#> . <urn:x> a dcat:Dataset ."
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rdf [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;</rdf:RDF>'
)


def ask(content: str, syntax: str = TURTLE, **more: Any) -> Any:
    body = {"contentToValidate": content, "contentSyntax": syntax} | more
    return Client().post(ADDRESS, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(("suffix", "syntax"), [("ttl", TURTLE), ("rdf", XML), ("jsonld", JSON_LD)])
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_city_s_own_catalogue_passes_in_every_form(suffix: str, syntax: str) -> None:
    content = Client().get(f"/catalog.{suffix}").content.decode()
    answer = ask(content, syntax)
    assert answer.status_code == 200
    assert answer.json()["result"] == "SUCCESS"
    assert answer.json()["counters"] == {"nrOfAssertions": 0, "nrOfErrors": 0, "nrOfWarnings": 0}


def test_a_finding_names_rule_thing_and_sentence() -> None:
    report = ask(NO_TITLE).json()
    assert report["result"] == "FAILURE"
    assert report["counters"]["nrOfErrors"] == len(report["reports"]["error"])
    assert {
        "description": "Der Datensatz braucht einen Titel.",
        "location": "urn:x",
        "test": "dataset-title",
    } in report["reports"]["error"]


def test_the_contributor_is_asked_for_by_the_profile_with_conventions_only() -> None:
    def broken(kind: str) -> set[str]:
        return {item["test"] for item in ask(NO_TITLE, validationType=kind).json()["reports"]["error"]}

    assert broken("v20_de_spec_implr") - broken("v30_de_spec") == {"dataset-contributor"}


def test_what_the_rules_are_not_about_is_neither_right_nor_wrong() -> None:
    assert ask("<urn:a> <urn:b> <urn:c> .").json()["result"] == "UNDEFINED"


@pytest.mark.parametrize(
    ("content", "syntax"),
    [
        ("dies ist kein RDF", TURTLE),
        ("@prefix a: <urn:a> . a:x a:y " + "[" * 100_000, TURTLE),
        ("@prefix a: <urn:a> . a:x a:y " + "(" * 100_000, TURTLE),
        (LAUGHS, XML),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', XML),
        ("<x", XML),
        ('{"@context": "http://elsewhere.example/context.json"}', JSON_LD),
        ('{"@context": ["http://elsewhere.example/context.json"]}', JSON_LD),
        ('{"a": {"@context": {"@import": "http://elsewhere.example/"}}}', JSON_LD),
        ("[" * 100_000, JSON_LD),
        ("[" * 500 + "]" * 500, JSON_LD),
        ("{", JSON_LD),
        ("", JSON_LD),
        ("a" * (MOST_SIGNS + 1), TURTLE),
    ],
    ids=lambda value: value[:20],
)
def test_what_cannot_be_read_is_refused_naming_the_field(
    content: str, syntax: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("something was fetched"))
    answer = ask(content, syntax)
    assert answer.status_code == 422
    assert any("contentToValidate" in item["field"] for item in answer.json()["errors"])


@pytest.mark.parametrize(
    "more",
    [{"embeddingMethod": "URL"}, {"contentSyntax": "text/html"}, {"validationType": "alles"}],
)
def test_what_is_not_offered_is_refused(more: dict[str, str]) -> None:
    assert ask(NO_TITLE, **more).status_code == 422


def test_only_one_is_read_at_a_time() -> None:
    with api._busy:
        answer = ask(NO_TITLE)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "2"
    assert ask(NO_TITLE).status_code == 200


# rdflib 7 reads JSON-LD through a class that it deprecates itself
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.text(max_size=300)
    | st.text(alphabet="<>@prefix:#.;,[]()\"' a\n{}/&!", max_size=200)
    | st.recursive(
        st.none() | st.text(max_size=5), lambda x: st.lists(x) | st.dictionaries(st.text(max_size=5), x)
    ).map(json.dumps),
    syntax=st.sampled_from([TURTLE, XML, JSON_LD]),
)
def test_any_text_is_reported_on_or_refused(content: str, syntax: str) -> None:
    assert ask(content, syntax).status_code in {200, 422}


MANY = 501
EXPLAINED = {
    "text/turtle": "".join(f"@prefix a{n}: <u:{n}#> .\n" for n in range(MANY)),
    "application/rdf+xml": "<r " + " ".join(f'xmlns:a{n}="u:{n}"' for n in range(MANY)) + "/>",
    "application/ld+json": json.dumps({"@context": [{f"a{n}": f"u:{n}"} for n in range(MANY)]}),
}


@pytest.mark.parametrize("syntax", EXPLAINED)
def test_so_many_abbreviations_that_reading_takes_minutes_are_refused(syntax: str) -> None:
    with pytest.raises(Invalid, match="mehr als 500 Abkürzungen"):
        parse(EXPLAINED[syntax], syntax)


def test_the_same_abbreviation_on_each_element_counts_once() -> None:
    named = 'xmlns:dct="http://purl.org/dc/terms/"'
    inner = f'<rdf:Description {named} dct:title="x"/>' * MANY
    text = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{inner}</rdf:RDF>'
    assert len(parse(text, "application/rdf+xml")) == MANY


def test_one_address_does_not_keep_the_others_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "validate_pace", Pace(burst=1, per_second=0.01))
    asked = {"contentToValidate": "<u:a> <u:b> <u:c> ."}
    for address, status in (("203.0.113.7", 200), ("203.0.113.7", 429), ("203.0.113.8", 200)):
        answer = client.post(ADDRESS, asked, content_type="application/json", REMOTE_ADDR=address)
        assert answer.status_code == status
