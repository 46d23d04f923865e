"""Whose a link to a case is, and by which address that person hears of news."""

from django.utils import timezone

from stadt.civic.cases.models import Case, Party
from stadt.civic.cases.moves import OWN_ROLES
from stadt.civic.cases.services.telling import ROLE, holder_of
from stadt.civic.messages.models import AccessLink
from stadt.civic.messages.services import find_access

ADDRESS_ROLE = "address"
"""The role of links by which the owner of an address says that it is theirs."""


def find_party(secret: str, case: Case, role: str = ROLE) -> Party | None:
    """Who of the case holds this link; of a link that names nobody, whoever told or asked first."""
    access = find_access(secret, role)
    if access is None or access.subject != case.subject:
        return None
    own = case.parties.filter(role__in=OWN_ROLES).select_related("user", "case").order_by("pk")
    return next((one for one in own if access.holder in ("", holder_of(one))), None)


def waiting_address(party: Party) -> str:
    """The address that was named for news and waits to be confirmed; empty when there is none."""
    found = AccessLink.objects.filter(
        subject=party.case.subject,
        role=ADDRESS_ROLE,
        holder=holder_of(party),
        revoked_at=None,
        expires_at__gt=timezone.now(),
    )
    return found.order_by("-pk").values_list("email", flat=True).first() or ""
