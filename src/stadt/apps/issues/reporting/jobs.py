"""What happens by itself."""

from stadt.apps.issues.reporting.services import forget_old_reports
from stadt.apps.issues.shown.voices import forget_voices
from stadt.core.people.actor import Actor


def forget() -> None:
    """Every day: forget what is only needed to notice that a report is sent again."""
    forget_old_reports(Actor.system("job:issues.forget"))


def forget_day() -> None:
    """Every hour: delete the secrets of days that are over, and what was counted with them."""
    forget_voices()
