"""Targets are proposed by one person and decided by another, and kept for good (M-06, M-11, R-16)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from stadt.apps.steering import services
from stadt.apps.steering.lines import list_revisions, list_targets, soll_of
from stadt.apps.steering.models import Target
from stadt.apps.steering.rights import DECIDE_TARGETS, PROPOSE_TARGETS
from stadt.apps.steering.states import TargetState
from stadt.apps.steering.targets import Range
from stadt.apps.steering.tests.town import CODE, MEASURE, Town, draft
from stadt.core.errors import Conflict, Forbidden, Invalid, SignInNeeded
from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, AuditEntry, Deputyship, Membership, Organisation, Role
from stadt.core.tests.people import acting


def test_a_target_counts_once_another_person_decided_it(town: Town) -> None:
    proposed = services.propose_target(acting(town.staff), draft())
    assert list_targets() == []
    services.decide_target(acting(town.board), proposed.pk, "Vorlage 26/17 vom 3. Mai")
    [found] = list_targets()
    assert (found.decided_by, found.decision_reference) == (town.board, "Vorlage 26/17 vom 3. Mai")
    assert AuditEntry.objects.filter(verb="decide_target", subject=f"target:{found.pk}").exists()


def test_nobody_decides_the_own_proposal(town: Town) -> None:
    Role.objects.filter(key="staff").update(permissions=[PROPOSE_TARGETS.key, DECIDE_TARGETS.key])
    proposed = services.propose_target(acting(town.staff), draft())
    for step in (services.decide_target, services.decline_target):
        with pytest.raises(Forbidden, match="nicht selbst"):
            step(acting(town.staff), proposed.pk, "Vorlage")
    assert Target.objects.get().state == TargetState.PROPOSED


def test_the_database_refuses_one_person_in_both_places(town: Town) -> None:
    proposed = services.propose_target(acting(town.staff), draft())
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=proposed.pk).update(decided_by=town.staff)


def test_a_deputy_decides_nothing(town: Town) -> None:
    """What is decided outlasts the absence."""
    city = Organisation.objects.get(key="stadt")
    now = timezone.now()
    Deputyship.objects.create(
        represented=town.board, deputy=town.other_staff, organisation=city,
        since=now - timedelta(days=1), until=now + timedelta(days=1),
    )  # fmt: skip
    proposed = services.propose_target(acting(town.staff), draft())
    with pytest.raises(Forbidden):
        services.decide_target(acting(town.other_staff), proposed.pk, "Vorlage")


def test_whoever_a_deputy_proposed_for_does_not_decide(town: Town) -> None:
    Role.objects.filter(key="board").update(permissions=[PROPOSE_TARGETS.key, DECIDE_TARGETS.key])
    now = timezone.now()
    Deputyship.objects.create(
        represented=town.board, deputy=town.stranger, organisation=Organisation.objects.get(key="stadt"),
        since=now - timedelta(days=1), until=now + timedelta(days=1),
    )  # fmt: skip
    proposed = services.propose_target(acting(town.stranger), draft())
    assert proposed.proposed_for == sorted([town.board.pk, town.stranger.pk])
    with pytest.raises(Forbidden, match="nicht selbst"):
        services.decide_target(acting(town.board), proposed.pk, "Vorlage")


def test_neither_token_nor_platform_decides(town: Town) -> None:
    proposed = services.propose_target(acting(town.staff), draft())
    token = ApiToken(pk=1, scopes=[DECIDE_TARGETS.key, PROPOSE_TARGETS.key], issued_by=town.board)
    machine = Actor.for_token(token, organisations=frozenset({1}))
    for actor in (machine, Actor.system("job:x")):
        with pytest.raises(Forbidden, match="Mensch"):
            services.decide_target(actor, proposed.pk, "Vorlage")
        with pytest.raises(Forbidden, match="Mensch"):
            services.propose_target(actor, draft())
    with pytest.raises(SignInNeeded):
        services.propose_target(Actor.anonymous(), draft())


@pytest.mark.parametrize("reference", ["", "  ", "x" * 201, "a\nb", "a\x00b"])
def test_a_decision_says_where_it_stands(town: Town, reference: str) -> None:
    proposed = services.propose_target(acting(town.staff), draft())
    with pytest.raises(Invalid):
        services.decide_target(acting(town.board), proposed.pk, reference)


def test_a_decided_target_is_decided_once(town: Town) -> None:
    found = town.decided()
    for step in (services.decide_target, services.decline_target):
        with pytest.raises(Conflict):
            step(acting(town.board), found.pk, "Vorlage")
    with pytest.raises(Conflict):
        services.withdraw_target(acting(town.staff), found.pk)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "K99.9-99"}, "code"),
        ({"measure": "M-9.9.9"}, "measure"),
        ({"figure": "waste.fill"}, "figure"),
        ({"place_id": 10**9}, "place_id"),
        ({"low": None}, "low"),
        ({"low": 5.0, "high": 4.0}, "low"),
        ({"low": float("nan")}, "low"),
        ({"high": float("inf")}, "high"),
        ({"low": 1e300}, "low"),
        ({"tolerance": -1.0}, "tolerance"),
        ({"base_value": 3.0}, "base_on"),
        ({"base_value": 3.0, "base_on": date(2029, 1, 1)}, "due"),
        ({"due": date(2020, 1, 1)}, "due"),
        ({"path": ((date(2030, 1, 1), 1.0, None),)}, "path"),
        ({"path": ((date(2025, 1, 1), None, None),)}, "path"),
        ({"path": ((date(2025, 1, 1), 2.0, 1.0),)}, "path"),
        ({"path": tuple((date(2022, 1, 1) + timedelta(days=n), 1.0, None) for n in range(41))}, "path"),
        ({"due": None, "path": ((date(2025, 1, 1), 1.0, None),)}, "path"),
        ({"reason": ""}, "reason"),
        ({"reason": "\u202egut"}, "reason"),
        ({"frame": "x" * 61}, "frame"),
    ],
)
def test_a_broken_proposal_names_the_field_and_leaves_nothing(
    town: Town, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        services.propose_target(acting(town.staff), draft(**more))
    assert field in {item.field for item in caught.value.fields}
    assert not Target.objects.exists()


def test_a_target_of_zero_is_a_target(town: Town) -> None:
    """Row 9: Vision Zero."""
    found = soll_of(town.decided(low=None, high=0.0))
    assert found is not None
    assert found.final == Range(None, 0)


def test_a_revision_leaves_the_earlier_one_for_its_days(town: Town) -> None:
    """Two dates: from when it holds, and when it was decided."""
    first = town.decided(valid_from=date(2021, 1, 1), low=50.0)
    known = timezone.now()
    second = town.decided(valid_from=date(2024, 1, 1), low=60.0)
    assert [one.pk for one in list_targets(on=date(2023, 12, 31))] == [first.pk]
    assert [one.pk for one in list_targets(on=date(2024, 1, 1))] == [second.pk]
    assert [one.pk for one in list_targets(on=date(2026, 1, 1), known=known)] == [first.pk]
    assert list_targets(known=datetime(2020, 1, 1, tzinfo=UTC)) == []
    assert [one.pk for one in list_revisions(first)] == [second.pk, first.pk]


def test_of_one_day_the_later_decision_counts(town: Town) -> None:
    town.decided(low=50.0)
    second = town.decided(low=60.0)
    assert [one.pk for one in list_targets()] == [second.pk]


def test_a_line_ends_by_decision_too(town: Town) -> None:
    first = town.decided()
    town.decided(ends=True, low=None, valid_from=date(2025, 1, 1))
    assert list_targets(on=date(2025, 1, 1)) == []
    assert [one.pk for one in list_targets(on=date(2024, 12, 31))] == [first.pk]


def test_several_frames_stand_beside_each_other_on_one_record(town: Town) -> None:
    """§5.3, row 23: the funder's and the city's target, one indicator, one series of values."""
    town.give(40.0)
    town.decided(low=60.0)
    town.decided(low=35.0, frame="Fördergeber")
    assert [(one.frame, one.low) for one in list_targets(code=CODE)] == [("", 60.0), ("Fördergeber", 35.0)]


def test_what_was_written_is_kept_by_the_database(town: Town) -> None:
    found = town.decided()
    for change in (
        {"low": 1.0},
        {"reason": "anders"},
        {"valid_from": date(2022, 1, 1)},
        {"is_example": True},
    ):
        with pytest.raises(DatabaseError, match="keeps"), transaction.atomic():
            Target.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(DatabaseError, match="keeps"), transaction.atomic():
        Target.objects.filter(pk=found.pk).delete()


def test_a_proposal_can_be_taken_back_and_declined(town: Town) -> None:
    first = services.propose_target(acting(town.staff), draft())
    second = services.propose_target(acting(town.staff), draft(measure=MEASURE))
    services.withdraw_target(acting(town.staff), first.pk)
    services.decline_target(acting(town.board), second.pk, "Zu früh")
    assert [one.state for one in Target.objects.order_by("pk")] == [
        TargetState.WITHDRAWN,
        TargetState.DECLINED,
    ]
    assert list_targets() == []


def test_the_right_ends_with_the_role(town: Town) -> None:
    """R-15."""
    proposed = services.propose_target(acting(town.staff), draft())
    now = timezone.now()
    Membership.objects.filter(user=town.board).update(
        since=now - timedelta(days=2), until=now - timedelta(days=1)
    )
    with pytest.raises(Forbidden):
        services.decide_target(acting(town.board), proposed.pk, "Vorlage")


def test_an_example_is_no_target_of_the_city(town: Town) -> None:
    system = Actor.system("demo:steering")
    example = services.propose_target(system, replace(draft(), is_example=True))
    services.decide_target(system, example.pk, "Beispiel")
    assert list_targets(examples=False) == []
    assert [one.is_example for one in list_targets()] == [True]
