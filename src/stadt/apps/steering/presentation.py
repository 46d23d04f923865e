"""Targets, verdicts and warnings as the components of the pages take them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from stadt.apps.steering import strategy
from stadt.apps.steering.ist import Figure, Ist
from stadt.apps.steering.models import EarlyWarning, Target
from stadt.apps.steering.states import Level, TargetState, WarningState
from stadt.apps.steering.targets import Measuring, Soll
from stadt.apps.steering.verdict import State as Step
from stadt.apps.steering.verdicts import Verdict
from stadt.apps.steering.words import (
    METHODS,
    MISSING,
    OUTLOOKS,
    PACES,
    STEPS,
    UNKNOWNS,
    amount,
    interval_words,
    range_words,
    reason_sentence,
    warning_title,
)
from stadt.web.formats import day, percent
from stadt.web.maps import State
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

TARGET_COLOURS = {
    TargetState.PROPOSED: State.INFO,
    TargetState.DECIDED: State.SUCCESS,
    TargetState.DECLINED: State.WARNING,
}
WARNING_COLOURS = {WarningState.OPEN: State.WARNING, WarningState.ANSWERED: State.INFO}


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """A verdict with its words, ready for a template."""

    verdict: Verdict
    title: str
    url: str
    step: str
    colour: str
    outlook: str
    outlook_colour: str
    goal: str
    soll: str
    ist: str
    interval: str
    reason: str
    preview: str


def shown_verdict(verdict: Verdict) -> ShownVerdict:
    """The words for a verdict."""
    word, colour = STEPS[verdict.state]
    outlook, outlook_colour = OUTLOOKS[verdict.outlook]
    return ShownVerdict(
        verdict=verdict,
        title=title_of(verdict.code),
        url=reverse("steering:target", args=[verdict.target_id]) if verdict.target_id else "",
        step=gettext(word),
        colour=str(colour),
        outlook=gettext(outlook),
        outlook_colour=str(outlook_colour),
        goal=range_words(verdict.final, verdict.figure),
        soll=range_words(verdict.wanted, verdict.figure),
        ist=amount(verdict.value, verdict.figure),
        interval=interval_words(verdict),
        reason=reason_sentence(verdict),
        preview=gettext(STEPS[verdict.preview][0]) if verdict.preview else "",
    )


def title_of(code: str) -> str:
    """The printed name of an indicator or measure; the code where there is none any more."""
    measure = strategy.find_measure(code)
    if measure is not None:
        return str(measure.title)
    indicator = strategy.find_indicator(code)
    return indicator.name if indicator else code


def step_cell(verdict: Verdict) -> StateCell:
    """The verdict as a word with shape and colour."""
    word, colour = STEPS[verdict.state]
    return StateCell(gettext(word), colour)


def outlook_cell(verdict: Verdict) -> StateCell:
    """The outlook as a word with shape and colour."""
    word, colour = OUTLOOKS[verdict.outlook]
    return StateCell(gettext(word), colour)


def verdict_columns() -> list[TableColumn]:
    """The cockpit's table of targets."""
    return [
        TableColumn("name", gettext("Kennzahl")),
        TableColumn("step", gettext("Urteil")),
        TableColumn("outlook", gettext("Aussicht")),
        TableColumn("soll", gettext("Soll")),
        TableColumn("ist", gettext("Ist")),
        TableColumn("due", gettext("Bewertung am"), CellKind.DATE),
    ]


def verdict_rows(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Its rows; an example says so in its name."""
    rows = []
    for one in verdicts:
        shown = shown_verdict(one)
        marks = [gettext("Beispiel")] if one.is_example else []
        about = " ".join(part for part in (one.code, one.measure, one.frame) if part)
        rows.append(
            {
                "name": LinkCell(" · ".join([about, shown.title, *marks]), shown.url),
                "step": step_cell(one),
                "outlook": outlook_cell(one),
                "soll": shown.soll,
                "ist": f"{shown.ist} ({gettext('simuliert')})" if one.simulated else shown.ist,
                "due": one.due,
            }
        )
    return rows


def warning_columns() -> list[TableColumn]:
    """The table of warnings."""
    return [
        TableColumn("title", gettext("Warnung")),
        TableColumn("about", gettext("Worum es geht")),
        TableColumn("state", gettext("Zustand")),
        TableColumn("level", gettext("Antwort durch")),
        TableColumn("answer_by", gettext("Antwort bis"), CellKind.DATE),
    ]


def warning_rows(warnings: Iterable[EarlyWarning]) -> list[dict[str, Any]]:
    """Its rows."""
    return [
        {
            "title": LinkCell(
                warning_title(one) + (f" · {gettext('Beispiel')}" if one.is_example else ""),
                reverse("steering:warning", args=[one.pk]),
            ),
            "about": one.measure or one.code,
            "state": StateCell(
                str(WarningState(one.state).label),
                WARNING_COLOURS.get(WarningState(one.state), State.NEUTRAL),
            ),
            "level": str(Level(one.level).label) if one.state == WarningState.OPEN else None,
            "answer_by": one.answer_by if one.state == WarningState.OPEN else None,
        }
        for one in warnings
    ]


def target_facts(target: Target, verdict: Verdict, soll: Soll | None) -> list[tuple[str, Any]]:
    """A target in words."""
    figure = verdict.figure
    final = gettext("ab dann kein Soll mehr") if soll is None else range_words(soll.final, figure)
    facts: list[tuple[str, Any]] = [
        (
            gettext("Zustand"),
            StateCell(
                str(TargetState(target.state).label),
                TARGET_COLOURS.get(TargetState(target.state), State.NEUTRAL),
            ),
        ),
        (
            gettext("Kennzahl"),
            LinkCell(f"{target.code} {title_of(target.code)}", _strategy_url("indicator", target.code)),
        ),
    ]
    if target.measure:
        facts.append(
            (
                gettext("Maßnahme"),
                LinkCell(
                    f"{target.measure} {title_of(target.measure)}",
                    reverse("steering:measure", args=[target.measure]),
                ),
            )
        )
    if target.place is not None:
        facts.append((gettext("Gebiet"), target.place.name))
    facts += [
        (gettext("Wessen Soll"), target.frame or gettext("Stadt")),
        (gettext("Soll"), final),
        (gettext("Tag der Bewertung"), day(target.due) if target.due else gettext("nicht festgelegt")),
        (gettext("Gilt ab"), day(target.valid_from)),
        (gettext("Beschluss"), target.decision_reference or None),
        (gettext("Begründung"), target.reason),
    ]
    if target.tolerance:
        facts.append((gettext("Toleranz"), amount(target.tolerance, figure)))
    if target.measuring == Measuring.FROM_ONE:
        facts.append((gettext("Gemessen wird"), gettext("der Abstand des Verhältnisses von 1")))
    if target.base_value is not None:
        base = f"{amount(target.base_value, figure)} ({day(target.base_on)})"
        facts.append((gettext("Ausgangswert"), base))
    return facts


def outlook_facts(verdict: Verdict) -> list[tuple[str, Any]]:
    """Progress and forecast in words, with the method or the reason why there is none."""
    progress, forecast = verdict.progress, verdict.forecast
    facts: list[tuple[str, Any]] = [(gettext("Aussicht"), outlook_cell(verdict))]
    if progress.ratio is not None:
        facts.append(
            (
                gettext("Fortschritt"),
                gettext("%(closed)s des Weges geschafft, %(expected)s wären bis jetzt zu erwarten: %(pace)s")
                % {
                    "closed": percent(progress.closed, 0),
                    "expected": percent(progress.expected, 0),
                    "pace": gettext(PACES[progress.pace]),
                },
            )
        )
    elif progress.missing is not None:
        facts.append((gettext("Fortschritt"), gettext(MISSING[progress.missing])))
    elif verdict.value is not None:
        facts.append((gettext("Fortschritt"), gettext(PACES[progress.pace])))
    if forecast.estimate is not None:
        low, high = (
            amount(forecast.estimate.low, verdict.figure),
            amount(forecast.estimate.high, verdict.figure),
        )
        facts.append(
            (
                gettext("Vorhersage"),
                gettext("%(value)s am %(day)s, mit 95 %% Wahrscheinlichkeit zwischen %(low)s und %(high)s")
                % {
                    "value": amount(forecast.estimate.value, verdict.figure),
                    "day": day(forecast.estimate.on),
                    "low": low,
                    "high": high,
                },
            )
        )
    if forecast.trend is not None:
        facts.append((gettext("Verfahren"), gettext(METHODS[forecast.trend.method])))
        facts.append((gettext("Veränderung je Jahr"), amount(forecast.trend.per_year, verdict.figure)))
    if forecast.growth is not None:
        facts.append((gettext("Mittleres Wachstum je Jahr"), percent(forecast.growth, 1)))
    if forecast.unknown is not None:
        facts.append((gettext("Vorhersage"), gettext(UNKNOWNS[forecast.unknown])))
    return facts


def series_columns() -> list[TableColumn]:
    """The table beside the chart."""
    return [
        TableColumn("on", gettext("Zeitraum bis"), CellKind.DATE),
        TableColumn("value", gettext("Ist")),
        TableColumn("interval", gettext("Unsicherheit")),
        TableColumn("soll", gettext("Soll an diesem Tag")),
    ]


def series_rows(
    values: Sequence[Ist], soll: Soll | None, verdict: Verdict, figure: Figure | None
) -> list[dict[str, Any]]:
    """Its rows: values newest first after the days that are still to come."""
    rows = []
    estimate = verdict.forecast.estimate
    ahead = [] if soll is None else [(point.on, point.range) for point in soll.path]
    if soll is not None and soll.due is not None:
        ahead.append((soll.due, soll.final))
    last = values[-1].on if values else None
    for on, wanted in reversed(ahead):
        if last is not None and on <= last:
            continue
        is_forecast = estimate is not None and estimate.on == on
        told = amount(estimate.value, figure) if estimate is not None and is_forecast else None
        between = (
            gettext("%(low)s bis %(high)s")
            % {"low": amount(estimate.low, figure), "high": amount(estimate.high, figure)}
            if estimate is not None and is_forecast
            else None
        )
        value = gettext("%(value)s (Vorhersage)") % {"value": told} if told else None
        rows.append({"on": on, "value": value, "interval": between, "soll": range_words(wanted, figure)})
    for one in reversed(values):
        shown = amount(one.value, figure)
        rows.append(
            {
                "on": one.on,
                "value": f"{shown} ({gettext('simuliert')})" if one.simulated else shown,
                "interval": gettext("%(low)s bis %(high)s")
                % {"low": amount(one.interval.low, figure), "high": amount(one.interval.high, figure)}
                if one.interval
                else None,
                "soll": range_words(soll.range_on(one.on), figure) if soll else None,
            }
        )
    return rows


def counts_of(verdicts: Iterable[Verdict]) -> list[tuple[str, int, str]]:
    """How many of each step, as word, count and colour; examples and simulated values never count."""
    counted = dict.fromkeys(Step, 0)
    for one in verdicts:
        if not one.is_example:
            counted[one.state] += 1
    return [(gettext(STEPS[step][0]), count, str(STEPS[step][1])) for step, count in counted.items()]


def _strategy_url(name: str, code: str) -> str:
    return reverse(f"strategy:{name}", args=[code])
