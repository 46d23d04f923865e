"""Where the printed strategy has gaps, counted right after its import (notes, section 2.7 and rows 23 and 28)."""

import os
from collections import Counter

import pytest

from stadt.apps.strategy.gaps import finding, hints
from stadt.apps.strategy.gaps.carriage import Way, list_carriage
from stadt.apps.strategy.gaps.frames import Frame, frame_of, u4ssc_code
from stadt.apps.strategy.gaps.readiness import list_readiness
from stadt.apps.strategy.gaps.state import State
from stadt.apps.strategy.links import own_keys
from stadt.apps.strategy.record.printed import printed_content

# Which figures measure which indicator comes from the links of the city that the whole run is for.
pytestmark = pytest.mark.skipif("STADT_TEST_CITY" in os.environ, reason="these are the gaps of this city")
COUNTS = {
    "kennzahl-ohne-massnahme": 56,
    "kennzahl-ohne-soll": 132,
    "kennzahl-ohne-verantwortung": 132,
    "kennzahl-ohne-turnus": 132,
    "kennzahl-ohne-vorrang": 132,
    "kennzahl-doppelt": 4,
    "kennzahl-gleiche-daten": 4,
    "kennzahl-als-rahmen": 4,
    "massnahme-ohne-kennzahl": 15,
    "massnahme-nur-leistung": 0,
    "massnahme-ohne-verantwortung": 107,
    "massnahme-finanzierung-offen": 44,
    "massnahme-stand-veraltet": 107,
    "massnahme-ohne-haupt-sdg": 107,
    "leitthema-ohne-kennzahl": 1,
    "sdg-ohne-massnahme": 4,
}


@pytest.fixture
def state(db: None) -> State:
    """The printed strategy as it is imported: nobody set a target yet, and nothing was measured."""
    content = printed_content()
    nothing: frozenset[str] = frozenset()
    connected = frozenset(item.code for item in content.indicators.values() if own_keys(item.code))
    return State(
        content, connected, nothing, nothing, nothing, nothing, hints.same_data(), hints.context_codes()
    )


@pytest.mark.parametrize("key", COUNTS)
def test_the_printed_strategy_has_these_gaps(state: State, key: str) -> None:
    assert finding.ALL[key].find(state).count == COUNTS[key]


def test_the_effect_of_no_measure_can_be_told_before_somebody_says_what_its_indicators_measure(
    state: State,
) -> None:
    assert len(finding.ALL["massnahme-nur-leistung"].find(state).unknown) == 107 - 15


def test_the_measures_without_an_indicator_are_those_of_the_mapping(state: State) -> None:
    found = {entry.code for entry in finding.ALL["massnahme-ohne-kennzahl"].find(state).entries}
    assert found == {
        f"M-{number}"
        for number in (
            "1.1.5", "1.3.5", "2.1.2", "2.3.4", "3.1.3", "3.4.1", "3.4.2", "3.4.3", "3.4.4", "3.6.5", "3.7.2",
            "5.2.3", "6.1.3", "6.1.5", "6.1.7",
        )
    }  # fmt: skip


def test_the_lighthouse_project_has_no_indicator_and_these_goals_no_measure(state: State) -> None:
    [theme] = finding.ALL["leitthema-ohne-kennzahl"].find(state).entries
    assert theme.code == "LT-6"
    goals = [entry.code for entry in finding.ALL["sdg-ohne-massnahme"].find(state).entries]
    assert goals == ["SDG 1", "SDG 2", "SDG 14", "SDG 15"]


def test_after_the_import_132_indicators_lack_a_target_and_four_are_duplicates(state: State) -> None:
    rows = list_readiness(state)
    assert sum(1 for row in rows if "target" in {item.key for item in row.missing}) == 132
    assert sum(1 for row in rows if row.is_duplicate) == 4
    assert not [row for row in rows if row.is_ready]


def test_eighteen_measures_need_no_software_and_six_use_a_partners_product(state: State) -> None:
    ways = Counter(item.way for item in list_carriage(state))
    assert (ways[Way.NOT_NEEDED], ways[Way.PARTNER]) == (18, 6)
    assert ways.total() == 107
    assert ways[Way.CARRIED] >= 7


def test_frames_are_those_that_the_table_proposes(state: State) -> None:
    frames = Counter(frame_of(item) for item in state.indicators)
    assert frames == {Frame.U4SSC: 72, Frame.CITYKEYS: 20, Frame.OWN: 40}
    assert len({u4ssc_code(item) for item in state.indicators} - {""}) == 68
