"""The questions of the principles: those of the strategy, or of the city's folder while the strategy has none."""

from dataclasses import dataclass

from stadt.apps.governance import strategy
from stadt.core.city import current


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a principle (`P-3`); `place` counts from 0 within it."""

    principle: str
    title: str
    place: int
    text: str


def questions() -> list[Question]:
    """Every question that a measure is checked against, in the order of the principles."""
    recorded = [
        (one.code, one.title, one.checks or (one.title,)) for one in strategy.content_at().principles.values()
    ]
    found = (
        recorded if any(checks != (title,) for _code, title, checks in recorded) else _of_folder() or recorded
    )
    return [
        Question(code, title, place, text)
        for code, title, checks in found
        for place, text in enumerate(checks)
    ]


def _of_folder() -> list[tuple[str, str, tuple[str, ...]]]:
    entries = current().read_toml("governance.toml").get("principle", ())
    return [
        (str(one["code"]), str(one["title"]), tuple(str(text) for text in one["checks"])) for one in entries
    ]
