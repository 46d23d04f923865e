"""Every kind of gap finds what is missing and nothing else (notes row 28)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadt.apps.strategy.gaps import finding, indicator_gaps
from stadt.apps.strategy.gaps.contributed import Fact, codes_with, page_of, tell
from stadt.apps.strategy.gaps.hints import SameData
from stadt.apps.strategy.gaps.kinds import Found
from stadt.apps.strategy.gaps.state import State
from stadt.apps.strategy.gaps.tests.made import indicator, made_state, measure
from stadt.apps.strategy.record.content import IndicatorLink, Measure

PRINTED = {
    "massnahme-ohne-kennzahl": (["M-2.1.1"], 3),
    "massnahme-nur-leistung": ([], 3),
    "massnahme-ohne-verantwortung": (["M-1.1.1", "M-2.1.1"], 3),
    "massnahme-finanzierung-offen": (["M-1.1.2"], 3),
    "massnahme-ohne-zeitraum": (["M-2.1.1"], 3),
    "massnahme-ohne-raumbezug": (["M-1.1.1", "M-2.1.1"], 3),
    "massnahme-stand-veraltet": (["M-1.1.1", "M-2.1.1"], 3),
    "massnahme-ohne-haupt-sdg": (["M-1.1.1", "M-2.1.1"], 3),
    "leitthema-ohne-kennzahl": (["LT-2"], 2),
    "sdg-ohne-massnahme": ([f"SDG {number}" for number in range(1, 18) if number not in {9, 11}], 17),
    "kennzahl-ohne-massnahme": (["K1.1-02", "K1.1-04"], 3),
    "kennzahl-ohne-soll": (["K1.1-01", "K1.1-02", "K1.1-04"], 3),
    "kennzahl-ohne-quelle": (["K1.1-01", "K1.1-02", "K1.1-04"], 3),
    "kennzahl-mit-quelle-ohne-wert": ([], 0),
    "kennzahl-ohne-verantwortung": (["K1.1-01", "K1.1-02"], 3),
    "kennzahl-ohne-turnus": (["K1.1-01", "K1.1-02"], 3),
    "kennzahl-ohne-vorrang": (["K1.1-01", "K1.1-02"], 3),
    "kennzahl-doppelt": (["K1.1-03"], 4),
    "kennzahl-gleiche-daten": ([], 3),
    "kennzahl-als-rahmen": ([], 3),
}


def found(key: str, state: State | None = None) -> Found:
    return finding.ALL[key].find(state or made_state())


def codes(key: str, state: State | None = None) -> list[str]:
    return [entry.code for entry in found(key, state).entries]


@pytest.mark.parametrize("key", finding.ALL)
def test_each_gap_lists_what_is_missing_and_out_of_how_many(key: str) -> None:
    """A struck measure is no gap, and a row that repeats another is missing nothing."""
    assert (codes(key), found(key).total) == PRINTED[key]


def test_a_target_of_another_app_closes_the_gap() -> None:
    state = made_state(targets=frozenset({"K1.1-01"}))
    assert codes("kennzahl-ohne-soll", state) == ["K1.1-02", "K1.1-04"]


def test_an_indicator_marked_as_context_needs_no_measure() -> None:
    state = made_state(indicator("K1.1-01"), indicator("K1.1-02", is_context=True))
    assert codes("kennzahl-ohne-massnahme", state) == ["K1.1-01"]


def test_a_connected_source_without_a_value_is_a_gap_of_its_own() -> None:
    state = made_state(connected=frozenset({"K1.1-01", "K1.1-02"}), measured=frozenset({"K1.1-02"}))
    assert codes("kennzahl-ohne-quelle", state) == ["K1.1-04"]
    assert codes("kennzahl-mit-quelle-ohne-wert", state) == ["K1.1-01"]


@pytest.mark.parametrize(
    ("effects", "is_output_only", "is_unknown"),
    [
        (("output",), True, False),
        (("output", "outcome"), False, False),
        (("impact", ""), False, False),
        (("output", ""), False, True),
        (("",), False, True),
        ((), False, False),
    ],
)
def test_output_only_needs_every_effect_known_and_one_outcome_suffices(
    effects: tuple[str, ...], is_output_only: bool, is_unknown: bool
) -> None:
    """Unknown is shown as unknown, never as good."""
    names = [f"K1.1-0{number}" for number in range(1, len(effects) + 1)]
    links = tuple(IndicatorLink(name, effect=effect) for name, effect in zip(names, effects, strict=True))  # type: ignore[arg-type]
    state = made_state(measure("M-1.1.1", indicators=links), *(indicator(name) for name in names))
    result = found("massnahme-nur-leistung", state)
    assert (bool(result.entries), bool(result.unknown)) == (is_output_only, is_unknown)


def test_the_chain_of_an_indicator_says_its_effect_where_the_link_does_not() -> None:
    state = made_state(measure("M-1.1.1", "K1.1-01"), indicator("K1.1-01", chain="output"))
    assert codes("massnahme-nur-leistung", state) == ["M-1.1.1"]


def test_same_data_counts_once_for_each_group_that_is_still_there() -> None:
    groups = (SameData(("K1.1-01", "K1.1-02"), "Dienste"), SameData(("K1.1-04", "K9.9-99"), "nichts"))
    result = found("kennzahl-gleiche-daten", made_state(same_data=groups))
    assert [(entry.code, entry.note) for entry in result.entries] == [
        ("K1.1-01", "dieselben Daten wie K1.1-02: Dienste")
    ]


def test_context_is_what_is_marked_and_what_is_proposed() -> None:
    state = made_state(
        indicator("K1.1-01", is_context=True), indicator("K1.1-02"), context=frozenset({"K1.1-02"})
    )
    notes = [entry.note for entry in found("kennzahl-als-rahmen", state).entries]
    assert notes == ["als Rahmengröße gekennzeichnet", "Vorschlag, noch nicht entschieden"]


def test_apps_above_tell_what_they_know_and_where_it_is_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    from stadt.apps.strategy.gaps import contributed

    monkeypatch.setattr(contributed, "_told", {fact: contributed.Told() for fact in Fact})
    assert (codes_with(Fact.TARGET), page_of(Fact.TARGET)) == (frozenset(), "")
    tell(Fact.TARGET, lambda: ["K1.1-01"], "probe:target")
    tell(Fact.TARGET, lambda: {"K1.1-02"})
    assert codes_with(Fact.TARGET) == {"K1.1-01", "K1.1-02"}
    assert page_of(Fact.TARGET) == "probe:target"
    assert not codes_with(Fact.BASE)


@given(st.lists(st.sampled_from(["K1.1-01", "K1.1-02", "K1.1-03"]), max_size=3), st.booleans())
def test_an_indicator_has_a_lever_exactly_when_a_measure_that_is_not_struck_names_it(
    named: list[str], is_struck: bool
) -> None:
    made: Measure = measure("M-1.1.1", *named, state="struck" if is_struck else "")
    printed = [indicator(f"K1.1-0{number}") for number in (1, 2, 3)]
    without = codes("kennzahl-ohne-massnahme", made_state(made, *printed))
    assert set(without) == {item.code for item in printed} - (set() if is_struck else set(named))


def test_every_gap_says_what_it_means_and_what_closes_it() -> None:
    for gap in finding.ALL.values():
        assert gap.title
        assert gap.meaning.endswith(".")
        assert gap.closing.endswith(".")
    assert len(finding.ALL) == len(indicator_gaps.GAPS) + 10
