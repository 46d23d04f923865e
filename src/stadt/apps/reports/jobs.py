"""What the worker does."""

from stadt.apps.reports.services import produce_report
from stadt.core.people.actor import Actor


def produce(report_id: int) -> None:
    """Make a report that was ordered; again after a worker died."""
    produce_report(Actor.system("job:reports.produce"), report_id)
