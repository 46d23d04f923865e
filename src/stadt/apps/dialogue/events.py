"""What this app tells."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class QuestionAnswered(Event):
    """A question about the strategy got its public answer."""

    question_id: int
    code: str
