"""Breakdowns of a figure besides the place, as the table keeps them: `name=value` joined by `;`, names in order."""

import re
from collections.abc import Mapping

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
VALUE = re.compile(r"[^;=\x00-\x1f\x7f\ud800-\udfff]{1,80}")
LONGEST = 200


def written(dimensions: Mapping[str, str]) -> str:
    """The text that the table keeps.

    Raises:
        ValueError: a name or value that cannot be told apart in it, or too many.
    """
    for name, value in dimensions.items():
        if not NAME.fullmatch(name) or not VALUE.fullmatch(value):
            raise ValueError(f"{name}={value!r} is no breakdown.")
    text = ";".join(f"{name}={dimensions[name]}" for name in sorted(dimensions))
    if len(text) > LONGEST:
        raise ValueError("Too many breakdowns.")
    return text


def read(text: str) -> dict[str, str]:
    """What `written` made."""
    return dict(part.split("=", 1) for part in text.split(";")) if text else {}
