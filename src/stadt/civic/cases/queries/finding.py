"""One case for whoever may see it: officers by reference, reporters by link, parties by account."""

import re

from stadt.civic.cases import access
from stadt.civic.cases.models import Case
from stadt.civic.cases.moves import OWN_ROLES
from stadt.civic.cases.services.telling import find_case_id
from stadt.core.people.actor import Actor

REFERENCE = re.compile(r"^([2-9A-HJ-NP-Z]{4})[ -]?([2-9A-HJ-NP-Z]{4})$")
WITH = ("organisation", "contractor", "assignee")


def find_case(actor: Actor, reference: str) -> Case | None:
    """The case with this reference (written in any case, with or without the hyphen), if the actor may see it."""
    found = REFERENCE.match(reference.strip().upper())
    if found is None or not actor.is_known:
        return None
    case = Case.objects.select_related(*WITH).filter(reference=f"{found[1]}-{found[2]}").first()
    return case if case is not None and access.may_see(actor, case) else None


def get_case(actor: Actor, case_id: int) -> Case:
    """The case with this id, if the actor may see it. Raises SignInNeeded, NotFound."""
    return access.require_seen(actor, Case.objects.select_related(*WITH).filter(pk=case_id).first())


def case_of_link(secret: str) -> Case | None:
    """The case whose reporter's link this is; None when it does not hold, or the case is anonymised."""
    case_id = find_case_id(secret)
    if case_id is None:
        return None
    return Case.objects.select_related(*WITH).filter(pk=case_id, anonymised_at=None).first()


def list_own_cases(actor: Actor, limit: int = 100) -> list[Case]:
    """The cases that a signed-in person told or asked for, newest first."""
    if actor.user_id is None:
        return []
    found = Case.objects.filter(
        parties__user_id=actor.user_id, parties__role__in=OWN_ROLES, anonymised_at=None
    )
    return list(found.distinct().order_by("-received_at", "-pk")[:limit])
