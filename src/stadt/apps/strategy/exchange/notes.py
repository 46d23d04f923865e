"""Named notes in a free text of StratML: `key: value`, one a line, further lines of a value set in by two spaces.

StratML has no place for periods, money or space; its element OtherInformation takes any text. This is our documented
extension: a person can read it, and reading the file finds it again.
"""

import re
from collections.abc import Iterable
from typing import Final

from stadt.apps.strategy.record.content import kind_of

_KEY: Final = re.compile(r"([A-Za-z][A-Za-z0-9_.\-]{0,60}):(?: (.*))?")


def write_notes(pairs: Iterable[tuple[str, str]]) -> str:
    """The pairs as lines; an empty value is left out, unless its key is the code of an item, which is never lost."""
    return "\n".join(
        f"{key}: {one_line_end(value)}".replace("\n", "\n  ")
        for key, value in pairs
        if value or kind_of(key.partition(".")[0])
    )


def read_notes(text: str) -> tuple[list[tuple[str, str]], str]:
    """The pairs of a text, and what is no pair."""
    pairs: list[tuple[str, str]] = []
    rest: list[str] = []
    for line in text.split("\n"):
        found = _KEY.fullmatch(line)
        if found:
            pairs.append((found[1], found[2] or ""))
        elif line.startswith("  ") and pairs and not rest:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}\n{line[2:]}")
        elif line.strip():
            rest.append(line)
    return pairs, "\n".join(rest)


def one_line_end(text: str) -> str:
    """XML has one line end; a text with others is the same text."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
