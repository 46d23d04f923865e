"""How a measure answers the principles at a gate: the city's answers, and those of the partners in its team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import AnswerChoice, Gate
from stadt.apps.governance.models import ChecklistAnswer
from stadt.apps.governance.principles import Question, questions


@dataclass(frozen=True, slots=True)
class Line:
    """A question with its newest answer; `answer` is None while nobody answered. `name` is for insiders."""

    question: Question
    answer: AnswerChoice | None
    reason: str
    evidence_url: str
    name: str
    answered_at: datetime | None
    is_example: bool


def lines_of(code: str, gate: str, organisation: str = "") -> list[Line]:
    """The checklist of a measure at a gate, as the city (or a partner) answered it. One query.

    An answer counts for the question it was given to: once the question reads otherwise, it has to be answered anew.
    """
    rows = (
        ChecklistAnswer.objects.filter(code=code, gate=gate, organisation=organisation)
        .select_related("answered_by")
        .order_by("principle", "place", "-pk")
        .distinct("principle", "place")
    )
    newest = {(row.principle, row.place): row for row in rows}
    return [_line(one, newest.get((one.principle, one.place))) for one in questions()]


def is_complete(lines: Sequence[Line]) -> bool:
    """Whether there are questions and each is answered."""
    return bool(lines) and all(line.answer is not None for line in lines)


def partners_without_answers(code: str, gate: str) -> list[str]:
    """Names of the organisations that take part in a measure and have not answered every question themselves."""
    return [name for key, name in strategy.partners_of(code) if not is_complete(lines_of(code, gate, key))]


def last_gate(code: str) -> Gate | None:
    """The latest gate at which a measure has any answer of the city."""
    held = set(ChecklistAnswer.objects.filter(code=code, organisation="").values_list("gate", flat=True))
    return next((gate for gate in reversed(Gate) if gate.value in held), None)


def _line(question: Question, row: ChecklistAnswer | None) -> Line:
    if row is None or row.question != question.text:
        return Line(question, None, "", "", "", None, is_example=False)
    return Line(
        question=question,
        answer=AnswerChoice(row.answer),
        reason=row.reason,
        evidence_url=row.evidence_url,
        name=row.answered_by.get_full_name() if row.answered_by else "",
        answered_at=row.answered_at,
        is_example=row.is_example,
    )
