"""From what was entered to a figure: the value from its numbers, its interval, or why there is none."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.core.errors import FieldError, Invalid
from stadt.hub.indicators import intervals
from stadt.hub.indicators.declaration import Figure
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.states import ValueState
from stadt.hub.indicators.statistics import PERCENT, Interval, Method, sample_mean_of

REASONS = {
    ValueState.NOT_COLLECTED: _("Für diesen Zeitraum wurde nicht erhoben."),
    ValueState.NOT_AVAILABLE: _("Für diesen Zeitraum liegt kein Wert vor."),
    ValueState.NOT_APPLICABLE: _("Für diesen Zeitraum oder Ort trifft die Kennzahl nicht zu."),
    ValueState.SUPPRESSED: _(
        "Der Wert beruht auf so wenigen Fällen, dass er zum Schutz der Personen nicht gezeigt wird."
    ),
}
TOLERANCE = 0.005
"""How far a value may differ from its own numerator and denominator, since it may be told rounded."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was entered; `state` other than VALUE has no numbers."""

    value: float | None
    numerator: float | None
    denominator: float | None
    deviation: float | None = None
    state: ValueState = ValueState.VALUE


def figure_of(definition: Definition, said: Numbers) -> Figure:
    """The figure with its interval.

    Raises:
        Invalid: naming `value`, when it contradicts numerator and denominator, or neither gives one.
    """
    if said.state is not ValueState.VALUE:
        return Figure.missing(REASONS[said.state], said.state)
    made = value_of(definition, said)
    value = made if said.value is None else said.value
    if value is None:
        raise Invalid(
            gettext("Aus diesen Angaben ergibt sich kein Wert."),
            fields=(FieldError("denominator", gettext("fehlt")),),
        )
    if made is not None:
        rounding = 0.5 * 10 ** -(2 if definition.digits is None else definition.digits)
        if abs(value - made) > max(rounding, TOLERANCE * abs(made)):
            raise Invalid(
                gettext("Der Wert passt nicht zu Zähler und Nenner."),
                fields=(FieldError("value", gettext("müsste %(made)s sein") % {"made": round(made, 6)}),),
            )
        value = made
    return Figure(value, said.numerator, said.denominator, interval=_interval(definition, value, said))


def value_of(definition: Definition, said: Numbers) -> float | None:
    """What numerator and denominator give; None where they do not suffice.

    In percent 100·n/d, else n/d per so many; a count without denominator is its value. A mean is told by itself.
    """
    if said.numerator is None or definition.interval is Method.MEAN:
        return None
    if said.denominator is None:
        return None if definition.denominator else said.numerator * definition.per
    return said.numerator / said.denominator * (PERCENT if definition.unit == "%" else definition.per)


def _interval(definition: Definition, value: float, said: Numbers) -> Interval | None:
    if definition.interval is not Method.MEAN:
        return intervals.of_numbers(definition, said.numerator, said.denominator)
    if said.deviation is None or said.denominator is None or said.denominator < 2:
        return None
    return sample_mean_of(value, said.deviation, int(said.denominator))
