"""All gaps in the order of the page, and how they are found."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from stadt.apps.strategy.gaps import indicator_gaps, measure_gaps
from stadt.apps.strategy.gaps.kinds import Found, Gap
from stadt.apps.strategy.gaps.state import State

ALL: Final[Mapping[str, Gap]] = MappingProxyType(
    {gap.key: gap for gap in (*measure_gaps.GAPS, *indicator_gaps.GAPS)}
)


def find_all(state: State) -> list[tuple[Gap, Found]]:
    """Every gap with what was found, also those that are closed."""
    return [(gap, gap.find(state)) for gap in ALL.values()]
