"""Tables of the app, each beside the part that writes it."""

from stadt.apps.issues.reporting.models import ReceivedReport
from stadt.apps.issues.shown.models import PublicIssue

__all__ = ["PublicIssue", "ReceivedReport"]
