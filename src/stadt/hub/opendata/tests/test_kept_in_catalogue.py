"""What people who keep a dataset say reaches the catalogue: period, area, frequency, and data that lie elsewhere."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDF

from stadt.hub.datasets.declaration import Kept, Link
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.opendata.catalogue import describe_record
from stadt.hub.opendata.dcat import iri_of
from stadt.hub.opendata.quality.assessment import Known, assess, problems_of
from stadt.hub.opendata.quality.drafts import as_if_published
from stadt.hub.opendata.quality.kept import known_about, record_of
from stadt.hub.opendata.records import Record
from stadt.hub.opendata.tests.conftest import CONTAINERS, note_snapshot
from stadt.hub.opendata.vocabulary import DCAT, DCATDE, Profile

pytestmark = pytest.mark.django_db

KEPT = Kept(
    organisation_id=1,
    frequency="ANNUAL",
    temporal_start=date(2019, 1, 1),
    temporal_end=date(2025, 12, 31),
)
NODE = iri_of(CONTAINERS.key)
LINK = "https://elsewhere.example/wahl.csv"


def kept(**changes: Any) -> Record:
    return as_if_published(replace(CONTAINERS, kept=replace(KEPT, **changes)))


def linked(form: str = "CSV") -> Record:
    return Record(replace(CONTAINERS, columns=(), kept=replace(KEPT, link=Link(LINK, form))), None)


def graph_of(record: Record, profile: Profile = Profile.V3) -> Graph:
    return describe_record(record, profile)


def test_the_period_is_the_one_that_people_said() -> None:
    graph = graph_of(kept())
    period = graph.value(NODE, DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)) == "2019-01-01"
    assert str(graph.value(period, DCAT.endDate)) == "2025-12-31"
    assert graph_of(kept(temporal_start=None, temporal_end=None)).value(NODE, DCTERMS.temporal) is None


def test_the_frequency_is_the_one_that_was_promised_or_none() -> None:
    assert str(graph_of(kept()).value(NODE, DCTERMS.accrualPeriodicity)).endswith("frequency/ANNUAL")
    assert graph_of(kept(frequency="")).value(NODE, DCTERMS.accrualPeriodicity) is None


@pytest.mark.parametrize(
    ("told", "iri", "level"),
    [
        ("", "municipalityKey/", "municipality"),
        ("01001000", "municipalityKey/01001000", "municipality"),
        ("01001", "districtKey/01001", "administrativeDistrict"),
        ("01", "stateKey/01", "state"),
        ("nordpark", "municipalityKey/", "municipality"),
    ],
)
def test_the_area_is_the_one_that_people_said(told: str, iri: str, level: str) -> None:
    graph = graph_of(kept(spatial=told), Profile.V2)
    assert iri in str(graph.value(NODE, DCATDE.politicalGeocodingURI))
    assert str(graph.value(NODE, DCATDE.politicalGeocodingLevelURI)).endswith(f"Level/{level}")
    area = graph.value(NODE, DCATDE.politicalGeocodingURI)
    assert (NODE, DCTERMS.spatial, area) in graph
    assert (area, RDF.type, DCTERMS.Location) in graph


def test_data_that_lie_elsewhere_are_one_distribution_with_that_address() -> None:
    graph = graph_of(linked())
    [node] = graph.objects(NODE, DCAT.distribution)
    assert graph.value(node, DCAT.accessURL) == graph.value(node, DCAT.downloadURL) == URIRef(LINK)
    assert str(graph.value(node, DCTERMS["format"])).endswith("file-type/CSV")
    assert problems_of(linked()) == []


def test_of_a_linked_service_nothing_is_claimed_that_is_not_known() -> None:
    graph = graph_of(linked("WMS mit Zeit"))
    [node] = graph.objects(NODE, DCAT.distribution)
    assert graph.value(node, DCAT.accessURL) == URIRef(LINK)
    assert graph.value(node, DCAT.downloadURL) is graph.value(node, DCTERMS["format"]) is None


def test_a_link_gains_its_points_when_it_answered() -> None:
    def points(*answers: bool) -> int:
        known = Known(reached=dict.fromkeys([LINK], *answers) if answers else {})
        return sum(item.points for item in assess(linked(), known).criteria if item.key.endswith("-address"))

    assert points() == points(False) == 0
    assert points(True) == 80


def test_a_draft_is_assessed_with_nothing_filled_in_but_its_key() -> None:
    from stadt.core.people.models import Organisation

    office = Organisation.objects.create(key="gruen", name="Grünflächen")
    draft = KeptDataset.objects.create(
        key="gruen.trees", organisation=office, created_by="user:1", changed_by="user:1"
    )
    record = record_of(draft)
    assert known_about(draft) == Known()
    found = assess(record)
    assert {"mqa.keyword", "house.description", "house.preview"} <= {
        item.key for item in found.criteria if not item.passed
    }
    assert {item.rule.id for item in problems_of(record)} == set()


def test_a_linked_draft_is_assessed_by_what_is_known_of_its_address() -> None:
    from django.utils import timezone

    from stadt.core.people.models import Organisation

    office = Organisation.objects.create(key="wahl", name="Wahlamt")
    draft = KeptDataset.objects.create(
        key="wahl.results",
        kind="link",
        title="Wahlergebnisse",
        link_url=LINK,
        link_format="CSV",
        link_checked_at=timezone.now(),
        organisation=office,
        created_by="user:1",
        changed_by="user:1",
    )
    assert known_about(draft).reached == {LINK: True}
    assert not next(i for i in assess(record_of(draft)).criteria if i.key == "house.preview").passed


def test_a_live_dataset_is_assessed_with_its_newest_rows_and_the_card_being_worked_on() -> None:
    from django.utils import timezone

    from stadt.core.people.models import Organisation

    office = Organisation.objects.create(key="gruen", name="Grünflächen")
    live = KeptDataset.objects.create(
        key="gruen.trees",
        title="Bäume",
        live_access="public",
        approved_at=timezone.now(),
        organisation=office,
        created_by="user:1",
        changed_by="user:1",
    )
    note_snapshot(replace(CONTAINERS, key=live.key))
    record = record_of(live)
    assert (record.title, record.snapshot.row_count if record.snapshot else None) == ("Bäume", 3)
