"""What officers do with a case besides moving it: assign, hand over, note, weigh, tick off."""

from stadt.civic.cases.models import Case, Note
from stadt.core.people.actor import Actor


def assign_case(
    actor: Actor,
    case_id: int,
    *,
    organisation_id: int | None = None,
    assignee_id: int | None = None,
    revision: int | None = None,
) -> Case:
    """Give a case to an organisation (None: it stays) and to a person of it (None: to nobody yet).

    Raises:
        Forbidden: without `cases.handle` where the case is.
        Invalid: naming `organisation` or `assignee`, who must handle cases there.
        Conflict: another revision.
    """
    raise NotImplementedError


def hand_to_contractor(
    actor: Actor, case_id: int, organisation_id: int | None, *, text: str = "", revision: int | None = None
) -> Case:
    """Let an organisation do the work (None takes it back); `text` becomes a note for it. Raises as `assign_case`."""
    raise NotImplementedError


def note_case(actor: Actor, case_id: int, text: str, *, for_contractor: bool = False) -> Note:
    """Keep an internal note. Contractors note to the office. Raises NotFound, Forbidden, Invalid."""
    raise NotImplementedError


def set_priority(actor: Actor, case_id: int, priority: int, *, revision: int | None = None) -> Case:
    """-1 low, 0 normal, 1 high, 2 at once. Raises as `assign_case`; Invalid naming `priority`."""
    raise NotImplementedError


def set_task(actor: Actor, case_id: int, key: str, *, is_done: bool = True) -> Case:
    """Tick a task of the type off or on again. Raises NotFound, Forbidden, Invalid naming `task`."""
    raise NotImplementedError
