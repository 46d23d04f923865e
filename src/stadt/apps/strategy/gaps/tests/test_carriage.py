"""Which part of the platform carries which measure: only what is installed and linked counts."""

import pytest

from stadt.apps.strategy.gaps import hints
from stadt.apps.strategy.gaps.carriage import Way, count_ways, list_carriage
from stadt.apps.strategy.gaps.frames import Frame, frame_of, list_goals, u4ssc_code
from stadt.apps.strategy.gaps.tests.made import indicator, made_state
from stadt.core.registry import registry

LINKS = {
    "measures": {"M-1.1.1": {"apps": ["indicators"]}},
    "software": {"partner": ["M-1.1.2"]},
    "planned": {"M-2.1.1": {"part": "Anliegen"}},
}


def test_a_measure_is_carried_by_a_linked_app_else_by_a_partner_else_planned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "links", LINKS)
    [first, second, third] = list_carriage(made_state())
    assert (first.way, [part.label for part in first.parts]) == (Way.CARRIED, ["indicators"])
    assert first.parts[0].page == "indicators:list"
    assert (second.way, second.parts) == (Way.PARTNER, ())
    assert (third.way, third.planned) == (Way.PLANNED, "Anliegen")


def test_without_links_nothing_is_carried_and_a_measure_without_software_needs_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "links", {})
    state = made_state()
    found = list_carriage(state)
    assert [item.way for item in found] == [Way.OPEN, Way.OPEN, Way.NOT_NEEDED]
    counts = [
        (theme.code, count[Way.OPEN], count[Way.NOT_NEEDED]) for theme, count in count_ways(state, found)
    ]
    assert counts == [("LT-1", 2, 0), ("LT-2", 0, 1)]


@pytest.mark.parametrize(
    ("links", "sentence"),
    [
        ({"software": {"partner": ["M-99.9.9"]}}, "M-99.9.9 gibt es in der Strategie nicht"),
        ({"hints": {"context": ["M-99.9.9"]}}, "M-99.9.9 gibt es in der Strategie nicht"),
        ({"related": {"K99.9-9": {"waste.nothing": "weil"}}}, "die keine App erklärt"),
        (
            {"related": {"K99.9-9": {"strategy.proved_share": ""}}},
            "warum „strategy.proved_share“ nicht dasselbe",
        ),
        ({"hints": {"same_data": [{"what": "x"}]}}, "nicht die beschriebene Form"),
        ({"planned": {"M-1.1.1": "bald"}}, "nicht die beschriebene Form"),
        ({"related": ["K1.1-01"]}, "nicht die beschriebene Form"),
    ],
)
def test_wrong_hints_are_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, links: dict[str, object], sentence: str
) -> None:
    monkeypatch.setattr(registry, "links", links)
    assert any(sentence in problem for problem in hints.problems())


def test_one_indicator_stands_in_several_frames_from_one_record() -> None:
    """Row 23: the same item seen through development goals and through U4SSC."""
    state = made_state(measured=frozenset({"K1.1-01"}))
    goals = {goal.number: goal for goal in list_goals(state)}
    assert len(goals) == 17
    assert [item.code for item in goals[9].measures] == ["M-1.1.2"]
    assert [item.code for item in goals[11].indicators] == ["K1.1-01"]
    assert (goals[11].measured, goals[1].measures) == (1, ())
    [first] = goals[9].indicators
    assert (frame_of(first), u4ssc_code(first)) == (Frame.U4SSC, "EC: ICT: PS: 1A")


@pytest.mark.parametrize(
    ("standard", "frame", "code"),
    [
        ("U4SSC EN: E: E: 2C Electricity (partial); CITYkeys (name): energy", Frame.U4SSC, "EN: E: E: 2C"),
        ("CITYkeys (name): open; cf. U4SSC EN: E: E: 2C", Frame.CITYKEYS, ""),
        ("none identified (own KPI of the city)", Frame.OWN, ""),
        ("", Frame.OWN, ""),
    ],
)
def test_the_frame_is_what_the_definition_follows_first(standard: str, frame: Frame, code: str) -> None:
    made = indicator("K1.1-01", standard=standard)
    assert (frame_of(made), u4ssc_code(made)) == (frame, code)
