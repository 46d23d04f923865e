"""Facts about files: ids only."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class FileChanged(Event):
    """What everybody may see of a subject's files changed: one was released, taken back, redacted, or all are gone."""

    subject: str
