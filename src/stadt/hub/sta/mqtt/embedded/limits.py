"""How many clients there may be at once: in all, and of one token; those without a token leave room for the others."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from stadt.core.errors import Unavailable
from stadt.hub.sta.live.limits import counted

MOST_CLIENTS = 100
MOST_NAMELESS = 60
MOST_OF_ONE = 20
NAMELESS = "anonymous"
# Connections of which nobody has said yet who they are.
MOST_STRANGERS = 50


@dataclass
class Places:
    """The places of one broker."""

    taken: Counter[str] = field(default_factory=Counter)
    strangers: int = 0

    @contextmanager
    def stranger(self) -> Iterator[None]:
        """A place until a client has said who it is. Raises Unavailable."""
        if self.strangers >= MOST_STRANGERS:
            raise Unavailable("Too many clients connect right now.")
        self.strangers += 1
        try:
            yield
        finally:
            self.strangers -= 1

    @contextmanager
    def client(self, who: str) -> Iterator[None]:
        """A place for one client while the block runs. Raises Unavailable."""
        most = MOST_NAMELESS if who == NAMELESS else MOST_OF_ONE
        if self.taken.total() >= MOST_CLIENTS or self.taken[who] >= most:
            raise Unavailable("There are too many clients right now.")
        with counted(self.taken, who):
            yield
