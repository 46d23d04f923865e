"""What everybody sees of reports, what those see who make them, and whether a report can be made again byte for byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.reports import snapshot as snapshots
from stadt.apps.reports.models import Calendar, KeptSnapshot, Report, ReportFile
from stadt.apps.reports.rights import PRODUCE, RELEASE
from stadt.apps.reports.services import after_months, files_of
from stadt.apps.reports.snapshot import FORM, Snapshot
from stadt.apps.reports.workflow import KINDS, Kind, State
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Due:
    """When a kind of report is due next; `calendar` is None where nobody settled it."""

    kind: Kind
    calendar: Calendar | None

    @property
    def is_overdue(self) -> bool:
        return bool(self.calendar and self.calendar.next_due < timezone.localdate())


@dataclass(frozen=True, slots=True)
class Compared:
    """One file made again: its checksum then and now."""

    form: str
    kept: str
    made: str

    @property
    def is_same(self) -> bool:
        return self.kept == self.made


def may_work(actor: Actor) -> bool:
    """Whether somebody makes reports or releases them."""
    return actor.can(PRODUCE) or actor.can(RELEASE)


def list_released(most: int = 200) -> Sequence[Report]:
    """The public reports with their snapshots, newest first. One query."""
    found = Report.objects.filter(state=State.RELEASED).select_related("snapshot")
    return list(found.order_by("-released_at", "-pk")[:most])


def list_in_work(actor: Actor, most: int = 200) -> Sequence[Report]:
    """Reports not released yet, newest first; discarded ones are left out. Raises Forbidden."""
    if not may_work(actor):
        actor.require(PRODUCE)
    hidden = (State.RELEASED, State.DISCARDED)
    return list(Report.objects.exclude(state__in=hidden).order_by("-ordered_at", "-pk")[:most])


def get_report(actor: Actor, report_id: int) -> Report:
    """A released report for everybody, any other for those who work on reports. Raises NotFound."""
    found = Report.objects.select_related("snapshot").filter(pk=report_id).first()
    if found is None or (found.state != State.RELEASED and not may_work(actor)):
        raise NotFound(gettext("Diesen Bericht gibt es nicht."))
    return found


def get_file(actor: Actor, report_id: int, form: str) -> ReportFile:
    """A file of a report one may see. Raises NotFound."""
    report = get_report(actor, report_id)
    found = ReportFile.objects.filter(report=report, form=form).first() if form.isalnum() else None
    if found is None:
        raise NotFound(gettext("Diese Datei gibt es nicht."))
    return found


def get_snapshot(kept: KeptSnapshot) -> Snapshot:
    """The snapshot of a row, checked against its checksum.

    Raises:
        NotFound: it is of another form than this release reads, or not what its checksum says.
    """
    content = bytes(kept.content)
    try:
        found = snapshots.decode(content)
    except msgspec.DecodeError:
        found = None
    if found is None or found.form != FORM or snapshots.digest(content) != kept.digest:
        raise NotFound(gettext("Dieser Stand lässt sich mit dieser Programmfassung nicht lesen."))
    return found


def find_snapshot(report: Report) -> Snapshot | None:
    """The snapshot of a report; None where it has none that this release reads."""
    try:
        return get_snapshot(report.snapshot) if report.snapshot else None
    except NotFound:
        return None


def compare_again(actor: Actor, report_id: int) -> list[Compared]:
    """Make all files of a report again from its snapshot, and compare. Raises Forbidden, NotFound, Unavailable."""
    if not may_work(actor):
        actor.require(PRODUCE)
    report = get_report(actor, report_id)
    if report.snapshot is None:
        raise NotFound(gettext("Dieser Bericht hat noch keinen Stand."))
    made = files_of(get_snapshot(report.snapshot))
    kept = dict(ReportFile.objects.filter(report=report).values_list("form", "digest"))
    return [Compared(form, kept.get(form, ""), snapshots.digest(content)) for form, content in made.items()]


def list_due() -> list[Due]:
    """The calendar: each regular kind of report with its next day."""
    kept = {calendar.kind: calendar for calendar in Calendar.objects.all()}
    return [Due(kind, kept.get(kind.key)) for kind in KINDS.values() if kind.is_regular]


def proposed_day(kind: Kind) -> date:
    """Half a year or whatever is usual from today, as a proposal for the form."""
    return after_months(timezone.localdate(), kind.months)
