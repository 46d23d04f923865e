"""Values of literals: numbers, times and intervals, as ISO 8601 and OData write them."""

import math
import re
from datetime import UTC, datetime

from stadt.hub.sta.syntax.lexer import Kind, Token
from stadt.hub.sta.syntax.nodes import Literal, LiteralKind
from stadt.hub.sta.syntax.problems import BadQuery

WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
BLANK_OFFSET = re.compile(r" (?=\d\d:?\d\d$)")
MOST_DIGITS = 60


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
    if token.kind is Kind.TYPED:
        name, _, rest = token.text.partition("'")
        kind = LiteralKind.DURATION if name == "duration" else LiteralKind.GEOGRAPHY
        return Literal(token.position, kind, rest[:-1].replace("''", "'"))
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
