"""What the bodies of the strategy ask of steering: whether an indicator has a target, and verdicts for frozen views."""

from collections.abc import Mapping, Sequence
from typing import Any

from stadt.apps.governance.public import register_part, register_targets
from stadt.apps.steering import strategy
from stadt.apps.steering.lines import list_targets
from stadt.apps.steering.public import verdict_of, verdicts_of_measure
from stadt.apps.steering.verdicts import told


def register() -> None:
    """Tell the bodies whom to ask."""
    register_targets(has_target)
    register_part("verdicts", verdicts_for)


def has_target(code: str) -> bool:
    """Whether a target of the city is decided for an indicator; an example is none."""
    return bool(list_targets(code=code, examples=False))


def verdicts_for(codes: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
    """For each measure and indicator the verdicts as a decision was shown them, as JSON takes it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for code in codes:
        if strategy.find_measure(code) is not None:
            found[code] = [told(one) for one in verdicts_of_measure(code)]
        elif strategy.find_indicator(code) is not None:
            found[code] = [told(verdict_of(code))]
    return found
