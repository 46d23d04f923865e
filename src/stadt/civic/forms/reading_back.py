"""Answers to read: step by step, without what was not asked or not answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stadt.civic.forms.definition import FieldDefinition, FormDefinition, Kind, Step
from stadt.civic.forms.wording import answer_lines, positions


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One answer: the question, the lines, and the points of something drawn."""

    field: FieldDefinition
    title: str
    lines: Sequence[str]
    points: Sequence[str]
    answer: Any


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step with its answers."""

    step: Step
    title: str
    answers: Sequence[ShownAnswer]


def shown_answers(
    form: FormDefinition,
    answers: Mapping[str, Any],
    language: str = "de",
    *,
    plain: bool = False,
    files: Mapping[int, str] | None = None,
) -> list[ShownStep]:
    """The steps that have answers, in the words of the language."""
    found = []
    for step in form.steps:
        rows = [
            ShownAnswer(
                field=item,
                title=item.words(language, plain=plain).title,
                lines=answer_lines(item, answers[item.key], language, files),
                points=positions(answers[item.key].get("geometry")) if item.kind is Kind.AREA else (),
                answer=answers[item.key],
            )
            for item in step.fields
            if answers.get(item.key) is not None
        ]
        if rows:
            found.append(ShownStep(step, step.words(language, plain=plain).title, rows))
    return found
