"""Small cells: figures of so few people that somebody could be recognised are never published (requirement S-4)."""

from collections.abc import Sequence

from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.kept.figures import Numbers
from stadt.hub.indicators.models import SmallCell
from stadt.hub.indicators.states import ValueState

DEFAULT = 3
"""Until the statistics office sets its own: counts of one and two are not shown."""
LARGEST = 100


def threshold() -> int:
    """From how many people on a figure is shown."""
    found = SmallCell.objects.order_by("-pk").values_list("threshold", flat=True).first()
    return DEFAULT if found is None else found


def is_small(definition: Definition, said: Numbers, least: int) -> bool:
    """Whether a figure has to be hidden: a count, its whole or what is missing to the whole is 1 to below `least`.

    Nobody is recognised in a 0, and a figure of an indicator that is not about people is never hidden.
    """
    if not definition.protects_people or said.state is not ValueState.VALUE:
        return False
    count = said.value if said.numerator is None else said.numerator
    rest = None
    if said.numerator is not None and said.denominator is not None and definition.unit == "%":
        rest = said.denominator - said.numerator
    return any(part is not None and 0 < part < least for part in (count, said.denominator, rest))


def hide_second(counts: Sequence[float | None], hidden: Sequence[bool]) -> int | None:
    """Which further part of a sum must be hidden because the only hidden one could be computed from the total.

    The smallest part that is shown and not 0; None when none or several are hidden already.

    Args:
        counts: the parts of a total that is shown; None where nothing is known.
        hidden: which of them are hidden.
    """
    if sum(hidden) != 1 or any(count is None and not out for count, out in zip(counts, hidden, strict=True)):
        return None
    shown = [(count, at) for at, count in enumerate(counts) if not hidden[at] and count]
    return min(shown)[1] if shown else None
