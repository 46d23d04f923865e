"""Turns the texts of period and funding into their parts, as far as they can be read."""

from typing import Any

import msgspec

from stadt.apps.strategy.parsing import parse_funding, parse_period
from stadt.apps.strategy.record.content import Funding, Period


def read(name: str, value: Any) -> Any:
    """The value of a field as the item's JSON has it; a period or funding given as text alone is read."""
    text = value.get("text") if isinstance(value, dict) and set(value) <= {"text"} else value
    if name == "period" and isinstance(text, str):
        return msgspec.json.decode(msgspec.json.encode(read_period(text)))
    if name == "funding" and isinstance(text, str):
        return msgspec.json.decode(msgspec.json.encode(read_funding(text)))
    return value


def read_period(text: str) -> Period:
    """The period a text names."""
    return parse_period(text)


def read_funding(text: str) -> Funding:
    """The sources of money a text names."""
    return parse_funding(text)
