"""Tables of the app, each beside the part that writes it."""

from stadt.apps.issues.reporting.models import ReceivedReport
from stadt.apps.issues.shown.models import DaySecret, PublicIssue, VoiceOfDay

__all__ = ["DaySecret", "PublicIssue", "ReceivedReport", "VoiceOfDay"]
