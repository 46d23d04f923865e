"""A small town that steers: its people by role, a measure with one main indicator, and values as a test wants them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, get_args, get_type_hints
from unittest.mock import patch

from stadt.apps.steering import services, strategy
from stadt.apps.steering.models import Target
from stadt.apps.steering.rights import ANSWER, ASSESS, CONFIRM, DECIDE_TARGETS, PROPOSE_TARGETS, SEE
from stadt.apps.steering.services.evaluations import Influence
from stadt.apps.steering.services.targets import TargetDraft
from stadt.apps.steering.states import InfluenceEffect, InfluenceSide
from stadt.apps.strategy.public import Evidence, Measure, PrintedIndicator
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.tests.people import acting, office, person, role
from stadt.hub.indicators import queries
from stadt.hub.indicators.declaration import PeriodKind, Quality
from stadt.hub.indicators.queries import Value
from stadt.hub.indicators.states import ValueState
from stadt.hub.indicators.statistics import Method

# The parts of a measure, found by its own fields.
Period: Any = get_type_hints(Measure)["period"]
Funding: Any = get_type_hints(Measure)["funding"]
FundingItem: Any = get_args(get_type_hints(Funding)["items"])[0]
Dependency: Any = get_args(get_type_hints(Measure)["dependencies"])[0]
IndicatorLink: Any = get_args(get_type_hints(Measure)["indicators"])[0]

MEASURE, CODE, SECOND = "M-1.1.1", "K1.1-01", "K1.1-02"
KEYS = {CODE: "strategy.narrowband_coverage", SECOND: "waste.monitored_share"}
DAY = date(2026, 11, 1)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Town:
    """People, and what the strategy and the indicators answer."""

    owner: User
    staff: User
    other_staff: User
    board: User
    stranger: User
    measures: dict[str, Measure] = field(default_factory=dict)
    indicators: dict[str, PrintedIndicator] = field(default_factory=dict)
    values: dict[str, list[Value]] = field(default_factory=dict)
    recorded: list[tuple[str, str, str]] = field(default_factory=list)

    def give(self, *numbers: float | None, code: str = CODE, first: int = 2020, **more: Any) -> None:
        """Yearly values from a year on."""
        self.values[KEYS[code]] = [
            yearly(code, first + step, number, **more) for step, number in enumerate(numbers)
        ]

    def state(self, state: str, **more: Any) -> None:
        """Put the measure into a state of its life."""
        link = (IndicatorLink(CODE, "main"),)
        self.measures[MEASURE] = Measure(
            MEASURE, "Eine Maßnahme", owner="amt", state=state, indicators=link, **more
        )

    def decided(self, **more: Any) -> Target:
        """A target as the board decided it."""
        found = services.propose_target(acting(self.staff), draft(**more))
        return services.decide_target(acting(self.board), found.pk, "Vorlage 26/1")


def yearly(code: str, year: int, number: float | None, **more: Any) -> Value:
    """The value of a year, counted in full unless an `interval` is given."""
    start, end = datetime(year - 1, 12, 31, 23, tzinfo=UTC), datetime(year, 12, 31, 23, tzinfo=UTC)
    low, high = more.pop("interval", (None, None))
    value = Value(
        id=year,
        key=KEYS[code],
        value=number,
        numerator=None,
        denominator=None,
        quality=Quality.FINAL,
        simulated=False,
        period=PeriodKind.YEAR,
        period_start=start,
        period_end=end,
        as_of=end,
        computed_at=end,
        place_id=None,
        version=1,
        release="test",
        reason_text="" if number is not None else "Es fehlt etwas.",
        reason_values={},
        inputs=[],
        sample=[],
        interval_low=low,
        interval_high=high,
        interval_level=0.95 if low is not None else None,
        interval_method=Method.POISSON if low is not None else Method.NONE,
        state=ValueState.VALUE if number is not None else ValueState.NOT_AVAILABLE,
    )
    return replace(value, **more)


def draft(**more: Any) -> TargetDraft:
    """At least 60 by the end of 2028."""
    fields: dict[str, Any] = {
        "code": CODE,
        "valid_from": date(2021, 1, 1),
        "reason": "So wollen wir es.",
        "low": 60.0,
        "due": date(2028, 12, 31),
    }
    return TargetDraft(**{**fields, **more})


def check(actor: Actor, measure: str = MEASURE) -> None:
    """An influence check."""
    influence = Influence(
        InfluenceSide.OUTSIDE, "Neue Förderung", InfluenceEffect.HELPED, "Bescheid des Landes"
    )
    services.check_influences(
        actor,
        measure,
        summary="Kaum fremde Einflüsse",
        talked_with="Amt für Beispiele",
        influences=[influence],
    )


@contextmanager
def open_town() -> Iterator[Town]:
    """The town with its people; what it asks the strategy and the indicators is answered from here."""
    office("amt")
    office("stab")
    role("owner", SEE.key, ANSWER.key)
    role("staff", *(one.key for one in (SEE, PROPOSE_TARGETS, ASSESS, CONFIRM, ANSWER)), "strategy.edit")
    role("board", SEE.key, DECIDE_TARGETS.key, ANSWER.key, "strategy.approve")
    town = Town(
        person("owner", ("owner", "amt")),
        person("staff", ("staff", "stab")),
        person("other", ("staff", "stab")),
        person("board", ("board", "stadt")),
        person("stranger"),
    )
    town.state("implemented")
    for code in (CODE, SECOND):
        town.indicators[code] = PrintedIndicator(code, f"Kennzahl {code}", unit="%")

    def record_evaluation(_actor: Actor, code: str, outcome: str, evidence: Evidence) -> None:
        town.recorded.append((code, outcome, evidence.assessed_by))

    def history(key: str, limit: int = 100, *, place_id: int | None = None, **_more: Any) -> list[Value]:
        return town.values.get(key if place_id is None else f"{key}@{place_id}", [])[-limit:]

    answers: dict[str, Any] = {
        "find_measure": town.measures.get,
        "find_indicator": town.indicators.get,
        "list_measures": lambda: list(town.measures.values()),
        "list_indicators": lambda: list(town.indicators.values()),
        "own_keys": lambda code: (KEYS[code],) if code in KEYS else (),
        "owner_of": lambda code: town.measures[code].owner if code in town.measures else "",
        "record_evaluation": record_evaluation,
    }
    with patch.multiple(strategy, **answers), patch.object(queries, "history", history):
        yield town
