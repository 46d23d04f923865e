"""How many streams there may be at once: in this process, and of one token, person or address."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from stadt.core import asgi
from stadt.core.doors import client_address, network_of
from stadt.core.errors import TooMany, Unavailable
from stadt.core.people.actor import Actor

MOST_STREAMS = 200
MOST_OF_ONE = 20

_open: Counter[str] = Counter()


@contextmanager
def admitted(scope: asgi.Scope, actor: Actor) -> Iterator[None]:
    """A place for one stream while the block runs.

    Raises:
        TooMany: this token, person or network has all that it may have.
        Unavailable: the process has as many as it takes.
    """
    who = _name(scope, actor)
    if _open.total() >= MOST_STREAMS:
        raise Unavailable("There are too many streams right now.", headers={"Retry-After": "30"})
    if _open[who] >= MOST_OF_ONE:
        raise TooMany(f"At most {MOST_OF_ONE} streams at once.", headers={"Retry-After": "30"})
    with counted(_open, who):
        yield


@contextmanager
def counted(taken: Counter[str], who: str) -> Iterator[None]:
    """One place more is taken while the block runs; who has none left is forgotten."""
    taken[who] += 1
    try:
        yield
    finally:
        taken[who] -= 1
        if not taken[who]:
            del taken[who]


def count_streams() -> int:
    """The streams of this process."""
    return _open.total()


def _name(scope: asgi.Scope, actor: Actor) -> str:
    if actor.kind != "anonymous":
        return f"{actor.kind} {actor.identifier}"
    peer = str((scope.get("client") or ("",))[0])
    forwarded = asgi.header(scope, b"x-forwarded-for")
    return network_of(client_address(peer, forwarded, is_secure=settings.STADT.is_secure))
