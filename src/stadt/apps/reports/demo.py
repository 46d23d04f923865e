"""An example council report for the demo city, made from whatever the demo city knows, and marked as an example."""

from collections.abc import Callable

from django.utils.translation import gettext_noop as _

from stadt.apps.reports import services
from stadt.apps.reports.models import Report
from stadt.apps.reports.workflow import State
from stadt.core.people.actor import Actor

OFFICE, HEAD = Actor.system("demo"), Actor.system("demo:head")
ASKS = _("Beispiel: Der Rat nimmt den Bericht zur Kenntnis.")
DONE = _("Ratsbericht (Beispiel)")


def fill(progress: Callable[[str], None]) -> None:
    """Make and release one, unless there is one."""
    if Report.objects.filter(is_example=True, state=State.RELEASED).exists():
        return
    report = services.order_report(OFFICE, "council", asks=ASKS, is_example=True)
    services.produce_report(OFFICE, report.pk)
    report.refresh_from_db()
    if report.state == State.DRAFT:
        services.release_report(HEAD, report.pk)
    progress(DONE)


def clear() -> None:
    """Remove the example; its snapshot stays, as every snapshot does."""
    Report.objects.filter(is_example=True).delete()
