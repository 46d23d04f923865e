"""Warnings: one for each rule and object, answered in time or climbing, cleared with their cause (M-16, M-17, row 17)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from stadt.apps.steering import listeners, services
from stadt.apps.steering.lines import today
from stadt.apps.steering.models import Answer, EarlyWarning, Notice
from stadt.apps.steering.public import open_warnings
from stadt.apps.steering.queries import public_answers
from stadt.apps.steering.rules import World
from stadt.apps.steering.states import AnswerKind, Level, WarningState
from stadt.apps.steering.terms import Terms
from stadt.apps.steering.tests.town import (
    CODE,
    KEYS,
    MEASURE,
    Dependency,
    Period,
    Town,
    open_town,
    yearly,
)
from stadt.apps.strategy.public import Measure
from stadt.core.errors import Conflict, Forbidden, Invalid
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.core.tests.people import acting
from stadt.hub.indicators import queries
from stadt.hub.indicators.events import FigureRevised
from stadt.hub.indicators.states import Origin

JOB = Actor.system("job:steering.sweep")
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
LOCMEM = override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")


def slipping(end: date = date(2030, 1, 1), owner: str = "amt", day: date | None = None) -> World:
    """A measure whose requirement ends after its own start, unless `end` is early enough."""
    before = Measure("M-1.2.1", "Vorher", state="in_implementation", period=Period(end=end))
    after = Measure(
        MEASURE, "Nachher", state="planned", owner=owner, period=Period(start=date(2028, 1, 1)),
        dependencies=(Dependency("M-1.2.1", "requires"),),
    )  # fmt: skip
    return World(day or today(), Terms(), {one.code: one for one in (before, after)}, {})


def raised(town: Town, **more: Any) -> EarlyWarning:
    services.sweep_warnings(JOB, slipping(**more))
    return EarlyWarning.objects.get(cleared_at=None)


def test_a_simulated_slip_raises_exactly_one_warning(town: Town) -> None:
    assert services.sweep_warnings(JOB, slipping()) == (1, 0)
    assert services.sweep_warnings(JOB, slipping()) == (0, 0)
    [warning] = EarlyWarning.objects.all()
    assert (warning.rule, warning.subject, warning.level) == (
        "dependency_slip",
        f"{MEASURE}/M-1.2.1",
        Level.OWNER,
    )
    assert warning.answer_by == Terms().after_working_days(today(), 10)


def test_it_clears_itself_when_the_cause_is_gone_and_can_come_again(town: Town) -> None:
    first = raised(town)
    assert services.sweep_warnings(JOB, slipping(end=date(2027, 1, 1))) == (0, 1)
    first.refresh_from_db()
    assert first.state == WarningState.CLEARED
    assert services.sweep_warnings(JOB, slipping()) == (1, 0)
    assert EarlyWarning.objects.count() == 2


@hypothesis_settings(max_examples=10)
@given(st.lists(st.sampled_from(["slip", "fine", "answer", "climb"]), max_size=8))
@pytest.mark.django_db(transaction=False)
def test_whatever_happens_there_is_at_most_one_open_warning_for_a_rule_and_object(steps: list[str]) -> None:
    with transaction.atomic():
        with open_town() as town:
            for step in steps:
                if step in {"slip", "fine"}:
                    services.sweep_warnings(
                        JOB, slipping(date(2030, 1, 1) if step == "slip" else date(2027, 1, 1))
                    )
                elif step == "climb":
                    services.climb_due(JOB, date(2040, 1, 1))
                else:
                    for warning in EarlyWarning.objects.filter(cleared_at=None):
                        services.answer_warning(acting(town.staff), warning.pk, AnswerKind.ACCEPT, "Bekannt.")
                standing = EarlyWarning.objects.filter(cleared_at=None).values_list("rule", "subject")
                assert len(standing) == len(set(standing)) <= 1
            last = next((step for step in reversed(steps) if step in {"slip", "fine"}), "fine")
            assert EarlyWarning.objects.filter(cleared_at=None).exists() is (last == "slip")
        transaction.set_rollback(True)


def test_the_database_keeps_a_second_one_away(town: Town) -> None:
    warning = raised(town)
    with pytest.raises(DatabaseError), transaction.atomic():
        EarlyWarning.objects.create(rule=warning.rule, subject=warning.subject, answer_by=today())


def test_a_sweep_that_fails_leaves_nothing_half_done(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError("gone")

    monkeypatch.setattr("stadt.apps.steering.services.warnings.record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.sweep_warnings(JOB, slipping())
    assert not EarlyWarning.objects.exists()
    assert not Notice.objects.exists()


# -- answers -------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_and_stops_the_clock(town: Town) -> None:
    warning = raised(town)
    services.answer_warning(acting(town.owner), warning.pk, AnswerKind.ACCEPT, "Wir warten zwei Monate.")
    warning.refresh_from_db()
    assert warning.state == WarningState.ANSWERED
    assert services.climb_due(JOB, date(2040, 1, 1)) == 0
    assert services.sweep_warnings(JOB, slipping()) == (0, 0)
    assert AuditEntry.objects.filter(verb="answer_warning", subject=f"warning:{warning.pk}").exists()
    with pytest.raises(DatabaseError, match="keeps"), transaction.atomic():
        Answer.objects.update(text="anders")


def test_an_answer_that_is_used_up_is_asked_for_again(town: Town) -> None:
    """M-17: an action has a day by which it shows."""
    warning = raised(town)
    until = today() + timedelta(days=30)
    services.answer_warning(acting(town.owner), warning.pk, AnswerKind.ACTION, "Wir holen auf.", until=until)
    services.sweep_warnings(JOB, slipping(day=until))
    warning.refresh_from_db()
    assert warning.state == WarningState.ANSWERED
    services.sweep_warnings(JOB, slipping(day=until + timedelta(days=1)))
    warning.refresh_from_db()
    assert (warning.state, warning.level) == (WarningState.OPEN, Level.OWNER)


@pytest.mark.parametrize(
    ("kind", "text", "more", "field"),
    [
        (AnswerKind.ACTION, "x", {}, "until"),
        (AnswerKind.REPLAN, "x", {}, "until"),
        (AnswerKind.ACCEPT, "", {}, "text"),
        (AnswerKind.ACCEPT, "x" * 1501, {}, "text"),
        (AnswerKind.ACCEPT, "x", {"until": date(2020, 1, 1)}, "until"),
        (AnswerKind.ACCEPT, "x", {"public_text": "x" * 601}, "public_text"),
        (AnswerKind.ACCEPT, "a\x00b", {}, "text"),
    ],
)
def test_a_broken_answer_names_the_field(
    town: Town, kind: AnswerKind, text: str, more: dict[str, Any], field: str
) -> None:
    warning = raised(town)
    with pytest.raises(Invalid) as caught:
        services.answer_warning(acting(town.owner), warning.pk, kind, text, **more)
    assert [item.field for item in caught.value.fields] == [field]
    assert not Answer.objects.exists()


def test_only_who_is_responsible_answers(town: Town) -> None:
    town.measures[MEASURE] = Measure(MEASURE, "Woanders", owner="stab")
    warning = raised(town)
    for user in (town.owner, town.stranger):
        with pytest.raises(Forbidden):
            services.answer_warning(acting(user), warning.pk, AnswerKind.ACCEPT, "x")
    with pytest.raises(Forbidden, match="Mensch"):
        services.answer_warning(JOB, warning.pk, AnswerKind.ACCEPT, "x")
    services.answer_warning(acting(town.board), warning.pk, AnswerKind.ACCEPT, "Bekannt.")


def test_a_warning_whose_cause_is_gone_is_not_answered(town: Town) -> None:
    warning = raised(town)
    services.sweep_warnings(JOB, slipping(end=date(2027, 1, 1)))
    with pytest.raises(Conflict):
        services.answer_warning(acting(town.owner), warning.pk, AnswerKind.ACCEPT, "x")


def test_everybody_reads_only_what_was_meant_for_everybody(town: Town) -> None:
    """M-20."""
    warning = raised(town)
    services.answer_warning(
        acting(town.owner),
        warning.pk,
        AnswerKind.ACCEPT,
        "Intern: das Personal fehlt.",
        public_text="Es dauert länger.",
    )
    assert [text for _day, text in public_answers(MEASURE)] == ["Es dauert länger."]


def test_an_answer_is_of_the_day_in_the_city(town: Town) -> None:
    """Late in the evening it is still yesterday elsewhere."""
    late = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    Answer.objects.create(
        warning=raised(town), kind=AnswerKind.ACCEPT, text="Nachts", public_text="Bald.", answered_at=late
    )
    assert public_answers(MEASURE) == [(date(2026, 11, 2), "Bald.")]


def test_warnings_are_seen_by_those_who_steer_only(town: Town) -> None:
    raised(town)
    assert len(open_warnings(acting(town.owner), MEASURE)) == 1
    assert open_warnings(acting(town.owner), CODE) == []
    assert open_warnings(acting(town.stranger)) == []
    assert open_warnings(Actor.anonymous()) == []


# -- climbing and mails --------------------------------------------------------------------------------------------


def test_what_nobody_answers_climbs_to_the_board_and_no_further(town: Town) -> None:
    """M-16: owner, then Stabsstelle, then Verwaltungsvorstand."""
    warning = raised(town)
    told = [set(Notice.objects.filter(level=Level.OWNER).values_list("user", flat=True))]
    for level in (Level.STAFF, Level.BOARD):
        warning.refresh_from_db()
        assert services.climb_due(JOB, warning.answer_by) == 0
        assert services.climb_due(JOB, warning.answer_by + timedelta(days=1)) == 1
        warning.refresh_from_db()
        assert warning.level == level
        told.append(set(Notice.objects.filter(level=level).values_list("user", flat=True)))
    assert told == [{town.owner.pk}, {town.staff.pk, town.other_staff.pk}, {town.board.pk}]
    assert services.climb_due(JOB, date(2040, 1, 1)) == 0


def test_without_an_owner_the_staff_is_asked_first(town: Town) -> None:
    town.measures[MEASURE] = Measure(MEASURE, "Ohne", state="planned")
    assert raised(town, owner="").level == Level.STAFF


@LOCMEM
def test_a_person_gets_one_mail_a_day_for_all_warnings(town: Town) -> None:
    for number in range(30):
        services.raise_revision(JOB, number, CODE, MEASURE, {"old": 1.0, "new": 2.0})
    assert services.send_digests(JOB, MONDAY) == 1
    assert services.send_digests(JOB, MONDAY + timedelta(hours=1)) == 0
    [message] = mail.outbox
    assert message.to == [town.owner.email]
    assert "30" in message.subject
    assert message.body.count("Wert wurde berichtigt") == 10
    services.raise_revision(JOB, 31, CODE, MEASURE, {"old": 1.0, "new": 2.0})
    assert services.send_digests(JOB, MONDAY + timedelta(hours=2)) == 0
    assert services.send_digests(JOB, MONDAY + timedelta(days=1)) == 1


@LOCMEM
@pytest.mark.parametrize(
    "moment", [MONDAY.replace(hour=3), MONDAY.replace(hour=20), MONDAY - timedelta(days=1)]
)
def test_nights_and_sundays_are_quiet(town: Town, moment: datetime) -> None:
    raised(town)
    assert services.send_digests(JOB, moment) == 0
    assert mail.outbox == []


@LOCMEM
def test_nobody_hears_of_what_is_settled_meanwhile(town: Town) -> None:
    raised(town)
    services.sweep_warnings(JOB, slipping(end=date(2027, 1, 1)))
    assert services.send_digests(JOB, MONDAY) == 0
    assert not Notice.objects.exists()


# -- values that were corrected --------------------------------------------------------------------------------------


def test_a_corrected_value_warns_once_until_it_is_answered(town: Town) -> None:
    town.give(50.0)
    town.decided(measure=MEASURE)
    event = FigureRevised(KEYS[CODE], 12, 50.0, 45.0)
    listeners.figure_revised(event)
    listeners.figure_revised(event)
    [warning] = EarlyWarning.objects.all()
    services.sweep_warnings(JOB, slipping(end=date(2027, 1, 1)))
    warning.refresh_from_db()
    assert warning.state == WarningState.OPEN, "looking for causes does not end what an event began"
    services.answer_warning(acting(town.owner), warning.pk, AnswerKind.ACCEPT, "Richtig so.")
    warning.refresh_from_db()
    assert warning.state == WarningState.CLEARED


@pytest.mark.parametrize(
    "other",
    [
        {"simulated": True},
        {"place_id": 7},
        {"series": "per_head"},
        {"dimensions": {"type": "glass"}},
        {"origin": Origin.DERIVED},
    ],
)
def test_a_corrected_value_that_no_target_is_judged_by_warns_nobody(
    town: Town, monkeypatch: pytest.MonkeyPatch, other: dict[str, object]
) -> None:
    """One correction of a year moves several means, and nobody answers for invented numbers."""
    town.decided(measure=MEASURE)
    value = yearly(CODE, 2024, 45.0, **other)
    monkeypatch.setattr(queries, "find_value", lambda _pk: value)
    listeners.figure_revised(FigureRevised(KEYS[CODE], 12, 50.0, 45.0))
    assert not EarlyWarning.objects.exists()


def test_a_value_without_target_may_be_corrected_in_peace(town: Town) -> None:
    listeners.figure_revised(FigureRevised(KEYS[CODE], 12, 50.0, 45.0))
    assert not EarlyWarning.objects.exists()


def test_an_example_writes_to_nobody(town: Town) -> None:
    world = slipping()
    from stadt.apps.steering.forecast import Outlook
    from stadt.apps.steering.verdicts import Verdict

    example = Verdict(CODE, target_id=1, outlook=Outlook.OFF_TRACK, is_example=True, simulated=True)
    services.sweep_warnings(JOB, replace(world, measures={}, verdicts=(example,)))
    assert EarlyWarning.objects.get().is_example
    assert not Notice.objects.exists()
