"""What an indicator needs before it can steer anything, and how much of it is there."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.gaps.state import State
from stadt.apps.strategy.record.content import PrintedIndicator


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that an indicator needs. `title` is what is there, `missing` what is said of one without; German message ids."""

    key: str
    title: str
    missing: str
    is_met: Callable[[State, PrintedIndicator], bool]


CRITERIA = (
    Criterion(
        "definition",
        _("Definition"),
        _("keine Definition"),
        lambda state, item: bool(item.formula and item.unit and item.direction),
    ),
    Criterion(
        "owner",
        _("Verantwortliche Stelle"),
        _("niemand verantwortlich"),
        lambda state, item: bool(item.owner),
    ),
    Criterion(
        "source",
        _("Angeschlossene Quelle"),
        _("keine Quelle"),
        lambda state, item: item.code in state.connected,
    ),
    Criterion(
        "base", _("Ausgangswert"), _("kein Ausgangswert"), lambda state, item: item.code in state.bases
    ),
    Criterion("target", _("Zielwert (SOLL)"), _("kein SOLL"), lambda state, item: item.code in state.targets),
    Criterion("due", _("Zieltermin"), _("kein Zieltermin"), lambda state, item: item.code in state.due),
    Criterion("interval", _("Turnus"), _("kein Turnus"), lambda state, item: bool(item.interval)),
    Criterion("priority", _("Vorrang"), _("Vorrang offen"), lambda state, item: item.priority),
)


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready an indicator is. One that only repeats another is a `duplicate` and has no score."""

    indicator: PrintedIndicator
    met: tuple[Criterion, ...]
    missing: tuple[Criterion, ...]

    @property
    def is_duplicate(self) -> bool:
        return bool(self.indicator.repeats)

    @property
    def score(self) -> int:
        """How many of the criteria are met."""
        return len(self.met)

    @property
    def is_ready(self) -> bool:
        return not self.missing and not self.is_duplicate


def readiness_of(state: State, indicator: PrintedIndicator) -> Readiness:
    """What one indicator has and lacks."""
    if indicator.repeats:
        return Readiness(indicator, (), ())
    met = tuple(item for item in CRITERIA if item.is_met(state, indicator))
    return Readiness(indicator, met, tuple(item for item in CRITERIA if item not in met))


def list_readiness(state: State) -> list[Readiness]:
    """All printed rows by number, duplicates too."""
    return [readiness_of(state, item) for item in state.content.indicators.values()]


def count_met(found: list[Readiness]) -> list[tuple[Criterion, int]]:
    """For each criterion how many indicators meet it."""
    return [(item, sum(1 for row in found if item in row.met)) for item in CRITERIA]
