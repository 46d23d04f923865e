"""Warnings: raised once for each rule and object, answered, climbing when nobody answers, cleared with their cause."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.steering import mails
from stadt.apps.steering.events import WarningAnswered, WarningRaised
from stadt.apps.steering.lines import today
from stadt.apps.steering.models import Answer, EarlyWarning, Notice
from stadt.apps.steering.persons import require_person, user_of
from stadt.apps.steering.recipients import first_level, may_answer, recipients
from stadt.apps.steering.rights import ANSWER
from stadt.apps.steering.rules import RULES, RULES_BY_KEY, Finding, World
from stadt.apps.steering.states import AnswerKind, Level, WarningState
from stadt.apps.steering.terms import terms
from stadt.apps.steering.texts import refuse, text_errors
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Forbidden, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.web.formats import local


@transaction.atomic
def sweep_warnings(actor: Actor, world: World) -> tuple[int, int]:
    """Raise what is new, clear what is gone, and ask again where an answer is used up; returns how many each.

    Running it again changes nothing: there is one warning at a time for each rule and object.
    """
    _lock()
    found: dict[tuple[str, str], tuple[str, Finding]] = {}
    for rule in RULES:
        for one in rule.find(world) if rule.find else ():
            found[rule.key, one.subject] = (rule.key, one)
    standing = {
        (one.rule, one.subject): one
        for one in EarlyWarning.objects.select_for_update().filter(cleared_at=None)
    }
    raised = cleared = 0
    for key, warning in standing.items():
        if key not in found and _is_found_by_looking(warning.rule):
            _clear(actor, warning)
            cleared += 1
    for key, (rule_key, one) in found.items():
        known = standing.get(key)
        if known is None:
            _raise(actor, rule_key, one, world.today)
            raised += 1
        else:
            _refresh(actor, known, one, world.today)
    return raised, cleared


@transaction.atomic
def raise_revision(
    actor: Actor, value_id: int, code: str, measure: str, facts: Mapping[str, float | None]
) -> None:
    """Warn that a value on which a target hangs was revised; once for each value while the warning stands."""
    _lock()
    subject = f"value:{value_id}"
    if not EarlyWarning.objects.filter(rule="revised_value", subject=subject, cleared_at=None).exists():
        _raise(actor, "revised_value", Finding(subject, measure, code, dict(facts)), today())


@transaction.atomic
def answer_warning(
    actor: Actor,
    pk: int,
    kind: AnswerKind,
    text: str,
    *,
    public_text: str = "",
    until: date | None = None,
) -> Answer:
    """Say what is done about a warning (M-17); the answer is kept for good.

    Args:
        public_text: what everybody reads beside the figure; empty: nothing.
        until: until when the answer holds. While the cause is still there afterwards, another is due.

    Raises:
        SignInNeeded, Forbidden: without `steering.answer` for the owner's organisation, or by a token.
        NotFound, Conflict: there is no such warning, or its cause is gone.
        Invalid: naming the field; action and re-planning need a day by which they show.
    """
    warning = EarlyWarning.objects.select_for_update().filter(pk=pk).first()
    if warning is None:
        raise NotFound(gettext("Diese Warnung gibt es nicht."))
    require_person(actor, ANSWER, is_example=warning.is_example)
    if not may_answer(actor, warning.measure, warning.code):
        raise Forbidden(gettext("Diese Warnung beantwortet die zuständige Stelle oder die Stabsstelle."))
    if warning.state == WarningState.CLEARED:
        raise Conflict(gettext("Die Ursache dieser Warnung besteht nicht mehr."))
    errors = text_errors("text", text, 1500) + text_errors("public_text", public_text, 600, needed=False)
    if kind in {AnswerKind.ACTION, AnswerKind.REPLAN} and until is None:
        errors.append(FieldError("until", gettext("fehlt: bis wann soll es wirken?")))
    if until is not None and until <= today():
        errors.append(FieldError("until", gettext("muss in der Zukunft liegen")))
    refuse(errors)
    answer = Answer.objects.create(
        warning=warning,
        kind=kind,
        text=text.strip(),
        public_text=public_text.strip(),
        until=until,
        is_example=warning.is_example,
        answered_by=user_of(actor),
    )
    if _is_found_by_looking(warning.rule):
        warning.state = WarningState.ANSWERED
        warning.save(update_fields=["state"])
    else:
        warning.state, warning.cleared_at = WarningState.CLEARED, timezone.now()
        warning.save(update_fields=["state", "cleared_at"])
    record(actor, "answer_warning", f"warning:{pk}", {"kind": str(kind), "public": bool(public_text.strip())})
    publish(WarningAnswered(pk))
    return answer


@transaction.atomic
def climb_due(actor: Actor, on: date) -> int:
    """Hand warnings that nobody answered in time to the next level; returns how many. The board is the last."""
    late = EarlyWarning.objects.select_for_update().filter(
        state=WarningState.OPEN, answer_by__lt=on, level__lt=Level.BOARD
    )
    count = 0
    for warning in late.order_by("pk"):
        warning.level += 1
        warning.climbed_at = timezone.now()
        warning.answer_by = terms().after_working_days(on, terms().answer_days)
        warning.save(update_fields=["level", "climbed_at", "answer_by"])
        _note(warning)
        record(actor, "climb_due", f"warning:{warning.pk}", {"level": int(warning.level)})
        count += 1
    return count


@transaction.atomic
def send_digests(actor: Actor, now: datetime) -> int:
    """Write one mail to each person whom warnings wait for, at most one a day and only in office hours; returns how many."""
    if not terms().may_mail(local(now)):
        return 0
    waiting = (
        Notice.objects.select_for_update(of=("self",))
        .filter(sent_at=None, user__is_active=True)
        .select_related("warning", "user")
        .order_by("user_id", "noted_at", "pk")
    )
    by_user: dict[User, list[Notice]] = {}
    for notice in waiting:
        by_user.setdefault(notice.user, []).append(notice)
    day_began = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    had_mail = set(
        Notice.objects.filter(sent_at__gte=day_began, user__in=by_user).values_list("user_id", flat=True)
    )
    sent = 0
    for user, notices in by_user.items():
        open_ones = [one.warning for one in notices if one.warning.state == WarningState.OPEN]
        if not open_ones:
            Notice.objects.filter(pk__in=[one.pk for one in notices]).delete()
        elif user.pk not in had_mail:
            mails.send_digest(user, open_ones)
            Notice.objects.filter(pk__in=[one.pk for one in notices]).update(sent_at=now)
            sent += 1
    if sent:
        record(actor, "send_digests", "steering", {"mails": sent})
    return sent


def _raise(actor: Actor, rule: str, finding: Finding, on: date) -> EarlyWarning:
    level = first_level(finding.measure, finding.code)
    warning = EarlyWarning.objects.create(
        rule=rule,
        subject=finding.subject,
        measure=finding.measure,
        code=finding.code,
        facts=dict(finding.facts),
        level=level,
        answer_by=terms().after_working_days(on, terms().answer_days),
        is_example=finding.is_example,
    )
    _note(warning)
    record(actor, "raise_warning", f"warning:{warning.pk}", {"rule": rule, "subject": finding.subject})
    publish(WarningRaised(warning.pk, rule))
    return warning


def _refresh(actor: Actor, warning: EarlyWarning, finding: Finding, on: date) -> None:
    """New numbers; and another answer is due once the last one is used up."""
    changed = []
    if warning.facts != dict(finding.facts):
        warning.facts = dict(finding.facts)
        changed.append("facts")
    last = warning.answers.order_by("-pk").first() if warning.state == WarningState.ANSWERED else None
    if last is not None and last.until is not None and last.until < on:
        warning.state, warning.level = WarningState.OPEN, first_level(warning.measure, warning.code)
        warning.answer_by = terms().after_working_days(on, terms().answer_days)
        Notice.objects.filter(warning=warning).delete()
        changed += ["state", "level", "answer_by"]
    if changed:
        warning.save(update_fields=changed)
    if "state" in changed:
        _note(warning)
        record(actor, "ask_again", f"warning:{warning.pk}")


def _clear(actor: Actor, warning: EarlyWarning) -> None:
    warning.state, warning.cleared_at = WarningState.CLEARED, timezone.now()
    warning.save(update_fields=["state", "cleared_at"])
    record(actor, "clear_warning", f"warning:{warning.pk}", {"rule": warning.rule})


def _note(warning: EarlyWarning) -> None:
    """Let the people of the level hear of it with the next mail; nobody is written to because of an example."""
    if not warning.is_example:
        Notice.objects.bulk_create(
            [
                Notice(warning=warning, user=user, level=warning.level)
                for user in recipients(warning.level, warning.measure, warning.code)
            ],
            ignore_conflicts=True,
        )


def _is_found_by_looking(rule: str) -> bool:
    known = RULES_BY_KEY.get(rule)
    return known is None or known.find is not None


def _lock() -> None:
    """One sweep at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('steering.sweep', 0))")
