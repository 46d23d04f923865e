"""What happens by itself."""

from stadt.apps.issues.reporting.services import forget_old_reports
from stadt.core.people.actor import Actor


def forget() -> None:
    """Every day: forget what is only needed to notice that a report is sent again."""
    forget_old_reports(Actor.system("job:issues.forget"))
