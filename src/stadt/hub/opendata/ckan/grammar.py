"""Understands the part of Solr's query language that CKAN's clients and harvesters use.

    organization:a OR organization:b    -groups:b    metadata_modified:[2026-01-01T00:00:00Z TO *]    "two words" tit*

Terms side by side must all hold. Everything else of Solr's (boost, fuzzy, functions, local parameters) is refused.
"""

import re
from dataclasses import dataclass

from stadt.hub.opendata.ckan import fields
from stadt.hub.opendata.ckan.conditions import EVERYTHING, Condition, all_of, any_of, none_of
from stadt.hub.opendata.ckan.errors import WrongQuery

LONGEST = 2000
DEEPEST = 20
MOST_TERMS = 50
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


def understand(query: str) -> Condition:
    """The query as a condition over the index; an empty one and `*:*` hold for all.

    Raises:
        WrongQuery: saying what cannot be understood.
    """
    if len(query) > LONGEST:
        raise WrongQuery(f"A query has at most {LONGEST} characters.")
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in query):
        raise WrongQuery("A query is made of characters that can be written.")
    if not query.strip():
        return EVERYTHING
    reader = _Reader(_tokens(query))
    condition = reader.either(0)
    if reader.here is not None:
        raise WrongQuery(f"'{reader.here.text}' is not expected here.")
    return condition


def plain_words(query: str) -> str:
    """The words of a query that stand for themselves: by them its results are ranked."""
    found = _tokens(query) if len(query) <= LONGEST else []
    is_own = [place == 0 or found[place - 1].kind not in {"field", "NOT"} for place in range(len(found))]
    words = (
        token.text
        for token, own in zip(found, is_own, strict=True)
        if own and token.kind in {"word", "phrase"}
    )
    return " ".join(words)


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
        self.terms = 0

    @property
    def here(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self, *kinds: str) -> Token | None:
        token = self.here
        if token is None or token.kind not in kinds:
            return None
        self.place += 1
        return token

    def either(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise WrongQuery(f"Brackets go at most {DEEPEST} deep.")
        found = [self.all_of(depth)]
        while self.take("OR"):
            found.append(self.all_of(depth))
        return any_of(found)

    def all_of(self, depth: int) -> Condition:
        found = [self.one(depth)]
        while self.here is not None and self.here.kind not in {"OR", "close"}:
            self.take("AND")
            found.append(self.one(depth))
        return all_of(found)

    def one(self, depth: int) -> Condition:
        is_negated = False
        while token := self.take("NOT", "MUST"):
            is_negated ^= token.kind == "NOT"
        condition = self.term(depth)
        return none_of(condition) if is_negated else condition

    def term(self, depth: int) -> Condition:
        if self.take("open"):
            condition = self.either(depth + 1)
            if not self.take("close"):
                raise WrongQuery("A bracket is not closed.")
            return condition
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
        return self._term(field.text if field else "text", value)

    def _values(self, field: str) -> Condition:
        """`field:(a b)`, `field:(a OR b)`."""
        found: list[Condition] = []
        joined = ""
        while not self.take("close"):
            if word := self.take("AND", "OR"):
                joined = joined or word.kind
                continue
            value = self.take("phrase", "word", "range")
            if value is None:
                raise WrongQuery("A bracket is not closed.")
            found.append(self._term(field, value))
        if not found:
            raise WrongQuery(f"A value is missing behind '{field}:'.")
        return any_of(found) if joined == "OR" else all_of(found)

    def _term(self, field: str, value: Token) -> Condition:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise WrongQuery(f"A query has at most {MOST_TERMS} terms.")
        return _condition(field, value)


def _condition(field: str, value: Token) -> Condition:
    if field == "*":
        if value.text != "*":
            raise WrongQuery("'*' stands for a field in '*:*' only.")
        return EVERYTHING
    if field not in fields.FIELDS:
        raise WrongQuery(f"There is no field '{field}'. There are: {', '.join(sorted(fields.FIELDS))}.")
    if value.kind == "range":
        return fields.is_between(field, value.ends)
    is_word = value.kind == "word"
    if is_word and value.text == "*":
        return fields.is_there(field)
    is_beginning = is_word and value.text.endswith("*")
    text = value.text.rstrip("*") if is_beginning else value.text
    if field not in fields.TEXT:
        return fields.is_value(field, text, prefix=is_beginning)
    if is_beginning:
        return fields.begins(field, text)
    return fields.has_word(field, text) if is_word else fields.has_phrase(field, text)
