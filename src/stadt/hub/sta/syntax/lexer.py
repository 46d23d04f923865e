"""Cuts the text of a query option into tokens; every token knows where it began."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from stadt.hub.sta.syntax.problems import BadQuery


class Kind(Enum):
    """Kinds of tokens, in the order in which they are tried."""

    SPACE = r"\s+"
    TYPED = r"(?:duration|geography|geometry)'(?:[^']|'')*'"
    STRING = r"'(?:[^']|'')*'"
    # A '+' of an offset that was not percent-encoded arrives as a blank.
    TIME = r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+\- ]\d\d:?\d\d)?)?"
    CLOCK = r"\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?![\w.:])"
    NUMBER = r"[+\-]?\d+(?:\.\d+)?(?:[eE][+\-]?\d+)?(?![\w.])"
    OPTION = r"\$[A-Za-z]+"
    WORD = r"@?[^\W\d][\w.\-]*"
    # a key of a JSON object that begins with a digit
    DIGITS = r"\d[\w.\-]*"
    SIGN = r"[()/,;=:*\[\]]"
    END = r"\Z"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text; `position` counts from 1."""

    kind: Kind
    text: str
    position: int


PATTERN = re.compile("|".join(f"(?P<{kind.name}>{kind.value})" for kind in Kind))


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text without blanks, ending with one of kind END.

    Raises:
        BadQuery: at the first character that begins no token.
    """
    position = 0
    while True:
        match = PATTERN.match(text, position)
        if match is None:
            sign = text[position]
            reason = "a string is not closed" if sign == "'" else f"unexpected character '{sign}'"
            raise BadQuery(position + 1, reason)
        kind = Kind[match.lastgroup or "END"]
        if kind is not Kind.SPACE:
            yield Token(kind, match.group(), position + 1)
        if kind is Kind.END:
            return
        position = match.end()
