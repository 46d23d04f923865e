""" "Erfolgreich umgesetzt" needs four things and two people (M-13, M-14, row 11)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stadt.apps.steering import services
from stadt.apps.steering.gate import Condition, gate_of
from stadt.apps.steering.models import Evaluation, InfluenceCheck
from stadt.apps.steering.rights import ASSESS, CONFIRM
from stadt.apps.steering.states import EvaluationState, Outcome, Rule
from stadt.apps.steering.tests.town import CODE, DAY, MEASURE, SECOND, Town, check
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, Deputyship, Organisation, Role
from stadt.core.tests.people import acting


@pytest.fixture
def ready(town: Town) -> Town:
    """Everything is met: the value is in range, the measure implemented, the influences checked."""
    town.give(40.0, 50.0, 55.0, 58.0, 61.0, 65.0)
    town.decided()
    check(acting(town.staff))
    return town


def propose(town: Town, outcome: Outcome = Outcome.SUCCESSFUL, on: date = DAY) -> Evaluation:
    return services.propose_evaluation(acting(town.staff), MEASURE, outcome, on, "Das Ziel ist erreicht.")


def test_a_second_person_makes_it_so(ready: Town) -> None:
    evaluation = propose(ready)
    assert evaluation.state == EvaluationState.PROVISIONAL
    assert ready.recorded == []
    services.confirm_evaluation(acting(ready.other_staff), evaluation.pk)
    assert ready.recorded == [(MEASURE, "successful", f"user:{ready.staff.pk}")]


def test_the_owner_alone_cannot(ready: Town) -> None:
    """R-16: not even with every right in the own office."""
    Role.objects.filter(key="owner").update(permissions=["*"])
    actor = acting(ready.owner)
    check(actor)
    evaluation = services.propose_evaluation(actor, MEASURE, Outcome.SUCCESSFUL, DAY, "Erreicht.")
    with pytest.raises(Forbidden, match="nicht selbst"):
        services.confirm_evaluation(acting(ready.owner), evaluation.pk)
    assert ready.recorded == []


def test_whoever_checked_the_influences_does_not_confirm(ready: Town) -> None:
    check(acting(ready.other_staff))
    evaluation = propose(ready)
    with pytest.raises(Forbidden, match="nicht selbst"):
        services.confirm_evaluation(acting(ready.other_staff), evaluation.pk)


def test_the_same_person_by_another_way_is_the_same_person(ready: Town) -> None:
    """Proposed as somebody's deputy: neither of the two confirms."""
    now = timezone.now()
    Deputyship.objects.create(
        represented=ready.other_staff, deputy=ready.stranger, organisation=Organisation.objects.get(key="stab"),
        since=now - timedelta(days=1), until=now + timedelta(days=1),
    )  # fmt: skip
    actor = acting(ready.stranger)
    evaluation = services.propose_evaluation(actor, MEASURE, Outcome.SUCCESSFUL, DAY, "Erreicht.")
    assert evaluation.proposed_for == sorted([ready.other_staff.pk, ready.stranger.pk])
    with pytest.raises(Forbidden, match="nicht selbst"):
        services.confirm_evaluation(acting(ready.other_staff), evaluation.pk)
    with pytest.raises(Forbidden):
        services.confirm_evaluation(acting(ready.stranger), evaluation.pk)


def test_a_deputy_does_not_confirm(ready: Town) -> None:
    now = timezone.now()
    Deputyship.objects.create(
        represented=ready.other_staff, deputy=ready.stranger, organisation=Organisation.objects.get(key="stab"),
        since=now - timedelta(days=1), until=now + timedelta(days=1),
    )  # fmt: skip
    evaluation = propose(ready)
    with pytest.raises(Forbidden):
        services.confirm_evaluation(acting(ready.stranger), evaluation.pk)


def test_neither_token_nor_platform_confirms(ready: Town) -> None:
    evaluation = propose(ready)
    token = ApiToken(pk=1, scopes=[CONFIRM.key, ASSESS.key], issued_by=ready.other_staff)
    for actor in (Actor.for_token(token, organisations=frozenset({1})), Actor.system("job:x")):
        with pytest.raises(Forbidden, match="Mensch"):
            services.confirm_evaluation(actor, evaluation.pk)
        with pytest.raises(Forbidden, match="Mensch"):
            services.propose_evaluation(actor, MEASURE, Outcome.SUCCESSFUL, DAY, "Erreicht.")


def test_a_value_outside_its_range_is_no_success(ready: Town) -> None:
    ready.give(40.0, 50.0, 55.0)
    evaluation = propose(ready)
    with pytest.raises(Conflict, match="Ist-Werte im Soll"):
        services.confirm_evaluation(acting(ready.other_staff), evaluation.pk)


def test_a_measure_in_work_is_no_success(ready: Town) -> None:
    ready.state("in_implementation")
    evaluation = propose(ready)
    with pytest.raises(Conflict, match="Maßnahme abgeschlossen"):
        services.confirm_evaluation(acting(ready.other_staff), evaluation.pk)


@pytest.mark.parametrize("outcome", Outcome)
def test_without_influence_check_every_outcome_stays_provisional(town: Town, outcome: Outcome) -> None:
    """M-14."""
    town.give(65.0, first=2025)
    town.decided()
    evaluation = propose(town, outcome)
    with pytest.raises(Conflict, match="Einflussprüfung"):
        services.confirm_evaluation(acting(town.other_staff), evaluation.pk)
    assert Evaluation.objects.get().state == EvaluationState.PROVISIONAL


def test_the_day_of_evaluation_must_have_come(ready: Town) -> None:
    with pytest.raises(Invalid):
        propose(ready, on=date(2099, 1, 1))
    ready.state("implemented", evaluate_on=date(2026, 10, 1))
    with pytest.raises(Invalid):
        propose(ready, on=date(2026, 9, 30))
    assert propose(ready, on=date(2026, 10, 1)).state == EvaluationState.PROVISIONAL


def test_a_simulated_value_proves_nothing(ready: Town) -> None:
    ready.give(65.0, first=2025, simulated=True)
    assert not gate_of(MEASURE, DAY).met[Condition.RANGE]


def test_an_example_target_proves_nothing(town: Town) -> None:
    town.give(65.0, first=2025)
    system = Actor.system("demo:steering")
    from stadt.apps.steering.tests.town import draft

    example = services.propose_target(system, draft(is_example=True))
    services.decide_target(system, example.pk, "Beispiel")
    assert not gate_of(MEASURE, DAY).met[Condition.RANGE]


def test_the_value_of_the_day_counts_not_the_newest(ready: Town) -> None:
    """M-11: IST is the value valid at the evaluation date."""
    assert gate_of(MEASURE, DAY).met[Condition.RANGE]
    assert not gate_of(MEASURE, date(2023, 6, 1)).met[Condition.RANGE]


def test_numbers_that_changed_since_the_proposal_are_not_confirmed(ready: Town) -> None:
    evaluation = propose(ready)
    ready.give(40.0, 50.0, 55.0, 58.0, 61.0, 70.0)
    with pytest.raises(Conflict, match="geändert"):
        services.confirm_evaluation(acting(ready.other_staff), evaluation.pk)


def test_a_partial_outcome_needs_no_value_in_range(ready: Town) -> None:
    ready.give(40.0, 50.0, 55.0)
    evaluation = propose(ready, Outcome.PARTLY)
    services.confirm_evaluation(acting(ready.other_staff), evaluation.pk)
    assert ready.recorded == [(MEASURE, "partly", f"user:{ready.staff.pk}")]


def test_a_check_serves_one_evaluation(ready: Town) -> None:
    services.confirm_evaluation(acting(ready.other_staff), propose(ready).pk)
    assert not gate_of(MEASURE, DAY).met[Condition.INFLUENCES]
    check(acting(ready.staff))
    assert gate_of(MEASURE, DAY).met[Condition.INFLUENCES]


def test_a_new_proposal_replaces_the_one_before(ready: Town) -> None:
    first = propose(ready)
    second = propose(ready, Outcome.PARTLY)
    states = dict(Evaluation.objects.values_list("pk", "state"))
    assert states == {first.pk: EvaluationState.REFUSED, second.pk: EvaluationState.PROVISIONAL}
    with pytest.raises(Conflict):
        services.confirm_evaluation(acting(ready.other_staff), first.pk)


def test_a_refusal_says_why(ready: Town) -> None:
    evaluation = propose(ready)
    with pytest.raises(Invalid):
        services.refuse_evaluation(acting(ready.other_staff), evaluation.pk, " ")
    services.refuse_evaluation(acting(ready.other_staff), evaluation.pk, "Der Wert ist nicht belastbar.")
    assert ready.recorded == []


def test_what_was_checked_and_evaluated_is_kept_by_the_database(ready: Town) -> None:
    with pytest.raises(DatabaseError, match="keeps"), transaction.atomic():
        InfluenceCheck.objects.all().delete()
    evaluation = propose(ready)
    with pytest.raises(DatabaseError, match="keeps"), transaction.atomic():
        Evaluation.objects.filter(pk=evaluation.pk).update(outcome=Outcome.PARTLY)
    with pytest.raises(DatabaseError, match="keeps"), transaction.atomic():
        InfluenceCheck.objects.update(summary="anders")


# -- the rule for several indicators -------------------------------------------------------------------------------


@pytest.fixture
def two(ready: Town) -> Town:
    """A second main indicator that misses its target."""
    ready.give(10.0, code=SECOND, first=2025)
    ready.decided(code=SECOND)
    return ready


@pytest.mark.parametrize(
    ("rule", "weights", "needed", "is_met"),
    [
        (Rule.ALL_MAIN, {}, 1.0, False),
        (Rule.LEAD, {}, 1.0, True),
        (Rule.WEIGHTED, {}, 0.5, True),
        (Rule.WEIGHTED, {}, 0.6, False),
        (Rule.WEIGHTED, {CODE: 3.0}, 0.75, True),
        (Rule.WEIGHTED, {CODE: 0.0}, 0.1, False),
        (Rule.WEIGHTED, {CODE: 0.0, SECOND: 0.0}, 0.1, False),
    ],
)
def test_the_rule_of_the_measure_decides_over_several_indicators(
    two: Town, rule: Rule, weights: dict[str, float], needed: float, is_met: bool
) -> None:
    """§8.2: all main indicators, a weighted share, or the first one."""
    services.set_evaluation_rule(
        acting(two.staff), MEASURE, rule, main=[CODE, SECOND], weights=weights, needed=needed, reason="So."
    )
    assert gate_of(MEASURE, DAY).met[Condition.RANGE] is is_met


def test_all_main_indicators_is_the_default(two: Town) -> None:
    assert gate_of(MEASURE, DAY).rule.rule == Rule.ALL_MAIN


def test_without_main_indicators_nothing_is_proved(ready: Town) -> None:
    ready.measures[MEASURE] = ready.measures[MEASURE].__class__(MEASURE, "Ohne", state="implemented")
    assert gate_of(MEASURE, DAY).share is None
    assert not gate_of(MEASURE, DAY).met[Condition.RANGE]


def test_vision_zero_succeeds_where_probable_is_enough(town: Town) -> None:
    """The Poisson interval of no death in a year reaches above 0: it can only be "probably in range"."""
    town.give(0.0, first=2025, interval=(0.0, 3.689))
    town.decided(low=None, high=0.0)
    assert not gate_of(MEASURE, DAY).met[Condition.RANGE]
    services.set_evaluation_rule(
        acting(town.staff), MEASURE, Rule.ALL_MAIN, accepts_probable=True, reason="Zählung aller Fälle."
    )
    assert gate_of(MEASURE, DAY).met[Condition.RANGE]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"main": ["K99.9-99"]}, "main"),
        ({"weights": {CODE: -1.0}}, "weights"),
        ({"weights": {CODE: float("nan")}}, "weights"),
        ({"needed": 0.0}, "needed"),
        ({"needed": 1.1}, "needed"),
        ({"needed": float("nan")}, "needed"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_broken_rule_names_the_field(town: Town, more: dict[str, object], field: str) -> None:
    arguments = {"reason": "So.", **more}
    with pytest.raises(Invalid) as caught:
        services.set_evaluation_rule(acting(town.staff), MEASURE, Rule.WEIGHTED, **arguments)  # type: ignore[arg-type]
    assert [item.field for item in caught.value.fields] == [field]


def test_a_confirmation_and_a_new_proposal_take_their_locks_in_the_same_order(ready: Town) -> None:
    """Otherwise each could wait for the other, and one of the two would fail."""
    evaluation = propose(ready)
    with CaptureQueriesContext(connection) as confirming:
        services.confirm_evaluation(acting(ready.other_staff), evaluation.pk)
    with CaptureQueriesContext(connection) as proposing:
        propose(ready, Outcome.PARTLY)
    for queries in (confirming, proposing):
        locks = [
            "measure" if "steering.evaluate" in one["sql"] else "row"
            for one in queries
            if "steering.evaluate" in one["sql"]
            or ("FOR UPDATE" in one["sql"] and "steering_evaluation" in one["sql"])
        ]
        assert locks == ["measure", "row"]


def test_an_unknown_measure_is_not_evaluated(town: Town) -> None:
    with pytest.raises(NotFound):
        services.propose_evaluation(acting(town.staff), "M-9.9.9", Outcome.PARTLY, DAY, "x")


def test_assessing_needs_the_right(town: Town) -> None:
    Role.objects.filter(key="staff").update(permissions=[])
    with pytest.raises(Forbidden):
        check(acting(town.staff))
