"""What a person did can be exported and forgotten; the decisions of the city stay."""

from stadt.apps.steering import privacy, services
from stadt.apps.steering.models import Evaluation, InfluenceCheck, Notice, Target
from stadt.apps.steering.states import AnswerKind, Outcome
from stadt.apps.steering.tests.test_warnings import JOB, raised
from stadt.apps.steering.tests.town import DAY, MEASURE, Town, check
from stadt.core.tests.people import acting


def filled(town: Town) -> None:
    town.give(50.0, first=2025)
    town.decided()
    check(acting(town.staff))
    services.propose_evaluation(acting(town.staff), MEASURE, Outcome.PARTLY, DAY, "Teils.")
    services.answer_warning(acting(town.owner), raised(town).pk, AnswerKind.ACCEPT, "Bekannt.")


def test_a_person_gets_what_she_did(town: Town) -> None:
    filled(town)
    found = privacy.export(town.staff)
    assert {key: len(rows) for key, rows in found.items()} == {
        "targets": 1, "evaluation_rules": 0, "influence_checks": 1, "evaluations": 1, "answers": 0, "waiting_mails": 0,
    }  # fmt: skip
    assert len(privacy.export(town.owner)["answers"]) == 1
    assert len(privacy.export(town.owner)["waiting_mails"]) == 1
    assert not any(privacy.export(town.stranger).values())
    assert {key for rows in found.values() for row in rows for key in row} <= set(privacy.WORDS)


def test_a_person_is_forgotten_and_the_decision_stays(town: Town) -> None:
    filled(town)
    for user in (town.staff, town.owner, town.board):
        privacy.erase(user)
        assert not any(privacy.export(user).values())
        user.delete()
    assert (Target.objects.get().proposed_by, Target.objects.get().proposed_for) == (None, [])
    assert Evaluation.objects.get().reason == "Teils."
    assert InfluenceCheck.objects.get().checked_by is None
    assert not Notice.objects.exists()


def test_nobody_else_is_touched(town: Town) -> None:
    filled(town)
    privacy.erase(town.stranger)
    assert Target.objects.get().proposed_by == town.staff
    assert services.climb_due(JOB, DAY) == 0
