"""One case for whoever may see it: officers by reference, reporters by link, parties by account."""

from stadt.civic.cases.models import Case
from stadt.core.people.actor import Actor


def find_case(actor: Actor, reference: str) -> Case | None:
    """The case with this reference, if the actor may see it."""
    raise NotImplementedError


def get_case(actor: Actor, case_id: int) -> Case:
    """The case with this id, if the actor may see it. Raises NotFound."""
    raise NotImplementedError


def case_of_link(secret: str) -> Case | None:
    """The case whose reporter's link this is; None when it does not hold, or the case is anonymised."""
    raise NotImplementedError


def list_own_cases(actor: Actor, limit: int = 100) -> list[Case]:
    """The cases in which a signed-in person is party, newest first."""
    raise NotImplementedError
