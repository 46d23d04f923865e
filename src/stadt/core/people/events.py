"""What core tells about people."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class SecondFactorReset(Event):
    """Somebody else removed the second factor of an account."""

    user_id: int
