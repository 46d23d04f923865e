"""Understands the part of Solr's query language that CKAN's clients and harvesters use.

    organization:a OR organization:b    -groups:b    metadata_modified:[2026-01-01T00:00:00Z TO *]    "two words" tit*

Terms side by side must all hold. Everything else of Solr's (boost, fuzzy, functions, local parameters) is refused.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stadt.core.german import german_sort_key
from stadt.hub.opendata.ckan.errors import WrongQuery

Document = Mapping[str, Any]
Test = Callable[[Document], bool]

LONGEST = 2000
DEEPEST = 20
TEXT = frozenset({"title", "notes", "text"})
EXACT = frozenset(
    {
        "id",
        "name",
        "organization",
        "owner_org",
        "groups",
        "tags",
        "license_id",
        "res_format",
        "state",
        "type",
        "dataset_type",
        "private",
        "capacity",
        "metadata_created",
        "metadata_modified",
    }
)
TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\))
      | (?P<range>[\[{]\s*(?P<low>"[^"]*"|[^\s\]}"]+)\s+TO\s+(?P<high>"[^"]*"|[^\s\]}"]+)\s*[\]}])
      | (?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<field>[A-Za-z_][A-Za-z0-9_]*|\*):(?=\S)
      | (?P<sign>[+!-](?=\S)|&&|\|\|)
      | (?P<word>[^\s()\[\]{}"]+)
    )""",
    re.VERBOSE,
)
MARKS = re.compile(r"[~^]|^/|^\{!")
SIGNS = {"&&": "AND", "||": "OR", "-": "NOT", "!": "NOT", "+": "MUST"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query: its kind, its text, and for a range its ends with whether they belong to it."""

    kind: str
    text: str
    ends: tuple[str, str, bool, bool] = ("", "", True, True)


def plain(text: str) -> str:
    """The text as it is compared: without case and umlauts."""
    return german_sort_key(text).split("\x01")[0]


def understand(query: str) -> Test:
    """The query as a test of a document; an empty one and `*:*` hold for all.

    Raises:
        WrongQuery: saying what cannot be understood.
    """
    if len(query) > LONGEST:
        raise WrongQuery(f"A query has at most {LONGEST} characters.")
    if not query.strip():
        return lambda _: True
    reader = _Reader(_tokens(query))
    test = reader.either(0)
    if reader.here is not None:
        raise WrongQuery(f"'{reader.here.text}' is not expected here.")
    return test


def _tokens(query: str) -> list[Token]:
    found = []
    place = 0
    query = query.rstrip()
    while place < len(query):
        match = TOKEN.match(query, place)
        if match is None:
            raise WrongQuery(f"'{query[place : place + 20]}' cannot be understood.")
        found.append(_token(match))
        place = match.end()
    return found


def _token(match: re.Match[str]) -> Token:
    kind = next(name for name, text in match.groupdict().items() if text is not None)
    text = match[kind]
    if kind == "range":
        ends = (match["low"].strip('"'), match["high"].strip('"'), text[0] == "[", text[-1] == "]")
        return Token(kind, text, ends)
    if kind == "quoted":
        return Token("phrase", re.sub(r"\\(.)", r"\1", text[1:-1]))
    if kind == "sign":
        return Token(SIGNS[text], text)
    if kind == "word" and text in {"AND", "OR", "NOT"}:
        return Token(text, text)
    if kind == "word" and MARKS.search(text):
        raise WrongQuery(f"'{text}' uses a part of Solr's language that this portal does not have.")
    if kind == "word" and text.endswith(":"):
        raise WrongQuery(f"A value is missing behind '{text}'.")
    return Token(kind, text)


class _Reader:
    """Reads tokens from left to right: OR binds least, then AND (or nothing), then NOT."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0

    @property
    def here(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self, *kinds: str) -> Token | None:
        token = self.here
        if token is None or token.kind not in kinds:
            return None
        self.place += 1
        return token

    def either(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise WrongQuery(f"Brackets go at most {DEEPEST} deep.")
        tests = [self.all_of(depth)]
        while self.take("OR"):
            tests.append(self.all_of(depth))
        return tests[0] if len(tests) == 1 else lambda document: any(test(document) for test in tests)

    def all_of(self, depth: int) -> Test:
        tests = [self.one(depth)]
        while self.here is not None and self.here.kind not in {"OR", "close"}:
            self.take("AND")
            tests.append(self.one(depth))
        return tests[0] if len(tests) == 1 else lambda document: all(test(document) for test in tests)

    def one(self, depth: int) -> Test:
        is_negated = False
        while token := self.take("NOT", "MUST"):
            is_negated ^= token.kind == "NOT"
        test = self.term(depth)
        return (lambda document: not test(document)) if is_negated else test

    def term(self, depth: int) -> Test:
        if self.take("open"):
            test = self.either(depth + 1)
            if not self.take("close"):
                raise WrongQuery("A bracket is not closed.")
            return test
        field = self.take("field")
        if field is not None and self.take("open"):
            return self._values(field.text)
        value = self.take("range", "phrase", "word")
        if value is None:
            raise WrongQuery(
                "A term is missing at the end."
                if self.here is None
                else f"'{self.here.text}' is not expected."
            )
        return _term(field.text if field else "text", value)

    def _values(self, field: str) -> Test:
        """`field:(a b)`, `field:(a OR b)`."""
        tests: list[Test] = []
        joined = ""
        while not self.take("close"):
            if word := self.take("AND", "OR"):
                joined = joined or word.kind
                continue
            value = self.take("phrase", "word", "range")
            if value is None:
                raise WrongQuery("A bracket is not closed.")
            tests.append(_term(field, value))
        many = any if joined == "OR" else all
        return lambda document: many(test(document) for test in tests)


def _term(field: str, value: Token) -> Test:
    if field == "*":
        if value.text != "*":
            raise WrongQuery("'*' stands for a field in '*:*' only.")
        return lambda _: True
    if field not in TEXT | EXACT:
        known = ", ".join(sorted(TEXT | EXACT))
        raise WrongQuery(f"There is no field '{field}'. There are: {known}.")
    if value.kind == "range":
        return _range(field, value.ends)
    if value.text == "*" and value.kind == "word":
        return lambda document: bool(_values_of(document, field))
    wanted = plain(value.text)
    if field in TEXT:
        wanted = wanted.rstrip("*") if value.kind == "word" else wanted
        return lambda document: any(wanted in found for found in _values_of(document, field))
    if value.kind == "word" and value.text.endswith("*"):
        return lambda document: any(found.startswith(wanted[:-1]) for found in _values_of(document, field))
    return lambda document: wanted in _values_of(document, field)


def _range(field: str, ends: tuple[str, str, bool, bool]) -> Test:
    low, high, has_low, has_high = ends
    if "NOW" in low or "NOW" in high:
        raise WrongQuery("Ranges take points in time, not calculations with NOW.")
    least, most = (None if end == "*" else plain(end.removesuffix("Z")) for end in (low, high))

    def is_inside(found: str) -> bool:
        is_above = least is None or found > least or (has_low and found == least)
        is_below = most is None or found < most or (has_high and found == most)
        return is_above and is_below

    return lambda document: any(is_inside(found) for found in _values_of(document, field))


def _values_of(document: Document, field: str) -> tuple[str, ...]:
    found: tuple[str, ...] = document["search"].get(field, ())
    return found
