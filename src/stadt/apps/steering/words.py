"""Verdicts, reasons, paces and warnings in words that residents use, each with its colour and shape."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.steering.forecast import Method, Outlook, Unknown
from stadt.apps.steering.gate import Condition
from stadt.apps.steering.ist import Figure
from stadt.apps.steering.models import EarlyWarning
from stadt.apps.steering.progress import Missing, Pace
from stadt.apps.steering.rules import RULES_BY_KEY
from stadt.apps.steering.targets import Range
from stadt.apps.steering.verdict import Reason
from stadt.apps.steering.verdict import State as Step
from stadt.apps.steering.verdicts import Verdict
from stadt.web.formats import day, number
from stadt.web.maps import State

STEPS: Mapping[Step, tuple[str, State]] = {
    Step.IN_RANGE: (_("im Soll"), State.SUCCESS),
    Step.PROBABLY_IN: (_("wahrscheinlich im Soll"), State.SUCCESS),
    Step.PROBABLY_OUTSIDE: (_("wahrscheinlich nicht im Soll"), State.WARNING),
    Step.OUTSIDE: (_("nicht im Soll"), State.DANGER),
    Step.NOT_ASSESSABLE: (_("nicht bewertbar"), State.NEUTRAL),
}
REASONS: Mapping[Reason, str] = {
    Reason.NO_TARGET: _("Es ist kein Soll beschlossen."),
    Reason.BEFORE_PATH: _("Der Weg zum Soll beginnt erst später."),
    Reason.NO_FIGURE: _("Niemand misst diese Kennzahl bisher."),
    Reason.NO_VALUE: _("Es gibt noch keinen Wert für einen abgeschlossenen Zeitraum."),
    Reason.SIMULATED: _("Der Wert ist erfunden (Vorführdaten) und zählt nicht."),
    Reason.SUPPRESSED: _("Der Wert ist geheim, weil er wenige Menschen betrifft."),
    Reason.NOT_COLLECTED: _("Der Wert wurde nicht erhoben."),
    Reason.NOT_AVAILABLE: _("Der Wert liegt nicht vor."),
    Reason.NOT_APPLICABLE: _("Die Kennzahl trifft hier nicht zu."),
    Reason.OTHER_DEFINITION: _("Der Wert ist nach einer anderen Definition berechnet als das Soll."),
}
OUTLOOKS: Mapping[Outlook, tuple[str, State]] = {
    Outlook.ON_TRACK: (_("auf Kurs"), State.SUCCESS),
    Outlook.AT_RISK: (_("gefährdet"), State.WARNING),
    Outlook.OFF_TRACK: (_("nicht auf Kurs"), State.DANGER),
    Outlook.UNKNOWN: (_("noch nicht absehbar"), State.NEUTRAL),
}
PACES: Mapping[Pace, str] = {
    Pace.ON_TRACK: _("schnell genug"),
    Pace.AT_RISK: _("etwas zu langsam"),
    Pace.OFF_TRACK: _("zu langsam"),
    Pace.AWAY: _("entfernt sich vom Soll"),
    Pace.HOLDS: _("hält das Soll"),
    Pace.SLIPS: _("hat das Soll verlassen"),
    Pace.UNKNOWN: _("nicht bekannt"),
}
MISSING: Mapping[Missing, str] = {
    Missing.NO_BASE: _("Es gibt keinen Ausgangswert."),
    Missing.NO_DUE: _("Es ist kein Tag der Bewertung festgelegt."),
    Missing.TOO_EARLY: _("Am Anfang des Weges ist noch kein Fortschritt zu erwarten."),
}
UNKNOWNS: Mapping[Unknown, str] = {
    Unknown.FEW_POINTS: _("Weniger als drei Werte ergeben keine Vorhersage."),
    Unknown.ONE_DAY: _("Alle Werte sind vom selben Tag."),
    Unknown.NO_DUE: _("Es ist kein Tag der Bewertung festgelegt."),
    Unknown.PAST: _("Der Tag der Bewertung ist vorbei; der Wert selbst zählt."),
}
METHODS: Mapping[Method, str] = {
    Method.LINEAR: _(
        "gerade Linie durch alle Werte (kleinste Quadrate), Bereich für einen neuen Wert zu 95 %"
    ),
    Method.LINEAR_RECENT: _(
        "gerade Linie, neuere Werte zählen mehr (gewichtete kleinste Quadrate), Bereich für einen neuen Wert zu 95 %"
    ),
}
CONDITIONS: Mapping[Condition, str] = {
    Condition.DAY: _("Der Tag der Bewertung ist gekommen"),
    Condition.RANGE: _("Die Ist-Werte liegen im Soll"),
    Condition.IMPLEMENTED: _("Die Maßnahme ist abgeschlossen"),
    Condition.INFLUENCES: _("Die Einflüsse von innen und außen sind geprüft"),
    Condition.SECOND: _("Eine zweite Person hat bestätigt"),
}


def step_word(step: Step) -> str:
    """ "wahrscheinlich im Soll"."""
    return gettext(STEPS[step][0])


def reason_sentence(verdict: Verdict) -> str:
    """Why a verdict is not assessable; empty when it is."""
    return gettext(REASONS[verdict.reason]) if verdict.reason else ""


def amount(value: float | None, figure: Figure | None) -> str:
    """ "82,5 %"; an en dash where there is no value."""
    if figure is None:
        return number(value)
    text = number(value, figure.digits)
    return f"{text}\u202f{figure.unit}" if figure.unit and value is not None else text


def range_words(wanted: Range | None, figure: Figure | None) -> str:
    """ "mindestens 30 %", "höchstens 0", "20 bis 30 %", "genau 1"."""
    if wanted is None:
        return gettext("kein Soll")
    if wanted.low is None:
        return gettext("höchstens %(high)s") % {"high": amount(wanted.high, figure)}
    if wanted.high is None:
        return gettext("mindestens %(low)s") % {"low": amount(wanted.low, figure)}
    if wanted.low == wanted.high:
        return gettext("genau %(value)s") % {"value": amount(wanted.low, figure)}
    low = number(wanted.low, figure.digits if figure else None)
    return gettext("%(low)s bis %(high)s") % {"low": low, "high": amount(wanted.high, figure)}


def interval_words(verdict: Verdict) -> str:
    """ "zwischen 3,1 und 4,2 %" where chance moves the value; empty for one that was counted in full."""
    if verdict.interval is None:
        return ""
    low = number(verdict.interval.low, verdict.figure.digits if verdict.figure else None)
    return gettext("zwischen %(low)s und %(high)s") % {
        "low": low,
        "high": amount(verdict.interval.high, verdict.figure),
    }


def warning_title(warning: EarlyWarning) -> str:
    """What kind of warning it is."""
    rule = RULES_BY_KEY.get(warning.rule)
    return gettext(rule.title) if rule else warning.rule


def warning_sentence(warning: EarlyWarning) -> str:
    """The warning as one sentence with its days and numbers."""
    rule = RULES_BY_KEY.get(warning.rule)
    if rule is None:
        return ""
    sentence = rule.sentence
    return gettext(sentence) % _Shown({key: _shown(value) for key, value in warning.facts.items()})


class _Shown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return value
    return number(value) if isinstance(value, int | float) else "–"
