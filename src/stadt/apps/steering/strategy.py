"""What this app asks the strategy, in one place."""

from stadt.apps.strategy.public import (
    Evidence,
    Measure,
    PrintedIndicator,
    content_at,
    find_indicator,
    find_measure,
    list_indicators,
    list_measures,
    may_see_internal,
    own_keys,
    owner_of,
    record_evaluation,
)

__all__ = [
    "BEFORE_START",
    "EVALUABLE",
    "DONE",
    "Evidence",
    "RUNNING",
    "find_indicator",
    "find_measure",
    "Measure",
    "PrintedIndicator",
    "list_indicators",
    "list_measures",
    "list_themes",
    "main_indicators",
    "may_see_internal",
    "own_keys",
    "owner_of",
    "record_evaluation",
    "theme_of",
]

# States of the strategy's life cycle, as their values are written there.
EVALUABLE = frozenset({"implemented", "evaluated"})
BEFORE_START = frozenset({"decided", "funded", "planned"})
DONE = frozenset({"successful", "partly", "not_successful", "transfer", "regular_operation", "ended"})
RUNNING = BEFORE_START | {"in_implementation"}
"""Work that somebody updates. A measure without a state was only taken over from the document: it is late for nothing."""


def list_themes() -> list[tuple[str, str]]:
    """Code and title of the guiding themes."""
    return [(theme.code, theme.title) for theme in content_at().themes.values()]


def main_indicators(measure: str) -> list[str]:
    """The codes that the strategy marks as main indicators of a measure, in its order."""
    found = find_measure(measure)
    return [] if found is None else [link.code for link in found.indicators if link.role == "main"]


def theme_of(code: str) -> str:
    """The guiding theme's code by the number that a measure's or indicator's code carries: `LT-2` for `M-2.1.3`."""
    digits = code.lstrip("MK-").partition(".")[0]
    return f"LT-{digits}" if digits.isdecimal() else ""
