"""What the rules of early warning find, from plain data (M-16)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from stadt.apps.steering.durations import days_of
from stadt.apps.steering.forecast import Outlook
from stadt.apps.steering.rules import RULES, RULES_BY_KEY, Finding, World
from stadt.apps.steering.terms import Terms
from stadt.apps.steering.tests.town import Dependency, Funding, FundingItem, Period
from stadt.apps.steering.verdicts import Verdict
from stadt.apps.strategy.public import Measure, PrintedIndicator

TODAY = date(2026, 11, 29)
SOON, LONG_AGO, FAR = date(2026, 12, 31), date(2022, 12, 31), date(2030, 1, 1)


def world(measures: Iterable[Measure] = (), **more: Any) -> World:
    return World(TODAY, Terms(), {one.code: one for one in measures}, more.pop("indicators", {}), **more)


def found(rule: str, given: World) -> list[Finding]:
    find = RULES_BY_KEY[rule].find
    assert find is not None
    return list(find(given))


def measure(code: str = "M-1.1.1", state: str = "in_implementation", **more: Any) -> Measure:
    return Measure(code, "x", state=state, **more)


def test_measures_taken_over_from_the_document_are_late_for_nothing() -> None:
    """§8.8: the 107 measures stand as of 2020 and were not updated; their old dates raise no storm."""
    old = [
        measure(
            f"M-1.1.{n}",
            state="",
            period=Period(start=LONG_AGO, end=LONG_AGO),
            funding=Funding("offen", (FundingItem("offen", state="open"),)),
            dependencies=(Dependency("M-1.1.1"),),
            evaluate_on=LONG_AGO,
        )
        for n in range(1, 108)
    ]
    assert [one for rule in RULES if rule.find for one in rule.find(world(old))] == []


@pytest.mark.parametrize(
    ("state", "period", "is_late"),
    [
        ("in_implementation", Period(end=LONG_AGO), True),
        ("planned", Period(end=LONG_AGO), True),
        ("in_implementation", Period(end=SOON), False),
        ("in_implementation", Period(end=LONG_AGO, is_ongoing=True), False),
        ("in_implementation", Period(open_end=True), False),
        ("implemented", Period(end=LONG_AGO), False),
        ("paused", Period(end=LONG_AGO), False),
        ("successful", Period(end=LONG_AGO), False),
    ],
)
def test_a_measure_in_work_past_its_end_is_late(state: str, period: Period, is_late: bool) -> None:
    assert bool(found("overdue_measure", world([measure(state=state, period=period)]))) is is_late


@pytest.mark.parametrize(
    ("before", "slips"),
    [
        (measure("M-1.2.1", period=Period(end=FAR)), True),
        (measure("M-1.2.1", period=Period(end=LONG_AGO)), False),
        (measure("M-1.2.1", state="implemented", period=Period(end=FAR)), False),
        (measure("M-1.2.1", state="struck"), True),
        (measure("M-1.2.1", state="paused"), True),
        (measure("M-1.2.1", period=Period(is_ongoing=True)), False),
    ],
)
def test_a_slip_of_what_is_required_is_found(before: Measure, slips: bool) -> None:
    after = measure(
        state="planned", period=Period(start=SOON), dependencies=(Dependency("M-1.2.1", "requires"),)
    )
    assert bool(found("dependency_slip", world([before, after]))) is slips


@pytest.mark.parametrize("kind", ["may_follow", "uses_data", "shown_in", "enables"])
def test_loose_links_do_not_slip(kind: Any) -> None:
    before = measure("M-1.2.1", period=Period(end=FAR))
    after = measure(state="planned", period=Period(start=SOON), dependencies=(Dependency("M-1.2.1", kind),))
    assert found("dependency_slip", world([before, after])) == []


@pytest.mark.parametrize(
    ("state", "start", "money", "is_open"),
    [
        ("planned", SOON, "open", True),
        ("decided", SOON, "applied", True),
        ("planned", LONG_AGO, "planned", True),
        ("planned", FAR, "open", False),
        ("planned", SOON, "granted", False),
        ("planned", None, "open", False),
        ("idea", SOON, "open", False),
        ("in_implementation", SOON, "open", False),
    ],
)
def test_open_money_shortly_before_the_start_is_found(
    state: str, start: date | None, money: Any, is_open: bool
) -> None:
    """F-03: money that is secured gates the start."""
    one = measure(
        state=state, period=Period(start=start), funding=Funding("", (FundingItem("x", state=money),))
    )
    assert bool(found("funding_open", world([one]))) is is_open


def test_an_evaluation_that_is_due_is_missed_until_it_is_confirmed() -> None:
    one = measure(state="implemented", evaluate_on=LONG_AGO)
    assert found("missing_evaluation", world([one]))
    assert not found("missing_evaluation", world([one], evaluated=frozenset({one.code})))
    assert not found("missing_evaluation", world([measure(state="implemented", evaluate_on=FAR)]))


@pytest.mark.parametrize(
    ("interval", "delay", "last", "is_late"),
    [
        ("P1Y", None, date(2025, 11, 1), True),
        ("P1Y", 60, date(2025, 11, 1), False),
        ("P1M", None, date(2026, 11, 1), False),
        ("", None, LONG_AGO, False),
        ("P2Y", 400, date(2023, 12, 31), False),
    ],
)
def test_old_is_not_overdue(interval: str, delay: int | None, last: date, is_late: bool) -> None:
    """§3.2 no. 9, M-02: interval and usual delay both pass first."""
    indicator = PrintedIndicator("K1.1-01", "x", interval=interval, expected_delay_days=delay, priority=True)
    given = world(indicators={"K1.1-01": indicator}, last_values={"K1.1-01": last})
    assert bool(found("overdue_value", given)) is is_late


def test_values_are_missed_only_where_somebody_waits_for_them() -> None:
    indicator = PrintedIndicator("K1.1-01", "x", interval="P1Y")
    given = world(indicators={"K1.1-01": indicator}, last_values={"K1.1-01": LONG_AGO})
    assert found("overdue_value", given) == []
    assert found("overdue_value", replace(given, verdicts=(Verdict("K1.1-01", target_id=1),)))


@pytest.mark.parametrize("outlook", Outlook)
def test_a_target_off_track_is_told_by_one_rule_only(outlook: Outlook) -> None:
    given = world(verdicts=(Verdict("K1.1-01", target_id=7, outlook=outlook),))
    told = [rule for rule in ("off_track", "at_risk") if found(rule, given)]
    assert told == ([outlook.value] if outlook in {Outlook.OFF_TRACK, Outlook.AT_RISK} else [])


def test_nobody_answers_for_invented_numbers() -> None:
    simulated = Verdict("K1.1-01", target_id=7, outlook=Outlook.OFF_TRACK, simulated=True)
    assert found("off_track", world(verdicts=(simulated,))) == []
    [example] = found("off_track", world(verdicts=(replace(simulated, is_example=True),)))
    assert example.is_example


@pytest.mark.parametrize(
    ("text", "days"), [("P1Y", 366), ("P3M", 93), ("P2W", 14), ("P10D", 10), ("P1Y6M", 552), ("", None), ("P", None), ("1Y", None)]
)  # fmt: skip
def test_durations_are_read_at_their_longest(text: str, days: int | None) -> None:
    assert days_of(text) == days
