"""The score of a dataset: 405 points when nothing is missing, and every criterion can fail and says what mends it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from stadt.hub.datasets.declaration import Column, Dataset, Integer, Number, Text
from stadt.hub.opendata.catalogue import describe_record
from stadt.hub.opendata.dcat import iri_of
from stadt.hub.opendata.quality.assessment import Known, assess, problems_of, rating_in_words
from stadt.hub.opendata.quality.criteria import MOST, Criterion, Dimension, Rating
from stadt.hub.opendata.quality.drafts import as_if_published
from stadt.hub.opendata.quality.govdata import COUNTS
from stadt.hub.opendata.quality.house import HABITS
from stadt.hub.opendata.quality.mqa import METRICS, Seen
from stadt.hub.opendata.quality.personal import looks_personal
from stadt.hub.opendata.quality.words import TEXTS
from stadt.hub.opendata.records import Record, get_record
from stadt.hub.opendata.tests.conftest import CONTAINERS, READINGS
from stadt.hub.opendata.vocabulary import DCAT, DCATDE, Profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def criterion(record: Record, key: str, **known: Any) -> Criterion:
    return next(item for item in assess(record, Known(now=NOW, **known)).criteria if item.key == key)


def draft(**changes: Any) -> Record:
    return as_if_published(replace(CONTAINERS, **changes))


def seen(change: Any = None, reached: dict[str, bool] | None = None) -> Seen:
    """The record of the containers as a graph, after a change to it."""
    graph = describe_record(get_record(CONTAINERS.key), Profile.V3)
    if change:
        change(graph)
    return Seen(graph, iri_of(CONTAINERS.key), reached or {})


def without(*predicates: URIRef) -> Any:
    def change(graph: Graph) -> None:
        for predicate in predicates:
            graph.remove((None, predicate, None))

    return change


def shares(found: Seen) -> dict[str, float]:
    return {metric.name: metric.share(found) for metric in METRICS}


def test_the_points_are_those_of_the_methodology() -> None:
    scores = {score.dimension.value: score.most for score in assess(get_record(CONTAINERS.key)).scores}
    assert scores == {
        "findability": 100,
        "accessibility": 100,
        "interoperability": 110,
        "reusability": 75,
        "contextuality": 20,
        "govdata": 0,
        "house": 0,
    }
    assert sum(scores.values()) == assess(get_record(CONTAINERS.key)).most == MOST


def test_a_growing_table_loses_only_what_is_not_known_yet() -> None:
    """Sizes are known once a file was made; the readings cover a stretch of time, the containers none."""
    readings = assess(get_record(READINGS.key), Known(now=NOW))
    missing = {item.key for item in readings.criteria if item.points < item.most}
    assert missing == {"mqa.size", "mqa.keyword"}
    containers = assess(get_record(CONTAINERS.key), Known(now=NOW))
    assert not next(item for item in containers.criteria if item.key == "mqa.temporal").passed


@pytest.mark.parametrize(
    ("predicate", "names"),
    [
        (DCAT.keyword, {"keyword"}),
        (DCAT.theme, {"theme", "dcat-ap"}),
        (DCTERMS.spatial, {"spatial"}),
        (DCAT.downloadURL, {"download", "download-address"}),
        (DCAT.accessURL, {"access-address", "dcat-ap"}),
        (DCTERMS["format"], {"format", "format-table", "open-format", "machine-readable"}),
        (DCAT.mediaType, {"media-type", "format-table"}),
        (DCTERMS.license, {"licence", "licence-table"}),
        (DCTERMS.accessRights, {"access-right", "access-right-table"}),
        (DCAT.contactPoint, {"contact"}),
        (DCTERMS.publisher, {"publisher"}),
        (DCTERMS.issued, {"issued"}),
        (DCTERMS.modified, {"modified"}),
    ],
)
def test_what_is_missing_costs_its_metrics_and_no_other(predicate: URIRef, names: set[str]) -> None:
    whole, broken = shares(seen()), shares(seen(without(predicate)))
    assert {name for name in whole if whole[name] != broken[name]} == names
    assert all(broken[name] == 0 for name in names)


def test_a_foreign_address_counts_only_when_it_answered() -> None:
    def move(graph: Graph) -> None:
        for node, _, address in list(graph.triples((None, DCAT.accessURL, None))):
            graph.set((node, DCAT.accessURL, URIRef(f"https://elsewhere.example/{str(address)[-9:]}")))

    addresses = [str(item) for item in seen(move).graph.objects(None, DCAT.accessURL)]
    assert shares(seen(move))["access-address"] == 0
    assert shares(seen(move, dict.fromkeys(addresses, True)))["access-address"] == 1
    some = shares(seen(move, {addresses[0]: True, addresses[1]: False}))["access-address"]
    assert 0 < some < 1


def test_a_part_of_the_files_gives_a_part_of_the_points() -> None:
    item = criterion(get_record(CONTAINERS.key), "mqa.size")
    seen_files = seen().graph
    assert (item.passed, item.points, item.most) == (False, 0, 5)  # the size of one of eight files is known
    for form in ("csv", "csv-en", "json"):
        seen_files.add((URIRef(f"{iri_of(CONTAINERS.key)}#{form}"), DCAT.byteSize, Literal(7)))
    assert shares(Seen(seen_files, iri_of(CONTAINERS.key), {}))["size"] == 4 / 8


def test_the_best_format_counts() -> None:
    def worsen(graph: Graph) -> None:
        for node in list(graph.objects(None, DCAT.distribution)):
            if not str(node).endswith("#csv"):
                graph.remove((node, DCTERMS["format"], None))

    assert shares(seen(worsen))["open-format"] == shares(seen(worsen))["machine-readable"] == 1


def test_what_govdata_counts_can_be_missing() -> None:
    breaks = {
        "keyword": DCAT.keyword,
        "contributor": DCATDE.contributorID,
        "publisher": DCTERMS.publisher,
        "licence": DCTERMS.license,
        "licence-listed": DCTERMS.license,
        "licence-open": DCTERMS.license,
    }
    assert {count.name for count in COUNTS} == set(breaks)
    whole = seen()
    for contributor in list(whole.graph.subjects(DCAT.distribution, None)):
        whole.graph.set(
            (contributor, DCATDE.contributorID, URIRef("http://dcat-ap.de/def/contributors/openNRW"))
        )
    for count in COUNTS:
        assert count.holds(whole), count.name
        assert not count.holds(seen(without(breaks[count.name]))), count.name


def test_a_licence_of_the_list_that_forbids_trade_is_not_open() -> None:
    def close(graph: Graph) -> None:
        for node in list(graph.objects(None, DCAT.distribution)):
            graph.set((node, DCTERMS.license, URIRef("http://dcat-ap.de/def/licenses/dl-by-nc-de/1.0")))

    kept = {count.name: count.holds(seen(close)) for count in COUNTS}
    assert (kept["licence-listed"], kept["licence-open"]) == (True, False)


@pytest.mark.parametrize(
    ("habit", "changes"),
    [
        ("description", {"description": "Behälter der Probe"}),
        ("title", {"title": "Behälter 2026"}),
        ("columns", {"columns": (*CONTAINERS.columns, Column("x1", Text))}),
        ("units", {"columns": (*CONTAINERS.columns, Column("weight", Number, "Gewicht"))}),
        ("persons", {"columns": (*CONTAINERS.columns, Column("owner", Text, "Geburtsdatum"))}),
    ],
)
def test_what_people_need_can_be_missing(habit: str, changes: dict[str, Any]) -> None:
    good = "Wo Behälter stehen und wie voll sie sind. Gemessen wird mit Ultraschall, je Behälter einmal in der Stunde."
    assert criterion(draft(description=good), f"house.{habit}").passed
    item = criterion(draft(**({"description": good} | changes)), f"house.{habit}")
    assert not item.passed
    assert item.fix is not None


def test_the_columns_in_question_are_named() -> None:
    record = draft(columns=(Column("a", Number, "Gewicht"), Column("b", Number, "Höhe", unit="m")))
    assert criterion(record, "house.units").sentence == "Diese Spalten nennen keine Einheit: „Gewicht“."


def test_a_promise_is_broken_after_half_a_period_more() -> None:
    record = draft(refresh=timedelta(days=10))
    for days, kept in ((10, True), (15, True), (16, False)):
        assert criterion(record, "house.fresh", renewed_at=NOW - timedelta(days=days)).passed is kept


def test_a_dataset_without_rows_to_show_has_no_preview() -> None:
    assert not criterion(as_if_published(CONTAINERS, row_count=0), "house.preview").passed
    assert criterion(get_record(CONTAINERS.key), "house.preview").passed


@pytest.mark.parametrize(
    ("heading", "is_personal"),
    [
        ("Vorname", True),
        ("geburtsdatum", True),
        ("E-Mail", True),
        ("telefon_dienst", True),
        ("Name der Antragstellerin", True),
        ("Straßenname", False),
        ("Schulname", False),
        ("Anzahl Einwohner", False),
    ],
)
def test_columns_about_persons_are_known_by_their_heading(heading: str, is_personal: bool) -> None:
    assert looks_personal(Column("x", Text, heading)) is is_personal


def test_values_are_offered_where_they_can_be_told() -> None:
    profile = {"columns": {"year": {"minimum": 2019, "maximum": 2025}}}
    dataset = replace(
        CONTAINERS,
        title="Radverkehr an Zählstellen",
        keywords=(),
        columns=(Column("year", Integer, "Jahr"),),
    )
    record = as_if_published(dataset, profile=profile)
    words = criterion(record, "mqa.keyword").fix
    assert words is not None
    assert words.value == ("Radverkehr", "Zählstellen", "Behälter")
    period = criterion(record, "mqa.temporal").fix
    assert period is not None
    assert (period.field, period.value) == ("temporal_start", "2019-01-01")


def test_what_gains_most_is_mended_first() -> None:
    found = assess(draft(keywords=(), title="Behälter 2026")).to_mend
    assert [item.key for item in found[:2]] == ["mqa.keyword", "mqa.temporal"]
    assert all(item.fix for item in found)


def test_the_rating_is_that_of_data_europa_eu() -> None:
    found = assess(get_record(READINGS.key))
    assert found.rating is Rating.EXCELLENT
    assert found.points >= 351
    assert rating_in_words(found) == "ausgezeichnet"


def test_every_criterion_has_words() -> None:
    names = {f"mqa.{item.name}" for item in METRICS}
    names |= {f"govdata.{item.name}" for item in COUNTS} | {f"house.{item.name}" for item in HABITS}
    assert names == set(TEXTS)
    for item in assess(draft(title="", description="", keywords=())).criteria:
        assert "%(" not in item.sentence


@settings(max_examples=30)
@given(
    title=st.text(max_size=40),
    description=st.text(max_size=200),
    keywords=st.lists(st.text(max_size=20), max_size=4),
    heading=st.text(max_size=30),
    publisher=st.text(max_size=20),
)
def test_whatever_somebody_types_is_assessed(
    title: str, description: str, keywords: list[str], heading: str, publisher: str
) -> None:
    dataset: Dataset = replace(
        CONTAINERS,
        title=title,
        description=description,
        keywords=tuple(keywords),
        publisher=publisher,
        columns=(Column("x", Number, heading),),
    )
    found = assess(as_if_published(dataset))
    assert 0 <= found.points <= MOST
    for item in found.criteria:
        assert item.title
        assert item.sentence
        assert item.passed or item.points < item.most or item.most == 0


def test_a_draft_without_title_says_which_rule_it_breaks() -> None:
    findings = problems_of(draft(title="", contact=""))
    assert "dataset-title" in {item.rule.id for item in findings}
    assert all(item.rule.sentence for item in findings)
    assert not any(item.rule.id.startswith("catalog") for item in findings)


def test_dimensions_can_be_asked_for_one_by_one() -> None:
    score = assess(get_record(CONTAINERS.key)).of(Dimension.GOVDATA)
    assert score.passed >= len(COUNTS) - 1
