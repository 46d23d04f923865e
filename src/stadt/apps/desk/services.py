"""What the desk itself writes down: that somebody looked at contact data."""

from __future__ import annotations

from django.db import transaction

from stadt.civic.cases.access import require
from stadt.civic.cases.models import Case, Party
from stadt.civic.cases.queries import parties_of
from stadt.civic.cases.rights import SEE_CONTACT
from stadt.core.audit import record
from stadt.core.people.actor import Actor


@transaction.atomic
def see_contact(actor: Actor, case: Case) -> list[Party]:
    """Who stands in the case, with name and ways to reach them. The look is kept, before anything is shown.

    Raises:
        Forbidden: without `cases.see_contact` where the case is.
    """
    require(actor, SEE_CONTACT, case)
    record(actor, "see_contact", case.subject)
    return parties_of(actor, case)
