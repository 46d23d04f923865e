"""What the bodies learn from steering, and whom a warning reaches by the strategy's roles."""

from stadt.apps.steering import bodies
from stadt.apps.steering.recipients import recipients
from stadt.apps.steering.states import Level
from stadt.apps.steering.tests.town import CODE, DAY, MEASURE, SECOND, Town
from stadt.core.people.models import Membership, Organisation, Role


def test_a_decided_target_counts_at_the_gate_before_the_start(town: Town) -> None:
    """M-10 (b)."""
    assert not bodies.has_target(CODE)
    town.decided()
    assert bodies.has_target(CODE)
    assert not bodies.has_target(SECOND)


def test_a_decision_freezes_the_verdicts_that_were_shown(town: Town) -> None:
    """R-03: with the data that was shown."""
    town.give(65.0, first=2025)
    town.decided()
    found = bodies.verdicts_for([MEASURE, CODE, "HF-1.1"])
    assert set(found) == {MEASURE, CODE}
    assert [(one["state"], one["value"], one["on"]) for one in found[MEASURE]] == [
        ("in_range", 65.0, "2025-12-31")
    ]
    assert DAY.isoformat() not in str(found)


def test_holders_of_the_strategys_roles_come_before_those_of_single_rights(town: Town) -> None:
    assert {one.pk for one in recipients(Level.BOARD, MEASURE, "")} == {town.board.pk}
    role = Role.objects.create(key="strategy-board", title="Verwaltungsvorstand", permissions=[])
    Membership.objects.create(
        user=town.stranger, role=role, organisation=Organisation.objects.get(key="stadt")
    )
    assert {one.pk for one in recipients(Level.BOARD, MEASURE, "")} == {town.stranger.pk}
