"""Rows that sum up others: found by their label, believed when they are few, checked by adding up."""

import re
from collections.abc import Sequence

from stadt.hub.intake.remarks import Remark, remark
from stadt.hub.intake.values import NumberForm, number_form

_LABEL = re.compile(
    r"^(ins\s*gesamt|gesamt(summe|ergebnis|zahl|betrag)?|summe(n)?|zusammen|zwischensumme|teilsumme|total|Σ)(?![a-zäöü])[^0-9]{0,60}$",
    re.IGNORECASE,
)
FEW_SHARE = 0.1


def find_totals(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    labels: Sequence[int],
    amounts: Sequence[tuple[int, str]],
) -> tuple[tuple[int, ...], list[Remark]]:
    """Numbers of the rows that are sums, and what to say about them.

    Args:
        rows: the table's rows. numbers: their numbers in the file.
        labels: columns of text, of which the first two can label a sum.
        amounts: columns of numbers with their pattern.
    """
    found = [
        (place, label)
        for place, row in enumerate(rows)
        if (label := next((row[at] for at in labels[:2] if at < len(row) and _LABEL.match(row[at])), ""))
    ]
    if not found or not amounts:
        return (), []
    first, text = found[0]
    if len(found) > max(1, FEW_SHARE * len(rows)) or len(found) == len(rows):
        return (), [remark("totals_kept", text=text, rows=len(found))]
    said = [remark("totals_dropped", rows=len(found), first=numbers[first], text=text)]
    if len(found) == 1 and first == len(rows) - 1 and not _adds_up(rows, first, amounts):
        said.append(remark("totals_differ", row=numbers[first], text=text))
    return tuple(numbers[place] for place, _ in found), said


def _adds_up(rows: Sequence[Sequence[str]], total: int, amounts: Sequence[tuple[int, str]]) -> bool:
    """Whether at least one column of numbers has its sum in that row, within rounding."""
    for at, pattern in amounts:
        form = number_form(pattern)
        if form is None:
            continue
        values = [_value(row[at], form) for row in rows[:total] if at < len(row)]
        said = _value(rows[total][at], form) if at < len(rows[total]) else None
        if said is not None and abs(sum(v for v in values if v is not None) - said) <= 0.005 * max(
            1.0, abs(said)
        ):
            return True
    return False


def _value(text: str, form: NumberForm) -> float | None:
    plain = text.removesuffix(form.suffix).rstrip()
    plain = plain.replace(form.thousands, "") if form.thousands else plain
    try:
        return float(plain.replace(form.decimal, ".") if form.decimal else plain)
    except ValueError:
        return None
