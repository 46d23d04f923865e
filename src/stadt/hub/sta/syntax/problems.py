"""Refusals of a request's address or body, each with the position or the field that is wrong."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from stadt.core.errors import BadRequest, FieldError, StadtError
from stadt.hub.sta.syntax.nodes import Name


class BadQuery(BadRequest):
    """A resource path or query option that cannot be read, or names what does not exist.

    `position` counts characters from 1 in the decoded text of `part` (`path`, `$filter`, …).
    """

    code = "bad-query"

    def __init__(self, position: int, reason: str, part: str = "") -> None:
        self.position, self.reason, self.part = position, reason, part
        where = f"{part}, position {position}" if part else f"position {position}"
        super().__init__(f"{where}: {reason}", fields=(FieldError(part or "query", reason),))

    def within(self, part: str) -> "BadQuery":
        """The same refusal, naming the part of the address it was found in."""
        return type(self)(self.position, self.reason, self.part or part)


class NotSupported(BadQuery):
    """Something of the standard that this service does not do, and does not claim to do (18-088, 9.3: 501)."""

    code = "not-implemented"
    status = 501


@contextmanager
def told_within(part: str) -> Iterator[None]:
    """Let refusals say in which part of the address they were found, unless they know it already."""
    try:
        yield
    except BadQuery as refused:
        raise refused.within(part) from None


class UnknownPath(BadQuery):
    """A resource path that leads nowhere in the entity model, whatever is stored."""

    code = "not-found"
    status = 404

    @classmethod
    def of(cls, name: Name, noun: str, known: Iterable[str]) -> "UnknownPath":
        """A name in a path that does not exist, with the nearest one that does."""
        return cls(name.position, unknown(name.position, noun, name.text, known).reason, "path")


class UriTooLong(StadtError):
    """An address longer than this service reads."""

    code = "uri-too-long"
    status = 414


def unknown(position: int, noun: str, name: str, known: Iterable[str]) -> BadQuery:
    """A name that does not exist, with the nearest one that does."""
    shown = name if len(name) <= 60 else f"{name[:60]}…"
    return BadQuery(position, f"unknown {noun} '{shown}'{hint(name, known)}")


def hint(name: str, known: Iterable[str]) -> str:
    """The nearest name that exists, as the end of a sentence."""
    near = get_close_matches(name[:60], list(known), n=1, cutoff=0.6)
    return f", did you mean '{near[0]}'?" if near else ""
