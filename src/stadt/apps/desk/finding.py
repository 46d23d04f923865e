"""One case for whoever may work on it; what may not be seen and what is not there are never told apart."""

from __future__ import annotations

from django.utils.translation import gettext

from stadt.civic.cases.access import is_contractor, is_officer
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import find_case
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor


def case_for(actor: Actor, reference: str) -> Case:
    """The case for whoever works on it in the office; to have it as a contractor is not enough. Raises NotFound."""
    case = find_case(actor, reference)
    if case is None or not is_officer(actor, case):
        raise NotFound(gettext("Diesen Vorgang gibt es nicht, oder Sie dürfen ihn nicht sehen."))
    return case


def order_for(actor: Actor, reference: str) -> Case:
    """The case that was handed to one of the actor's organisations. Raises NotFound."""
    case = find_case(actor, reference)
    if case is None or not is_contractor(actor, case):
        raise NotFound(gettext("Diesen Auftrag gibt es nicht."))
    return case
