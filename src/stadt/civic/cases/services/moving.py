"""Changes of state: by officers and contractors, by the reporter's link, by the platform itself."""

from collections.abc import Sequence
from datetime import date

from stadt.civic.cases.models import Case
from stadt.core.people.actor import Actor


def move_case(
    actor: Actor,
    case_id: int,
    move_key: str,
    *,
    text: str = "",
    reason: str = "",
    planned_for: date | None = None,
    files: Sequence[int] = (),
    revision: int | None = None,
) -> Case:
    """Change the state by a move of the case's type.

    Args:
        text: what the reporter reads, and everybody where the case is public; empty: the move's template.
        reason: why something is not possible; read by the same people.
        files: ids of taken files, shown as „after“ photos.
        revision: the revision that the officer saw.

    Raises:
        NotFound: no such case, or it may not be seen.
        Forbidden, SignInNeeded: the move is somebody else's.
        Conflict: the state does not allow the move (any more), `revision` is not the present one, or a task is missing.
        Invalid: naming `text`, `reason`, `planned_for` or `photo`, which the move asks for.
    """
    raise NotImplementedError


def move_by_link(
    secret: str,
    move_key: str,
    *,
    text: str = "",
    reason: str = "",
    files: Sequence[int] = (),
    revision: int | None = None,
) -> Case:
    """The same by whoever holds the reporter's link: moves of `reporter` and `anybody`, within their days.

    Raises:
        NotFound: the link does not hold (any more), or the case is anonymised.
        Conflict, Invalid: as `move_case`.
    """
    raise NotImplementedError


def reopen(actor: Actor, case_id: int, *, text: str = "", revision: int | None = None) -> Case:
    """Open a closed case again, by the type's first move from its state to one that is not final.

    Raises as `move_case`; Conflict when the type has no such move.
    """
    raise NotImplementedError
