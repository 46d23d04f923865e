"""Periods and money as residents read them."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from stadt.apps.strategy import german
from stadt.apps.strategy.parsing import parse_funding, parse_period
from stadt.apps.strategy.record.content import Funding, FundingItem
from stadt.apps.strategy.record.printed import printed_content
from stadt.apps.strategy.templatetags.strategy_texts import in_english
from stadt.apps.strategy.words import funding, periods
from stadt.core.city import current

PERIODS = {
    "2021-2022": "2021 bis 2022",
    "2020": "2020",
    "ab 2021": "ab 2021, ohne festes Ende",
    "2019 - ff.": "ab 2019, ohne festes Ende",
    "bis Q3. 2021": "bis 3. Quartal 2021",
    "Q4.2021": "4. Quartal 2021",
    "bis Ende 2020": "bis 2020",
    "10.2019-06.2022": "Oktober 2019 bis Juni 2022",
    "2019-Q3.2022": "2019 bis September 2022",
    "laufend": "laufend, ohne festes Ende",
    "laufend seit 2015": "laufend seit 2015, ohne festes Ende",
    "offen": "noch offen",
    "seit Ende 2019": "laufend seit etwa 4. Quartal 2019, ohne festes Ende",
    "Mit Portaleinführung (Umbau 21 Projekt)": "sobald feststeht: Portaleinführung (Umbau 21 Projekt)",
    "irgendwann im Frühling": "irgendwann im Frühling",
}


@pytest.mark.parametrize(("text", "words"), PERIODS.items())
def test_a_period_says_from_when_until_when_and_how_exactly(text: str, words: str) -> None:
    assert periods.in_words(parse_period(text)) == words


def test_every_period_of_the_city_has_words_in_both_languages() -> None:
    for language in ("de", "en"):
        with translation.override(language):
            for measure in printed_content().measures.values():
                assert periods.in_words(measure.period)
                assert all(periods.phase_in_words(phase) for phase in measure.period.phases)


def test_phases_are_told_one_by_one() -> None:
    period = parse_period("bis Q4.2019 Analyse, Pilotierungen & Roll-Out ab 2021")
    assert [periods.phase_in_words(phase) for phase in period.phases] == [
        "Analyse: bis 4. Quartal 2019",
        "Pilotierungen & Roll-Out: ab 2021",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("offen", "Das Geld ist noch zu finden."),
        ("Eigenmittel, offen", "Ein Teil des Geldes ist noch zu finden."),
        ("", "Die Strategie sagt nicht, wer bezahlt."),
    ],
)
def test_money_that_is_missing_is_told(text: str, words: str) -> None:
    assert funding.summary(parse_funding(text)) == words


def test_with_an_amount_nobody_says_that_there_is_none() -> None:
    named = FundingItem(source="Land", state="granted", amount=Decimal(5000))
    assert funding.summary(Funding(items=(named,))) == "Genannt ist, woher das Geld kommen soll."
    without = FundingItem(source="Land", state="granted")
    assert "Beträge nennt die Strategie nicht" in funding.summary(Funding(items=(without,)))


def test_every_source_of_the_city_has_a_name_a_kind_and_a_state() -> None:
    for measure in printed_content().measures.values():
        for source in funding.sources(measure.funding):
            assert source.name
            assert source.state
            assert not source.amount


def test_what_the_tables_say_in_english_is_shown_in_german_where_the_city_has_words_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "strategy").mkdir()
    (tmp_path / german.FILE).write_text('[units]\n"% of area" = "% der Fläche"\n')
    monkeypatch.setattr(german, "current", lambda: replace(current(), folder=tmp_path))
    assert in_english("% of area") == "% der Fläche"
    assert in_english("index") == '<span lang="en">index</span>'
    with translation.override("en"):
        assert in_english("% of area") == "% of area"


def test_the_citys_german_words_stand_for_texts_that_its_tables_hold() -> None:
    known = printed_content()
    held = {text for one in known.indicators.values() for text in (one.unit, one.formula, one.source)}
    held |= {text for one in known.measures.values() for text in (one.spatial.text, one.software)}
    words = german.words_of(current().folder)
    assert set(words) <= held
    assert all(words.values())
