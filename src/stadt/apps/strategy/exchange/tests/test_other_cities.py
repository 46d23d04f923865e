"""Strategies of sister cities and of other programs come into the same schema (V-09)."""

from pathlib import Path

import pytest

from stadt.apps.strategy.exchange.document import City, Document
from stadt.apps.strategy.exchange.queries import FORMATS
from stadt.apps.strategy.exchange.reading import read_file
from stadt.apps.strategy.parsing.funding import parse_funding
from stadt.apps.strategy.parsing.names import read_names
from stadt.apps.strategy.record.content import Content
from stadt.apps.strategy.record.printed import read_content

HERE = Path(__file__).parent
SECOND_CITY = HERE.parents[5] / "tests" / "city" / "probstadt" / "strategy"
FOREIGN = HERE / "data" / "landkreis.stratml.xml"


@pytest.fixture(scope="module")
def second_city() -> Content:
    return read_content(SECOND_CITY)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_second_citys_strategy_leaves_and_comes_back_equal(second_city: Content, suffix: str) -> None:
    written = FORMATS[suffix].write(Document(city=City("probstadt", "Probstadt"), items=tuple(second_city)))
    read = read_file(written)

    assert set(read.content.items) == set(second_city.items)
    assert FORMATS[suffix].write(read.document) == written
    assert suffix == "stratml.xml" or read.content == second_city


def test_the_second_city_has_every_kind_of_item_but_no_word_of_the_first(second_city: Content) -> None:
    assert {type(item).__name__ for item in second_city} == {
        "Head", "Vision", "Goal", "Principle", "Challenge", "Theme", "ActionField", "Measure", "PrintedIndicator", "Annotation",
    }  # fmt: skip


def test_the_second_citys_own_names_of_payers_are_understood() -> None:
    read = parse_funding(
        "Ölmühlen-Verein e.V., Förderung Dorferneuerung (geplant)", read_names(SECOND_CITY / "funding.toml")
    )

    assert read.is_understood
    assert [(one.source, one.programme, one.state) for one in read.items] == [
        ("Ölmühlenverein e.V.", "", "unknown"),
        ("", "Dorferneuerung", "planned"),
    ]


def test_stratml_of_another_program_is_numbered_and_what_has_no_place_is_told() -> None:
    read = read_file(FOREIGN.read_bytes())
    content = read.content

    assert content.head.title == "Kreisentwicklung 2035"
    assert [one.title for one in content.visions.values()] == ["Ein Kreis, in dem man bleiben will."]
    assert [one.title for one in content.principles.values()] == ["Offenheit"]
    assert [(one.code, one.title) for one in content.themes.values()] == [
        ("LT-1", "Mobilität"),
        ("LT-2", "Bildung"),
    ]
    assert [(one.code, one.theme) for one in content.fields.values()] == [
        ("HF-1.1", "LT-1"),
        ("HF-2.1", "LT-2"),
    ]
    assert list(content.measures) == ["M-1.1.1", "M-1.1.2", "M-2.1.1"]
    bus = content.measures["M-1.1.1"]
    assert (bus.title, bus.summary, bus.partners[0].organisation) == (
        "Rufbus",
        "Auf Anruf\nmit Linie 7",
        "Verkehrsverein",
    )
    assert [link.code for link in bus.indicators] == ["K1.1-01"]
    assert (content.indicators["K1.1-01"].name, content.indicators["K1.1-01"].chain) == (
        "Fahrgäste im Jahr",
        "output",
    )
    assert any("2 Ziel- oder Istwerte" in sentence for sentence in read.remarks)


def test_a_foreign_plan_leaves_in_every_format_and_comes_back() -> None:
    document = read_file(FOREIGN.read_bytes()).document

    for one in FORMATS.values():
        assert read_file(one.write(document)).content == Content(document.items)
