"""What other apps may ask: which applications stand in the register."""

from collections.abc import Sequence
from dataclasses import dataclass

from stadt.apps.reuse import queries

# At a moment (twice as parameter): how many stood in the register, and whether one of them is made up for a demo.
REGISTERED = (
    "SELECT count(*), coalesce(bool_or(is_simulated), false) FROM reuse_application"
    " WHERE agreed_at <= %s AND (withdrawn_at IS NULL OR withdrawn_at > %s)"
)


@dataclass(frozen=True, slots=True)
class Made:
    """Something made with a dataset."""

    name: str
    url: str
    maker: str


def made_with(dataset: str, limit: int = 10) -> Sequence[Made]:
    """The newest registered applications that name a dataset."""
    return [Made(item.name, item.url, item.maker) for item in queries.list_registered(dataset)[:limit]]
