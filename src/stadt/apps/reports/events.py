"""What this app tells."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class ReportReleased(Event):
    """A report can be read by everybody."""

    report_id: int
