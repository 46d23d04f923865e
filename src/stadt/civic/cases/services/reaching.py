"""How somebody who stands in a case hears of news: by mail to an address that its owner confirmed, or in the inbox."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases.models import Case, Party
from stadt.civic.cases.people import wrong
from stadt.civic.cases.queries.reaching import ADDRESS_ROLE, find_party
from stadt.civic.cases.services.telling import holder_of, lock_case_of_link
from stadt.civic.messages import services as letters
from stadt.civic.messages.models import AccessLink
from stadt.core.audit import record
from stadt.core.errors import Conflict, NotFound, TooMany
from stadt.core.people.actor import Actor

CONFIRM_DAYS = 7
MOST_A_DAY = 3
"""Confirmations that one case sends in a day, and …"""
MOST_OPEN = 5
"""… that wait for one address in the whole city: more would make the city a sender of unwanted mail."""


@transaction.atomic
def offer_address(secret: str, email: str) -> str | None:
    """Name an address for news; returns the secret by which its owner confirms it, and which nobody else may learn.

    None when nothing has to be confirmed, because the address was known already, or has too many questions open. What is
    said to whoever asked is the same.

    Raises:
        NotFound: the link does not hold.
        Invalid: naming `email`.
        TooMany: enough addresses were named today.
    """
    case = lock_case_of_link(secret)
    party = _party(secret, case)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise wrong("email", gettext("ist keine E-Mail-Adresse wie name@beispiel.de")) from None
    if address == party.email:
        _set_mail(party, "start_case_mail", wants_mail=True)
        return None
    asked = AccessLink.objects.filter(role=ADDRESS_ROLE)
    since = timezone.now() - timedelta(days=1)
    if asked.filter(subject=case.subject, made_at__gt=since).count() >= MOST_A_DAY:
        raise TooMany(gettext("Heute wurden schon genug Adressen angegeben. Bitte versuchen Sie es morgen."))
    open_questions = asked.filter(email=address, revoked_at=None, expires_at__gt=timezone.now())
    letters.revoke_links(case.subject, holder=holder_of(party), role=ADDRESS_ROLE)
    record(Actor.anonymous(), "offer_case_address", case.subject, {"party": party.pk})
    if open_questions.count() >= MOST_OPEN:
        return None
    return letters.make_link(case.subject, ADDRESS_ROLE, address, CONFIRM_DAYS, holder=holder_of(party))


@transaction.atomic
def confirm_address(secret: str) -> Case:
    """The owner of the address agrees: from now on there is mail, and the address before it is forgotten.

    Raises:
        NotFound: the secret does not hold (any more), or the case is anonymised.
    """
    case, party, email = _asked(secret)
    party.email = email
    _set_mail(party, "confirm_case_address", wants_mail=True)
    letters.revoke_links(case.subject, holder=holder_of(party), role=ADDRESS_ROLE)
    return case


@transaction.atomic
def refuse_address(secret: str) -> None:
    """The owner of the address does not agree: it is forgotten at once. Raises NotFound."""
    case, party, _ = _asked(secret)
    letters.revoke_links(case.subject, holder=holder_of(party), role=ADDRESS_ROLE)
    record(Actor.anonymous(), "refuse_case_address", case.subject, {"party": party.pk})


@transaction.atomic
def start_mail(secret: str) -> None:
    """Mail again to the address that is known: the one given before, else that of the account.

    Raises:
        NotFound: the link does not hold.
        Conflict: no address is known.
    """
    party = _party(secret, lock_case_of_link(secret))
    if not party.email and party.user is not None:
        party.email = party.user.email
    if not party.email:
        raise Conflict(gettext("Dazu ist keine E-Mail-Adresse bekannt."))
    _set_mail(party, "start_case_mail", wants_mail=True)


@transaction.atomic
def stop_mail(secret: str, *, forget: bool = False) -> None:
    """No more mail; with `forget` the address goes too, and with it the way to a new link. Raises NotFound."""
    case = lock_case_of_link(secret)
    party = _party(secret, case)
    letters.revoke_links(case.subject, holder=holder_of(party), role=ADDRESS_ROLE)
    if forget:
        party.email = ""
    _set_mail(party, "stop_case_mail", wants_mail=False)


def _party(secret: str, case: Case) -> Party:
    party = find_party(secret, case)
    if party is None:
        raise NotFound(gettext("Dieser Link gilt nicht mehr."))
    return party


def _asked(secret: str) -> tuple[Case, Party, str]:
    """Case, party and address of a question that waits for its answer."""
    access = letters.access_of(secret, ADDRESS_ROLE)
    kind, _, number = access.subject.partition(":")
    pk = int(number) if kind == "case" and number.isdecimal() else 0
    case = Case.objects.select_for_update(of=("self",)).filter(pk=pk, anonymised_at=None).first()
    party = find_party(secret, case, role=ADDRESS_ROLE) if case is not None else None
    if case is None or party is None:
        raise NotFound(gettext("Dieser Link gilt nicht mehr."))
    return case, party, access.email


def _set_mail(party: Party, verb: str, *, wants_mail: bool) -> None:
    party.wants_mail = wants_mail
    party.save(update_fields=["email", "wants_mail"])
    record(Actor.anonymous(), verb, party.case.subject, {"party": party.pk})
