"""How ready an indicator is: eight things it needs, and a score with what is missing (notes row 28)."""

from stadt.apps.strategy.gaps.readiness import CRITERIA, count_met, list_readiness
from stadt.apps.strategy.gaps.tests.made import indicator, made_state

EVERYTHING = {
    "connected": frozenset({"K1.1-01"}),
    "bases": frozenset({"K1.1-01"}),
    "targets": frozenset({"K1.1-01"}),
    "due": frozenset({"K1.1-01"}),
}


def test_a_printed_indicator_has_only_its_proposed_definition() -> None:
    [first, second, repeated, owned] = list_readiness(made_state())
    assert [(item.score, item.is_ready) for item in (first, second)] == [(1, False), (1, False)]
    assert [item.key for item in first.missing] == [item.key for item in CRITERIA[1:]]
    assert {item.key for item in owned.met} == {"owner", "interval", "priority"}
    assert repeated.is_duplicate


def test_a_repeated_row_is_a_duplicate_without_score_and_never_ready() -> None:
    [_first, _second, repeated, _owned] = list_readiness(made_state())
    assert (repeated.is_duplicate, repeated.score, repeated.missing, repeated.is_ready) == (
        True,
        0,
        (),
        False,
    )


def test_with_everything_an_indicator_is_ready() -> None:
    complete = indicator("K1.1-01", owner="it", interval="P1Y", priority=True)
    [row] = list_readiness(made_state(complete, **EVERYTHING))
    assert (row.score, row.is_ready) == (len(CRITERIA), True)


def test_each_criterion_is_counted_over_all_rows() -> None:
    counts = {item.key: count for item, count in count_met(list_readiness(made_state()))}
    assert counts == {
        "definition": 2, "owner": 1, "source": 0, "base": 0, "target": 0, "due": 0, "interval": 1, "priority": 1,
    }  # fmt: skip
