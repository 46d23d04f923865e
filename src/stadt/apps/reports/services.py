"""Every write: order a report, make it, release it, make a sheet, settle the calendar."""

import logging
from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.reports import collecting
from stadt.apps.reports import snapshot as snapshots
from stadt.apps.reports.events import ReportReleased
from stadt.apps.reports.models import Calendar, KeptSnapshot, Report, ReportFile, Sheet
from stadt.apps.reports.papers import building
from stadt.apps.reports.papers.blocks import plain
from stadt.apps.reports.rights import PRODUCE, RELEASE
from stadt.apps.reports.snapshot import Snapshot
from stadt.apps.reports.workflow import KINDS, MOVES, State
from stadt.core import jobs
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, StadtError
from stadt.core.events import publish
from stadt.core.people.actor import Actor

logger = logging.getLogger("stadt.reports")

LONGEST_PAPER = 60
MOST_ASKS = 20
LONGEST_ASK = 500
MOST_MONTHS = 60
SHEET_KEPT = timedelta(hours=6)


@transaction.atomic
def order_report(
    actor: Actor, kind: str, *, paper: str = "", asks: str = "", is_example: bool = False
) -> Report:
    """Have a report made by the worker.

    Args:
        kind: a regular kind, such as `council`.
        paper: number of the council's paper, if it has one already.
        asks: the decisions asked of the council, one a line.

    Raises:
        Forbidden: without `reports.produce`.
        Invalid: naming the field.
    """
    actor.require(PRODUCE)
    errors = []
    if kind not in KINDS or not KINDS[kind].is_regular:
        errors.append(FieldError("kind", gettext("ist keine Art von Bericht")))
    if len(plain(paper)) > LONGEST_PAPER:
        errors.append(FieldError("paper", gettext("hat mehr als %(most)s Zeichen") % {"most": LONGEST_PAPER}))
    lines = [line for text in asks.splitlines() if (line := plain(text))]
    if len(lines) > MOST_ASKS:
        errors.append(FieldError("asks", gettext("nennt mehr als %(most)s") % {"most": MOST_ASKS}))
    if any(len(line) > LONGEST_ASK for line in lines):
        errors.append(
            FieldError(
                "asks", gettext("hat eine Zeile mit mehr als %(most)s Zeichen") % {"most": LONGEST_ASK}
            )
        )
    if errors:
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=tuple(errors))
    report = Report.objects.create(
        kind=kind,
        paper=plain(paper),
        asks="\n".join(lines),
        author=collecting.office_of(actor),
        ordered_by=_who(actor),
        is_example=is_example,
    )
    record(actor, "order_report", f"report:{report.pk}", {"kind": kind})
    jobs.defer("reports.produce", report_id=report.pk)
    return report


def produce_report(actor: Actor, report_id: int) -> None:
    """Take the snapshot and make the files; as often as it is called, a report gets one snapshot and one set of files.

    What goes wrong is told on the report; a process that dies leaves it as it was, and the queue calls again.
    """
    actor.require(PRODUCE)
    report = Report.objects.filter(pk=report_id, state=State.PRODUCING).first()
    if report is None:
        return
    try:
        _step(report, 1)
        snapshot = collecting.council(report)
        _step(report, 2)
        files = files_of(snapshot)
    except StadtError as error:
        fail_report(actor, report_id, error.detail)
        return
    except Exception:
        logger.exception("report %s could not be made", report_id)
        fail_report(
            actor, report_id, gettext("Es ist ein Fehler im Programm aufgetreten; er steht im Protokoll.")
        )
        return
    _step(report, 3)
    with transaction.atomic():
        locked = Report.objects.select_for_update().filter(pk=report_id, state=State.PRODUCING).first()
        if locked is None:
            return
        locked.snapshot = _keep(snapshot)
        locked.state, locked.made_at, locked.problem = State.DRAFT, timezone.now(), ""
        locked.save()
        ReportFile.objects.filter(report=locked).delete()
        for form, content in files.items():
            ReportFile.objects.create(
                report=locked, form=form, content=content, digest=snapshots.digest(content)
            )
        record(actor, "produce_report", f"report:{report_id}", {"snapshot": locked.snapshot_id})


@transaction.atomic
def fail_report(actor: Actor, report_id: int, problem: str) -> None:
    """Tell on the report why it could not be made; nothing of it is kept."""
    actor.require(PRODUCE)
    changed = Report.objects.filter(pk=report_id, state=State.PRODUCING).update(
        state=State.FAILED, problem=problem[:300], step=0
    )
    if changed:
        record(actor, "fail_report", f"report:{report_id}")


@transaction.atomic
def retry_report(actor: Actor, report_id: int) -> Report:
    """Make a report again that failed. Raises Forbidden, NotFound, Conflict."""
    actor.require(PRODUCE)
    report = _moved(report_id, State.PRODUCING)
    report.step, report.problem = 0, ""
    report.save()
    record(actor, "retry_report", f"report:{report_id}")
    jobs.defer("reports.produce", report_id=report_id)
    return report


@transaction.atomic
def release_report(actor: Actor, report_id: int) -> Report:
    """Let everybody read a report; from then on it stays as it is.

    Raises:
        Forbidden: without `reports.release`, or the one who had it made, also through a deputy.
        Conflict: it is no draft any more.
    """
    actor.require(RELEASE)
    report = _moved(report_id, State.RELEASED)
    if report.ordered_by in {_who(actor), *(f"user:{pk}" for pk in actor.on_behalf_of)}:
        raise Forbidden(
            gettext("Einen Bericht gibt jemand anderes frei als die Person, die ihn erstellen ließ.")
        )
    report.released_by, report.released_at = _who(actor), timezone.now()
    report.save()
    _move_calendar(report.kind, timezone.localdate())
    publish(ReportReleased(report.pk, report.is_example))
    record(actor, "release_report", f"report:{report_id}", {"snapshot": report.snapshot_id})
    return report


@transaction.atomic
def discard_report(actor: Actor, report_id: int) -> Report:
    """Take a draft or a failed report away; its files go, its snapshot stays. Raises Forbidden, NotFound, Conflict."""
    actor.require(PRODUCE)
    report = _moved(report_id, State.DISCARDED)
    report.save()
    ReportFile.objects.filter(report=report).delete()
    record(actor, "discard_report", f"report:{report_id}")
    return report


def make_sheet(actor: Actor, code: str) -> Sheet:
    """The sheet of a measure from what is public now; anybody may ask.

    A sheet that was looked at within six hours is given as it is; an older one is made again only if something in it
    changed. So its moment is when this state was first seen.

    Raises:
        NotFound: no such measure.
        Unavailable: too many are being made.
    """
    collecting.require_measure(code)
    now = timezone.now()
    sheet = Sheet.objects.select_related("snapshot").filter(code=code).first()
    if sheet is not None and sheet.checked_at > now - SHEET_KEPT:
        return sheet
    snapshot = collecting.sheet(code)
    if sheet is not None and snapshots.same_state(snapshots.decode(bytes(sheet.snapshot.content)), snapshot):
        sheet.checked_at = now
        sheet.save(update_fields=["checked_at"])
        return sheet
    made = building.build_files(snapshot)
    with transaction.atomic():
        kept = _keep(snapshot)
        sheet, _created = Sheet.objects.update_or_create(
            code=code, defaults={"snapshot": kept, "pdf": made.pdf, "docx": made.docx, "checked_at": now}
        )
        record(actor, "make_sheet", f"sheet:{code}", {"snapshot": kept.pk})
    return sheet


@transaction.atomic
def set_calendar(actor: Actor, kind: str, months: int, next_due: date) -> Calendar:
    """Settle how often a kind of report is due and when next. Raises Forbidden, Invalid."""
    actor.require(PRODUCE)
    errors = []
    if kind not in KINDS or not KINDS[kind].is_regular:
        errors.append(FieldError("kind", gettext("ist keine Art von Bericht")))
    if not 1 <= months <= MOST_MONTHS:
        errors.append(
            FieldError("months", gettext("liegt nicht zwischen 1 und %(most)s") % {"most": MOST_MONTHS})
        )
    if not date(2000, 1, 1) <= next_due <= date(2100, 1, 1):
        errors.append(FieldError("next_due", gettext("liegt zu weit weg")))
    if errors:
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=tuple(errors))
    kept, _created = Calendar.objects.update_or_create(
        kind=kind, defaults={"months": months, "next_due": next_due}
    )
    changes = {"months": months, "next_due": next_due.isoformat()}
    record(actor, "set_calendar", f"report_calendar:{kind}", changes)
    return kept


def files_of(snapshot: Snapshot) -> Mapping[str, bytes]:
    """All files of a snapshot by form. Raises Unavailable."""
    made = building.build_files(snapshot)
    return {"pdf": made.pdf, "docx": made.docx, "csv": building.build_csv(snapshot)}


def _keep(snapshot: Snapshot) -> KeptSnapshot:
    """The snapshot's row; one that is kept already is the same bytes."""
    content = snapshots.encode(snapshot)
    kept, _created = KeptSnapshot.objects.get_or_create(
        digest=snapshots.digest(content), defaults={"kind": snapshot.kind, "content": content}
    )
    return kept


def after_months(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _move_calendar(kind: str, today: date) -> None:
    """The next report is due an interval after the day this one was due, never in the past."""
    calendar = Calendar.objects.select_for_update().filter(kind=kind).first()
    if calendar is None:
        return
    due = calendar.next_due
    while due <= today:
        due = after_months(due, calendar.months)
    calendar.next_due = due
    calendar.save(update_fields=["next_due"])


def _moved(report_id: int, state: State) -> Report:
    report = Report.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise NotFound(gettext("Diesen Bericht gibt es nicht."))
    if state not in MOVES[State(report.state)]:
        raise Conflict(
            gettext("Der Bericht ist inzwischen in einem anderen Zustand. Bitte laden Sie die Seite neu.")
        )
    report.state = state
    return report


def _step(report: Report, step: int) -> None:
    """How far it is, for the page of those who wait; no part of the record."""
    Report.objects.filter(pk=report.pk, state=State.PRODUCING).update(step=step)


def _who(actor: Actor) -> str:
    return f"{actor.kind}:{actor.identifier}"
