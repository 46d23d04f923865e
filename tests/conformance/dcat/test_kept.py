"""http://dcat-ap.de/def/dcatde/3.0/: what people keep conforms as what apps declare: uploads, links, series, high value."""

from dataclasses import replace
from datetime import date

import pytest
from pyshacl import validate
from rdflib import Graph

from stadt.hub.datasets.declaration import Dataset, HighValue, Kept, Licence, Link, Theme
from stadt.hub.opendata.catalogue import describe_record
from stadt.hub.opendata.quality.drafts import as_if_published
from stadt.hub.opendata.records import Record
from stadt.hub.opendata.tests.conftest import CONTAINERS
from stadt.hub.opendata.vocabulary import Profile

pytestmark = pytest.mark.django_db


def kept(number: int, dataset: Dataset = CONTAINERS, **said: object) -> Dataset:
    """A dataset with a key of its own that people keep."""
    return replace(dataset, key=f"office.kept{number}", kept=Kept(1, **said))  # type: ignore[arg-type]


LINKS = ("CSV", "Shapefile", "WMS", "")
RECORDS = [
    as_if_published(
        kept(1, frequency="ANNUAL", temporal_start=date(2019, 1, 1), temporal_end=date(2025, 12, 31))
    ),
    as_if_published(kept(2, frequency="QUARTERLY", temporal_start=date(2024, 1, 1), spatial="01001")),
    as_if_published(kept(3, frequency="MONTHLY", spatial="01")),
    as_if_published(
        kept(4, replace(CONTAINERS, licence=Licence.CC_ZERO, sample="", contact=""), frequency="IRREG")
    ),
    as_if_published(kept(5, replace(CONTAINERS, publisher="Tiefbauamt", keywords=()), is_simulated=True)),
    *(
        as_if_published(kept(10 + number, replace(CONTAINERS, high_value=value, theme=theme)))
        for number, (value, theme) in enumerate(zip(HighValue, Theme, strict=False))
    ),
    *(
        Record(
            kept(
                30 + number, replace(CONTAINERS, columns=()), link=Link("https://elsewhere.example/x", form)
            ),
            None,
        )
        for number, form in enumerate(LINKS)
    ),
]


def test_whatever_an_office_can_say_conforms_without_a_warning(shapes: Graph, vocabularies: Graph) -> None:
    graph = vocabularies
    for record in RECORDS:
        graph = graph + describe_record(record, Profile.V3)
    conforms, _, text = validate(
        graph, shacl_graph=shapes, advanced=True, inference="none", do_owl_imports=False
    )
    assert conforms, text
