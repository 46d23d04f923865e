"""Cases that belong together: duplicates merged and parted, parent and child."""

from collections.abc import Sequence

from stadt.civic.cases.models import Case
from stadt.core.people.actor import Actor


def merge_cases(actor: Actor, keep_id: int, other_ids: Sequence[int]) -> Case:
    """Make the others duplicates of one: their reporters are told, their weight adds up, they close with it.

    Raises:
        Forbidden: without `cases.manage` in every organisation concerned.
        Invalid: of another type, or the same case twice.
        Conflict: one is a duplicate already.
    """
    raise NotImplementedError


def unmerge(actor: Actor, case_id: int) -> Case:
    """Make a duplicate a case of its own again. Raises Forbidden; Conflict when it is none."""
    raise NotImplementedError


def add_child(actor: Actor, parent_id: int, child_id: int) -> Case:
    """Put a case below another. Raises Forbidden without `cases.handle` for both; Conflict for a circle."""
    raise NotImplementedError


def remove_child(actor: Actor, child_id: int) -> Case:
    """Take a case out from below another. Raises Forbidden; Conflict when it has no parent."""
    raise NotImplementedError
