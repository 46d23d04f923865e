"""Finds the number a new item gets; none is ever given twice."""

from collections.abc import Collection

from stadt.apps.strategy.record.content import field_of, kind_of, natural_order

SHAPES = {"annotation": "A-{}"}


def next_code(kind: str, field: str, taken: Collection[str]) -> str:
    """The next number after the highest that was ever given: in its field of action for measures and indicators.

    Letters (`M-4.3.4a`) are given by hand only. Empty where the kind has no running number or the field is none.
    """
    if kind in SHAPES:
        numbers = [natural_order(code)[1][-1] for code in taken if kind_of(code) == kind]
        return SHAPES[kind].format(max(numbers, default=0) + 1)
    if kind_of(field) != "field":
        return ""
    numbers = [
        natural_order(code)[1][-1] for code in taken if kind_of(code) == kind and field_of(code) == field
    ]
    following = max(numbers, default=0) + 1
    number = field.removeprefix("HF-")
    return f"M-{number}.{following}" if kind == "measure" else f"K{number}-{following:02d}"
