"""How many clients there may be at once: in all, and of one token; those without a token leave room for the others."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from stadt.core.errors import Unavailable

MOST_CLIENTS = 100
MOST_NAMELESS = 60
MOST_OF_ONE = 20
NAMELESS = "anonymous"
# Connections of which nobody has said yet who they are.
MOST_STRANGERS = 50


@dataclass
class Places:
    """The places of one broker."""

    taken: dict[str, int] = field(default_factory=dict)
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
        if sum(self.taken.values()) >= MOST_CLIENTS or self.taken.get(who, 0) >= most:
            raise Unavailable("There are too many clients right now.")
        self.taken[who] = self.taken.get(who, 0) + 1
        try:
            yield
        finally:
            self.taken[who] -= 1
            if not self.taken[who]:
                del self.taken[who]
