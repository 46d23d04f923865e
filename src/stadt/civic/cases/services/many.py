"""One verb on many cases, each in a transaction of its own: what is refused says why and harms no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stadt.core.people.actor import Actor

MOST = 500


@dataclass(frozen=True, slots=True)
class BulkResult:
    """Ids that were changed, and id → sentence why not."""

    done: tuple[int, ...]
    refused: dict[int, str]


def bulk(actor: Actor, ids: Sequence[int], verb: str, **arguments: Any) -> BulkResult:
    """Do `move_case`, `assign_case`, `hand_to_contractor`, `set_priority`, `change_category` or `note_case` to each.

    Raises:
        Forbidden: without `cases.bulk`.
        Invalid: naming `verb`, or `ids` with more than 500.
    """
    raise NotImplementedError
