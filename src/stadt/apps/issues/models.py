"""Tables of the app, each beside the part that writes it."""

from stadt.apps.issues.reporting.models import ReceivedReport

__all__ = ["ReceivedReport"]
