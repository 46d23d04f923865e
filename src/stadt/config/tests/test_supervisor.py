"""A child that dies comes back after a pause that grows with each death in a row."""

import pytest

from stadt.config.supervisor import LONGEST_PAUSE, Backoff


def test_the_pause_doubles_and_ends_at_its_longest() -> None:
    backoff = Backoff()
    pauses = []
    for _ in range(12):
        backoff.note_start(100.0)
        backoff.note_death(100.0)
        pauses.append(backoff.due - 100.0)
    assert pauses[:4] == pytest.approx([0.25, 0.5, 1.0, 2.0])
    assert pauses[-1] == LONGEST_PAUSE


def test_a_child_that_ran_well_starts_over_with_the_shortest_pause() -> None:
    backoff = Backoff(deaths=7)
    backoff.note_start(100.0)
    backoff.note_death(1000.0)
    assert backoff.due == pytest.approx(1000.25)
