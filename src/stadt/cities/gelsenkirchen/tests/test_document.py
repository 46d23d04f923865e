"""The printed strategy and what of it the platform measures."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from stadt.apps.strategy.document import Strategy, read_strategy
from stadt.core.city import current, load

FOLDER = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def document() -> Strategy:
    return read_strategy(FOLDER / "strategy")


def test_the_document_has_107_measures_and_136_indicators_of_which_four_repeat(document: Strategy) -> None:
    assert len(document.measures) == 107
    assert len(document.indicators) == 136
    assert len(document.active_indicators) == 132
    assert {i.code: i.repeats for i in document.indicators.values() if not i.is_active} == {
        "K3.4-01": "K1.4-01",
        "K3.4-02": "K1.4-02",
        "K3.4-03": "K1.4-03",
        "K3.4-04": "K1.4-04",
    }


def test_themes_and_fields_are_those_of_the_document(document: Strategy) -> None:
    assert [len(theme.fields) for theme in document.themes] == [4, 3, 7, 3, 2, 1]
    assert [len(theme.measures) for theme in document.themes] == [34, 9, 30, 15, 8, 11]
    assert [len(theme.indicators) for theme in document.themes] == [24, 30, 37, 24, 21, 0]


def test_measures_stand_in_the_order_of_their_numbers(document: Strategy) -> None:
    codes = list(document.measures)

    assert codes.index("M-1.2.2") < codes.index("M-1.2.10")
    assert codes[codes.index("M-4.3.4") + 1] == "M-4.3.4a"


def test_every_printed_field_equals_the_table(document: Strategy) -> None:
    with (FOLDER / "strategy" / "measures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            measure = document.measures[f"M-{row['number']}"]
            assert row == {
                "number": measure.number,
                "title_de": measure.title,
                "leitthema": measure.theme,
                "handlungsfeld": measure.field,
                "period_text": measure.period_text,
                "funding_text": measure.funding_text,
                "sdgs": ";".join(map(str, measure.sdgs)),
                "spatial_reference": measure.spatial_reference,
                "software_system": measure.software_system,
                "kpis_related": ";".join(measure.indicator_codes),
            }
    with (FOLDER / "strategy" / "kpis.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            indicator = document.indicators[row["id"]]
            assert row == {
                "id": indicator.code,
                "leitthema": indicator.theme,
                "handlungsfeld": indicator.field,
                "name_de": indicator.name,
                "unit": indicator.unit,
                "direction": indicator.direction,
                "kind": indicator.kind,
                "formula": indicator.formula,
                "u4ssc_or_citykeys_code": indicator.standard,
                "source": indicator.source,
            }


def test_every_measure_serves_goal_11(document: Strategy) -> None:
    goals = Counter(goal for measure in document.measures.values() for goal in measure.sdgs)

    assert goals[11] == 107
    assert not {1, 2, 14, 15} & set(goals)


def test_links_name_codes_of_the_document_and_measure_eight_printed_indicators(document: Strategy) -> None:
    links = load(str(FOLDER)).read_toml("links.toml")

    assert all(document.indicators[code].is_active for code in links["indicators"])
    assert set(links["measures"]) <= set(document.measures)
    assert len(links["indicators"]) >= 8


def test_the_city_file_names_its_bounds_and_contact() -> None:
    city = current()

    assert (city.key, city.ags) == (FOLDER.name, "05513000")
    west, south, east, north = city.bbox
    assert west < city.centre[0] < east
    assert south < city.centre[1] < north
    assert city.contact["email"].endswith("@gelsenkirchen.de")
    assert city.basemap.style_url == ""


@pytest.mark.parametrize("name", ["impressum", "datenschutz", "barrierefreiheit"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_legal_texts_say_what_the_city_still_has_to_fill_in(name: str, language: str) -> None:
    text = (FOLDER / "texts" / f"{name}.{language}.md").read_text(encoding="utf-8")

    assert {"de": "noch einträgt", "en": "still has to fill in"}[language] in text
