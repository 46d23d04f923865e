"""Values of literals: numbers, times, durations and intervals, as ISO 8601 and OData write them."""

import math
import re
from datetime import UTC, datetime, time, timedelta

from stadt.hub.sta.syntax.lexer import Kind, Token
from stadt.hub.sta.syntax.nodes import Literal, LiteralKind
from stadt.hub.sta.syntax.problems import BadQuery

WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
BLANK_OFFSET = re.compile(r" (?=\d\d:?\d\d$)")
MOST_DIGITS = 60
# OData's dayTimeDuration (ABNF 4.01, durationValue): months and years have no fixed length and are none.
DURATION = re.compile(
    r"(?P<sign>[+\-]?)P(?:(?P<days>\d{1,9})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,11}(?:\.\d{1,12})?)S)?)?"
)


def literal(token: Token) -> Literal:
    """The literal a single token stands for.

    Raises:
        BadQuery: when a number is too large, or a time does not exist or has no offset.
    """
    if token.kind is Kind.STRING:
        return Literal(token.position, LiteralKind.TEXT, _unquoted(token))
    if token.kind is Kind.NUMBER:
        return Literal(token.position, LiteralKind.NUMBER, number(token))
    if token.kind is Kind.TIME:
        return Literal(token.position, LiteralKind.TIME, moment(token))
    if token.kind is Kind.CLOCK:
        return Literal(token.position, LiteralKind.CLOCK, clock(token))
    if token.kind is Kind.TYPED:
        name, _, rest = token.text.partition("'")
        text = rest[:-1].replace("''", "'")
        if name == "duration":
            return Literal(token.position, LiteralKind.DURATION, duration(text, token.position))
        return Literal(token.position, LiteralKind.GEOGRAPHY, text)
    value = WORDS[token.text]
    return Literal(token.position, LiteralKind.NULL if value is None else LiteralKind.BOOLEAN, value)


def _unquoted(token: Token) -> str:
    text = token.text[1:-1].replace("''", "'")
    if "\0" in text:
        raise BadQuery(token.position, "a string must not contain the character NUL")
    return text


def number(token: Token) -> int | float:
    """An integer when written as one, else a float."""
    text = token.text
    if len(text) > MOST_DIGITS:
        raise BadQuery(token.position, f"a number has at most {MOST_DIGITS} digits")
    if text.lstrip("+-").isdigit():
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        raise BadQuery(token.position, "the number is too large")
    return value


def duration(text: str, position: int) -> timedelta:
    """A duration of days, hours, minutes and seconds, such as `P1DT12H`."""
    match = DURATION.fullmatch(text)
    parts = (
        {name: float(value) for name, value in match.groupdict().items() if value and name != "sign"}
        if match
        else {}
    )
    if match is None or not parts:
        raise BadQuery(
            position, "expected a duration of days, hours, minutes or seconds, such as duration'P1DT12H'"
        )
    try:
        found = timedelta(**parts)
    except OverflowError:
        raise BadQuery(position, "the duration is too long") from None
    return -found if match["sign"] == "-" else found


def clock(token: Token) -> time:
    """A time of day."""
    try:
        return time.fromisoformat(token.text)
    except ValueError:
        raise BadQuery(token.position, f"'{token.text}' is no time of day") from None


def moment(token: Token) -> datetime:
    """An instant in UTC; a date alone means its first moment in UTC."""
    text = BLANK_OFFSET.sub("+", token.text)
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise BadQuery(token.position, f"'{token.text}' is no time of the calendar") from None
    if "T" not in text:
        return value.replace(tzinfo=UTC)
    if value.tzinfo is None:
        raise BadQuery(token.position, f"the time '{text}' needs an offset, such as '{text}Z'")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise BadQuery(token.position, f"'{token.text}' is outside the calendar") from None
