"""What this app tells."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class ReportReleased(Event):
    """A report can be read by everybody; `is_example`: it was made up for the demo."""

    report_id: int
    is_example: bool = False
