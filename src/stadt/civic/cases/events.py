"""Facts about cases: ids only. Who listens reads what may be seen by the queries."""

from dataclasses import dataclass

from stadt.core.events import Event


@dataclass(frozen=True)
class CaseOpened(Event):
    """A case was opened."""

    case_id: int


@dataclass(frozen=True)
class CaseMoved(Event):
    """A case came into another state by the move; `entry_id` is the row of its history."""

    case_id: int
    entry_id: int
    move: str
    to_state: str


@dataclass(frozen=True)
class CaseChanged(Event):
    """Something of a case other than its state changed: category, place, text, support, answer; `kind` says which."""

    case_id: int
    kind: str


@dataclass(frozen=True)
class CaseAssigned(Event):
    """A case went to another organisation, contractor or person."""

    case_id: int


@dataclass(frozen=True)
class CaseMerged(Event):
    """The case became a duplicate of another (`kept_id`), or stopped being one (`kept_id` is 0)."""

    case_id: int
    kept_id: int


@dataclass(frozen=True)
class CaseAnonymised(Event):
    """All personal data of a case are gone; `is_deleted`: so is the case."""

    case_id: int
    is_deleted: bool = False


ALL = (CaseOpened, CaseMoved, CaseChanged, CaseAssigned, CaseMerged, CaseAnonymised)
