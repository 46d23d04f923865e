"""What people say of an indicator or a figure, before anything is written: checked field by field."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid
from stadt.core.unseen import UNSEEN
from stadt.hub.indicators import dimensions
from stadt.hub.indicators.declaration import NO_DIMENSIONS, Series
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.periods import YEARS, PeriodKind
from stadt.hub.indicators.states import QualityClass, ValueState
from stadt.hub.indicators.statistics import Method
from stadt.hub.ingest.units import is_ucum

LONGEST = {"title": 200, "description": 1500, "formula": 1500, "source": 300, "numerator": 300, "denominator": 300, "method": 300, "reason": 1000}  # fmt: skip
NEEDED = ("title", "description", "formula", "source")
MOST_SERIES, MOST_DIMENSIONS, MOST_DIGITS = 20, 5, 8
SERIES_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LARGEST = 1e15
"""Above, a number is a typing error; whole numbers below 2^53 are exact."""


@dataclass(frozen=True, slots=True)
class DefinitionDraft:
    """A definition as somebody says it; the meaning of the fields is that of `Definition`."""

    title: str
    unit: str
    description: str
    formula: str
    source: str
    period: PeriodKind = PeriodKind.YEAR
    numerator: str = ""
    denominator: str = ""
    method: str = ""
    digits: int | None = None
    series: tuple[Series, ...] = ()
    dimensions: Mapping[str, str] = field(default_factory=lambda: NO_DIMENSIONS)
    interval: Method = Method.NONE
    per: float = 1.0
    mean_of: PeriodKind | None = None
    protects_people: bool = False
    additive: bool = False
    valid_low: float | None = None
    valid_high: float | None = None
    is_break: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ValueDraft:
    """A figure as somebody says it: a value, or numerator and denominator, or a state without a number.

    Attributes:
        period: as `period_texts` reads it, of the definition's kind.
        place: key of an area; empty for the whole city.
        unit: UCUM code the number is in; empty: the definition's. Another one is refused, never converted silently.
        deviation: standard deviation of a sample, for the interval of a mean; `denominator` is then its size.
    """

    period: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    state: ValueState = ValueState.VALUE
    quality_class: QualityClass = QualityClass.MEASURED
    note: str = ""
    place: str = ""
    series: str = ""
    dimensions: Mapping[str, str] = field(default_factory=lambda: NO_DIMENSIONS)
    unit: str = ""
    deviation: float | None = None
    simulated: bool = False


def refuse(errors: list[FieldError]) -> None:
    """Raises Invalid when there are any."""
    if errors:
        raise Invalid(gettext("Die Angaben sind nicht vollständig oder nicht richtig."), fields=tuple(errors))


def text_error(name: str, text: str, most: int, *, needed: bool) -> FieldError | None:
    """What is wrong with a text, None when nothing is."""
    if needed and not text.strip():
        return FieldError(name, gettext("fehlt"))
    if len(text) > most:
        return FieldError(name, gettext("hat mehr als %(most)s Zeichen") % {"most": most})
    if UNSEEN.search(text):
        return FieldError(name, gettext("enthält unsichtbare Zeichen"))
    return None


def check_definition(draft: DefinitionDraft) -> list[FieldError]:
    """Everything that is wrong with a definition."""
    found = [
        text_error(name, getattr(draft, name), most, needed=name in NEEDED) for name, most in LONGEST.items()
    ]
    errors = [error for error in found if error]
    errors += [
        FieldError(name, gettext("ist keine Einheit nach UCUM"))
        for name, unit in (("unit", draft.unit), *(("series", one.unit) for one in draft.series if one.unit))
        if not is_ucum(unit)
    ]
    errors += _shape_errors(draft)
    if draft.interval is Method.WILSON and draft.unit != "%":
        errors.append(FieldError("interval", gettext("passt nur zu einem Anteil in Prozent")))
    if draft.interval is not Method.NONE and not (draft.numerator or draft.interval is Method.MEAN):
        errors.append(FieldError("numerator", gettext("fehlt; das Intervall wird daraus berechnet")))
    if not (math.isfinite(draft.per) and 0 < draft.per <= 1e9):
        errors.append(FieldError("per", gettext("ist keine Zahl über 0")))
    if draft.mean_of is not None and (
        draft.period is not PeriodKind.YEAR or YEARS.get(draft.mean_of, 0) < 2 or not draft.numerator
    ):
        errors.append(
            FieldError("mean_of", gettext("geht nur über mehrere Jahre, aus Jahreswerten mit Zähler"))
        )
    return errors


def _shape_errors(draft: DefinitionDraft) -> list[FieldError]:
    errors = []
    keys = [one.key for one in draft.series]
    if len(keys) > MOST_SERIES or len(set(keys)) != len(keys) or not all(map(SERIES_KEY.fullmatch, keys)):
        errors.append(FieldError("series", gettext("hat ungültige oder doppelte Schlüssel")))
    if any(text_error("series", one.title, 100, needed=True) for one in draft.series):
        errors.append(FieldError("series", gettext("braucht für jede Reihe eine Bezeichnung")))
    if len(draft.dimensions) > MOST_DIMENSIONS or not all(
        dimensions.NAME.fullmatch(name) and not text_error("", words, 100, needed=True)
        for name, words in draft.dimensions.items()
    ):
        errors.append(FieldError("dimensions", gettext("hat ungültige Schlüssel")))
    if draft.digits is not None and not 0 <= draft.digits <= MOST_DIGITS:
        errors.append(
            FieldError("digits", gettext("liegt nicht zwischen 0 und %(most)s") % {"most": MOST_DIGITS})
        )
    low, high = draft.valid_low, draft.valid_high
    if any(number is not None and not math.isfinite(number) for number in (low, high)):
        errors.append(FieldError("valid_low", gettext("ist keine Zahl")))
    elif low is not None and high is not None and low > high:
        errors.append(FieldError("valid_high", gettext("liegt unter der unteren Grenze")))
    return errors


def check_value(definition: Definition, draft: ValueDraft) -> list[FieldError]:
    """Everything that is wrong with a figure's numbers and words; period and place are looked up elsewhere."""
    errors = []
    if error := text_error("note", draft.note, 1000, needed=False):
        errors.append(error)
    if draft.series not in {"", *(one.key for one in definition.series)}:
        errors.append(FieldError("series", gettext("gibt es bei dieser Kennzahl nicht")))
    if set(draft.dimensions) - set(definition.dimensions):
        errors.append(FieldError("dimensions", gettext("gibt es bei dieser Kennzahl nicht")))
    try:
        dimensions.written(draft.dimensions)
    except ValueError:
        errors.append(FieldError("dimensions", gettext("enthält Zeichen, die hier nicht stehen können")))
    if draft.unit and draft.unit != definition.unit_of(draft.series):
        errors.append(
            FieldError(
                "unit",
                gettext("ist „%(said)s“, die Kennzahl hat „%(unit)s“")
                % {"said": draft.unit, "unit": definition.unit_of(draft.series)},
            )
        )
    return errors + _number_errors(definition, draft)


def _number_errors(definition: Definition, draft: ValueDraft) -> list[FieldError]:
    numbers: dict[str, Any] = {
        name: getattr(draft, name) for name in ("value", "numerator", "denominator", "deviation")
    }
    said = {name: number for name, number in numbers.items() if number is not None}
    if draft.state is not ValueState.VALUE:
        return [FieldError(name, gettext("passt nicht zu einem fehlenden Wert")) for name in said]
    errors = [
        FieldError(name, gettext("ist keine Zahl"))
        for name, number in said.items()
        if not math.isfinite(number) or abs(number) > LARGEST
    ]
    if errors:
        return errors
    if draft.value is None and draft.numerator is None:
        return [FieldError("value", gettext("fehlt; ohne Zahl bitte sagen, warum es keinen Wert gibt"))]
    if draft.denominator is not None and draft.denominator <= 0:
        return [FieldError("denominator", gettext("ist nicht größer als 0"))]
    if draft.deviation is not None and draft.deviation < 0:
        return [FieldError("deviation", gettext("ist kleiner als 0"))]
    if (
        definition.interval is Method.POISSON
        and draft.numerator is not None
        and draft.numerator != int(draft.numerator)
    ):
        return [FieldError("numerator", gettext("zählt Ereignisse und ist eine ganze Zahl"))]
    if definition.interval in {Method.POISSON, Method.WILSON} and (draft.numerator or 0) < 0:
        return [FieldError("numerator", gettext("ist kleiner als 0"))]
    if definition.interval is Method.WILSON and (draft.numerator or 0) > (draft.denominator or math.inf):
        return [FieldError("numerator", gettext("ist größer als der Nenner"))]
    return []
