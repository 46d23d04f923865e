"""Links to a case: a new one by mail for whoever lost it, and one for a visit of a signed-in person."""

from django.db import transaction
from django.utils.translation import get_language, gettext

from stadt.apps.services import mails
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries import list_own_cases
from stadt.civic.cases.queries.finding import REFERENCE
from stadt.civic.cases.services.telling import make_link
from stadt.core.audit import record
from stadt.core.errors import NotFound
from stadt.core.jobs import defer
from stadt.core.people.actor import Actor

LINK_JOB = "services.send_link"
FOLLOWER = "follower"
"""Who only follows a case does not see what was told in it."""


def ask_for_link(reference: str, email: str) -> None:
    """Ask for a new link to a case. What is asked and what is answered does not depend on what there is."""
    defer(LINK_JOB, reference=reference, email=email, language=(get_language() or "de")[:2])


@transaction.atomic
def open_own_case(actor: Actor, reference: str) -> str:
    """A link to a case in which the signed-in person is party. Raises NotFound."""
    case = next((found for found in list_own_cases(actor) if found.reference == reference), None)
    party = case.parties.filter(user=actor.user_id or 0).exclude(role=FOLLOWER).first() if case else None
    secret = make_link(case, party) if case and party else None
    if case is None or secret is None:
        raise NotFound(gettext("Diesen Vorgang gibt es nicht."))
    record(actor, "renew_case_link", case.subject)
    return secret


@transaction.atomic
def send_link(reference: str, email: str, language: str = "de") -> bool:
    """Mail a new link, where a party of the case left this address; says whether it did."""
    found = REFERENCE.match(reference.strip().upper())
    if found is None or "\0" in email:
        return False
    case = Case.objects.filter(reference=f"{found[1]}-{found[2]}", anonymised_at=None).first()
    party = case.parties.filter(email__iexact=email.strip()).exclude(role=FOLLOWER).first() if case else None
    secret = make_link(case, party) if case and party else None
    if case is None or party is None or secret is None:
        return False
    mails.send_new_link(case, secret, party.email, language)
    record(Actor.system(f"job:{LINK_JOB}"), "renew_case_link", case.subject)
    return True
