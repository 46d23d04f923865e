"""Corrections of a case: category, place, and what of its text is public."""

from stadt.civic.cases.models import Case
from stadt.civic.cases.services.people import Spot
from stadt.core.people.actor import Actor


def change_category(
    actor: Actor, case_id: int, category: str, *, reroute: bool = True, revision: int | None = None
) -> Case:
    """Put a case into another category of its type: owner and deadline follow; the correction is kept in the history.

    Raises:
        Forbidden: without `cases.handle`.
        Invalid: naming `category`.
        Conflict: another revision.
    """
    raise NotImplementedError


def change_place(actor: Actor, case_id: int, place: Spot, *, revision: int | None = None) -> Case:
    """Correct where it is. Raises as `change_category`, naming `place`."""
    raise NotImplementedError


def release_text(actor: Actor, case_id: int, text: str, *, revision: int | None = None) -> Case:
    """Say what everybody may read of what was told (empty: nothing). Needs `cases.redact`."""
    raise NotImplementedError
