"""News of a case by mail: the question to the owner of an address."""

from django.db import transaction
from django.utils.translation import get_language

from stadt.apps.services import mails
from stadt.civic.cases.models import Case
from stadt.civic.cases.services.reaching import offer_address


@transaction.atomic
def ask_address(secret: str, case: Case, email: str) -> bool:
    """Name an address for news; says whether its owner has to confirm it. Raises as `offer_address`."""
    known = offer_address(secret, email)
    if known is None:
        return False
    mails.send_question(case.reference, known, email.strip().lower(), (get_language() or "de")[:2])
    return True
