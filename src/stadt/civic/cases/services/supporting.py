"""What others say about a case, and who stands in it."""

import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases import access, journal
from stadt.civic.cases.events import CaseChanged
from stadt.civic.cases.models import Case, Party, Support, SupportKind
from stadt.civic.cases.people import PartyData, clean_text, make_party, put_contact, wrong
from stadt.civic.cases.rights import HANDLE, SEE_CONTACT
from stadt.civic.cases.services import telling
from stadt.civic.messages.services import revoke_links
from stadt.core.errors import Conflict, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.core.secrets import secret

MOST_PARTIES = 500
MOST_VOICE_PHOTOS = 10


@transaction.atomic
def support_case(
    actor: Actor, case_id: int, kind: str, *, who: str, text: str = "", photo_id: int | None = None
) -> Case:
    """Say „me too“ or „not fixed“. The same person counts once: saying it again changes nothing.

    Args:
        who: what tells people apart without naming them (account, address, or a random cookie); kept as a keyed hash.

    Raises:
        NotFound: no such case, or it is anonymised.
        Invalid: naming `kind`, `who` or `text`.
        Conflict: „not fixed“ on a case that is not closed, „me too“ on one that is.
    """
    case = access.lock_case(case_id)
    if case.anonymised_at is not None:
        raise NotFound(gettext("Diesen Vorgang gibt es nicht."))
    if kind not in SupportKind.values:
        raise wrong("kind", gettext("gibt es nicht"))
    if not who:
        raise wrong("who", gettext("fehlt"))
    said = clean_text(text, "text", longest=2000)
    if (kind == SupportKind.NOT_FIXED) != case.is_closed:
        raise Conflict(
            gettext("Dieser Vorgang ist abgeschlossen.")
            if case.is_closed
            else gettext("Dieser Vorgang ist noch nicht abgeschlossen.")
        )
    _, is_new = Support.objects.get_or_create(
        case=case, kind=kind, actor_hash=hash_of(who, case), defaults={"text": said, "photo_id": photo_id}
    )
    if not is_new:
        return case
    case.weight += kind == SupportKind.ME_TOO
    journal.write(actor, case, "support_case", "supported", changes={"kind": kind}, actor_kind="resident")
    publish(CaseChanged(case.pk, kind))
    return case


@transaction.atomic
def add_party(actor: Actor, case_id: int, party: PartyData) -> Party:
    """Add somebody to a case. Needs `cases.handle`; anybody may follow with the own account.

    Raises:
        NotFound, Forbidden: as said.
        Invalid: naming `email` or `role`.
        Conflict: the case is anonymised, or has too many already.
    """
    case = access.lock_case(case_id)
    own_id = actor.user_id if party.role == "follower" and party.user_id == actor.user_id else None
    if own_id is None:
        access.require(actor, HANDLE, case)
    access.require_live(case)
    if own_id is not None:
        known = Party.objects.filter(case=case, role="follower", user_id=own_id).first()
        if known is not None:
            return known
    if Party.objects.filter(case=case).count() >= MOST_PARTIES:
        raise Conflict(gettext("An diesem Vorgang sind schon zu viele beteiligt."))
    added = make_party(case, party, case.language)
    journal.write(actor, case, "add_party", "party_added", at=timezone.now(), changes={"role": party.role})
    return added


@transaction.atomic
def correct_party(
    actor: Actor, case_id: int, party_id: int, contact: PartyData, *, revision: int | None = None
) -> Party:
    """Put right how somebody of a case is called and reached. Needs `cases.handle` and `cases.see_contact`.

    Links that went to an address that was wrong open nothing any more. Role, account and language stay.

    Raises:
        NotFound: also for somebody of another case.
        Forbidden: without the rights.
        Conflict: another revision, or the case is anonymised.
        Invalid: naming `name`, `email` or `phone`.
    """
    case = access.lock_for(actor, HANDLE, case_id, revision)
    access.require(actor, SEE_CONTACT, case)
    party = Party.objects.filter(case=case, pk=party_id).first()
    if party is None:
        raise NotFound(gettext("Diese Person steht nicht in dem Vorgang."))
    before = party.email
    put_contact(party, contact)
    party.save()
    if before and before != party.email:
        revoke_links(case.subject, holder=telling.holder_of(party), actor=actor)
    journal.write(actor, case, "correct_party", "party_corrected", changes={"party": party.pk})
    return party


def takes_photo_of(case_id: int, kind: str, who: str) -> bool:
    """Whether a photo of this voice is kept: not of one that has spoken already. Ask in the transaction that keeps it.

    Raises:
        NotFound: no such case.
        Invalid: naming `photo`; the case has as many photos of voices as it takes, so that there is room for its own.
    """
    case = access.lock_case(case_id)
    said = Support.objects.filter(case=case)
    if said.filter(kind=kind, actor_hash=hash_of(who, case)).exists():
        return False
    if said.exclude(photo_id=None).count() >= MOST_VOICE_PHOTOS:
        raise wrong(
            "photo", gettext("Hierzu gibt es schon genug Fotos. Bitte senden Sie Ihre Angabe ohne Foto.")
        )
    return True


def hash_of(who: str, case: Case) -> bytes:
    """What tells apart who supports a case; useless for any other case and without the city's key."""
    key = secret(settings.STADT.home, "case_support").encode()
    return hmac.new(key, f"{case.pk}:{who}".encode(), hashlib.sha256).digest()
