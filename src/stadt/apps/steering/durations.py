"""Lengths of time as the strategy writes them (ISO 8601), in days."""

import re

SHAPE = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")
DAYS = (366, 31, 7, 1)
"""Each as long as it can be, so that nothing is called late too early."""


def days_of(duration: str) -> int | None:
    """How many days a duration such as `P1Y` or `P3M` has at most; None for an empty or unknown one."""
    match = SHAPE.fullmatch(duration)
    if match is None or not any(match.groups()):
        return None
    return sum(int(count or 0) * days for count, days in zip(match.groups(), DAYS, strict=True))
