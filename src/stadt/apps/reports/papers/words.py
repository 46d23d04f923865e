"""How a paper says numbers, ranges, verdicts and days: once, so that page, PDF, DOCX and CSV say the same."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.reports.papers.blocks import Cell, Tone
from stadt.apps.reports.snapshot import Indicator, Snapshot, Target, Value
from stadt.hub.indicators.units import on_screen
from stadt.web import formats

# State → word, sign and colour. The sign differs in shape, so that the word is helped without any colour.
VERDICTS: dict[str, tuple[str, str, Tone]] = {
    "in_range": (_("im SOLL-Bereich"), "●", "good"),
    "probably_in": (_("wahrscheinlich im SOLL-Bereich"), "◐", "good"),
    "probably_outside": (_("wahrscheinlich außerhalb"), "◆", "warn"),
    "outside": (_("außerhalb des SOLL-Bereichs"), "▲", "bad"),
    "not_assessable": (_("nicht bewertbar"), "○", "neutral"),
}
SPACES = {
    "virtual": _("virtuell"),
    "sectoral": _("sektoral"),
    "physical": _("physisch"),
    "site": _("Standort"),
    "quarter": _("Quartier"),
    "district": _("Stadtteil"),
    "borough": _("Stadtbezirk"),
    "city": _("gesamte Stadt"),
    "region": _("Region"),
    "country": _("Deutschland"),
    "international": _("international"),
}


def space(types: Iterable[str], level: str) -> str:
    """Where a measure acts, in words; empty where nobody said."""
    return ", ".join(gettext(SPACES[name]) for name in (*types, level) if name in SPACES)


def amount(value: float | None, unit: str, digits: int | None = None) -> str:
    """A number with its unit as on screen."""
    if value is None:
        return gettext("kein Wert")
    shown = on_screen(unit)
    return formats.number(value, digits) + (f"\u00a0{shown}" if shown else "")


def value_text(value: Value | None) -> str:
    """IST of an indicator."""
    return amount(value.number, value.unit, value.digits) if value else gettext("kein Wert")


def value_note(value: Value | None, *, with_title: bool = False) -> str:
    """What must be known with a value: period, interval, quality, and whether it is simulated."""
    if value is None:
        return ""
    parts = [value.title] if with_title else []
    if value.number is None:
        return " · ".join([*parts, value.reason] if value.reason else parts)
    if value.period:
        parts.append(value.period)
    if value.low is not None and value.high is not None:
        ends = {
            "low": formats.number(value.low, value.digits),
            "high": formats.number(value.high, value.digits),
            "level": formats.number((value.level or 0.95) * 100, 0),
        }
        parts.append(gettext("%(low)s bis %(high)s (Sicherheit %(level)s %%)") % ends)
    if value.quality:
        parts.append(value.quality)
    if value.is_simulated:
        parts.append(gettext("simuliert"))
    return " · ".join(parts)


def target_text(target: Target | None, unit: str, digits: int | None = None) -> str:
    """SOLL as a range in words."""
    if target is None or (target.low is None and target.high is None):
        return gettext("nicht festgelegt")
    if target.low is None:
        return gettext("höchstens %(high)s") % {"high": amount(target.high, unit, digits)}
    if target.high is None:
        return gettext("mindestens %(low)s") % {"low": amount(target.low, unit, digits)}
    if target.low == target.high:
        return gettext("genau %(low)s") % {"low": amount(target.low, unit, digits)}
    ends = {"low": formats.number(target.low, digits), "high": amount(target.high, unit, digits)}
    return gettext("%(low)s bis %(high)s") % ends


def target_note(target: Target | None) -> str:
    """The day a SOLL is for, and whether it is an example."""
    if target is None:
        return ""
    parts = [gettext("bis %(day)s") % {"day": formats.day(target.due)}] if target.due else []
    if target.decision:
        parts.append(target.decision)
    if target.is_example:
        parts.append(gettext("Beispiel"))
    return " · ".join(parts)


def verdict_cell(state: str, note: str = "") -> Cell:
    """A verdict as word and sign."""
    word, sign, tone = VERDICTS.get(state, VERDICTS["not_assessable"])
    return Cell(gettext(word), note, sign, tone)


def indicator_row(indicator: Indicator) -> tuple[Cell, ...]:
    """Code and name, IST, SOLL, verdict."""
    value = indicator.main
    unit, digits = (value.unit, value.digits) if value else ("", None)
    verdict = indicator.verdict
    notes = [verdict.reason] if verdict and verdict.reason else []
    if verdict and verdict.is_simulated:
        notes.append(gettext("auf simulierter Grundlage"))
    return (
        Cell(indicator.name, indicator.code),
        Cell(value_text(value), value_note(value)),
        Cell(target_text(indicator.target, unit, digits), target_note(indicator.target)),
        verdict_cell(verdict.state if verdict else "not_assessable", " · ".join(notes)),
    )


def origin(snapshot: Snapshot, checksum: str) -> str:
    """What every form prints: edition, moment and checksum of the snapshot."""
    return gettext("Fassung %(edition)s · Stand %(moment)s · Prüfsumme SHA-256 %(checksum)s") % {
        "edition": snapshot.edition.name,
        "moment": moment(snapshot.moment),
        "checksum": checksum,
    }


def moment(value: datetime) -> str:
    """Day and time in the city."""
    return formats.moment(value)


def day(value: date | None) -> str:
    """A day, or that there is none."""
    return formats.day(value) if value else gettext("nicht festgelegt")
