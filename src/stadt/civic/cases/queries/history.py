"""What happened to a case: for the office with names and notes, for everybody public texts only."""

from dataclasses import dataclass
from datetime import date, datetime

from stadt.civic.cases.catalogue import Move, Task
from stadt.civic.cases.models import Case, Entry, Note, Party
from stadt.core.people.actor import Actor


@dataclass(frozen=True, slots=True)
class PublicStep:
    """One step of the public history: the face reached, and what the office said to everybody."""

    at: datetime
    face: str
    title: str
    text: str
    planned_for: date | None


def history(actor: Actor, case: Case) -> list[Entry]:
    """Everything that happened, oldest first. Raises NotFound unless the actor may see the case."""
    raise NotImplementedError


def notes_of(actor: Actor, case: Case) -> list[Note]:
    """The internal notes, oldest first; a contractor sees those meant for contractors. Raises NotFound."""
    raise NotImplementedError


def parties_of(actor: Actor, case: Case) -> list[Party]:
    """Who stands in the case. Raises Forbidden without `cases.see_contact` where the case is."""
    raise NotImplementedError


def public_history(case: Case) -> list[PublicStep]:
    """What everybody may read of it, oldest first: faces and public texts, nothing internal."""
    raise NotImplementedError


def moves_for(actor: Actor, case: Case) -> list[Move]:
    """What the actor may do with the case now, in the type's order."""
    raise NotImplementedError


def moves_by_link(case: Case) -> list[Move]:
    """What the reporter may do with the case now."""
    raise NotImplementedError


def tasks_of(case: Case) -> list[tuple[Task, bool]]:
    """The tasks that the type has for this case, and whether each is done."""
    raise NotImplementedError
