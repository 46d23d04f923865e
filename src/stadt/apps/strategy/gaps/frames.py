"""Several frames on the same indicators: development goals, U4SSC, CITYkeys and the city's own, without entering anything twice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.gaps.state import State
from stadt.apps.strategy.record.content import Measure, PrintedIndicator
from stadt.apps.strategy.sdgs import TITLES

# "U4SSC EC: ICT: PS: 1A Open Data": dimension, sub-dimension, category, number with C (core) or A (advanced).
U4SSC_CODE = re.compile(r"\b((?:[A-Z]{1,4}: ?){2,4}\d{1,2}[CA])\b")


class Frame(StrEnum):
    """Where the definition of an indicator comes from."""

    U4SSC = "u4ssc"
    CITYKEYS = "citykeys"
    OWN = "eigene"


FRAME_WORDS: Mapping[Frame, str] = {
    Frame.U4SSC: _("U4SSC (Vereinte Nationen)"),
    Frame.CITYKEYS: _("CITYkeys (Europa)"),
    Frame.OWN: _("eigene Kennzahlen der Stadt"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """A Sustainable Development Goal with the measures that name it and the indicators these are to move."""

    number: int
    measures: tuple[Measure, ...]
    indicators: tuple[PrintedIndicator, ...]
    measured: int


def frame_of(indicator: PrintedIndicator) -> Frame:
    """The frame whose definition the indicator follows first; its own where it follows none."""
    if indicator.standard.startswith("U4SSC"):
        return Frame.U4SSC
    return Frame.CITYKEYS if indicator.standard.startswith("CITYkeys") else Frame.OWN


def u4ssc_code(indicator: PrintedIndicator) -> str:
    """The code within U4SSC, such as `EC: ICT: PS: 1A`; empty where there is none."""
    found = U4SSC_CODE.search(indicator.standard) if frame_of(indicator) is Frame.U4SSC else None
    return found[1] if found else ""


def list_goals(state: State) -> list[Goal]:
    """All seventeen goals, also those that no measure names."""
    goals = []
    for number in TITLES:
        measures = tuple(item for item in state.measures if number in item.sdgs)
        codes = {code for item in measures for code in item.indicator_codes}
        indicators = tuple(item for item in state.indicators if item.code in codes)
        measured = sum(1 for item in indicators if item.code in state.measured)
        goals.append(Goal(number, measures, indicators, measured))
    return goals
