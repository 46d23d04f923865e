"""The questions of the strategy's principles, which every measure is checked against."""

from dataclasses import dataclass

from stadt.apps.governance import strategy


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a principle (`P-3`); `place` counts from 0 within it."""

    principle: str
    title: str
    place: int
    text: str


def questions() -> list[Question]:
    """Every question, in the order of the principles; a principle without questions is asked by its title."""
    return [
        Question(one.code, one.title, place, text)
        for one in strategy.content_at().principles.values()
        for place, text in enumerate(one.checks or (one.title,))
    ]
