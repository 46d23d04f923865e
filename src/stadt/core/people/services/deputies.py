"""Deputies: somebody acts for somebody else, in an organisation and below, until a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.grants import delegable, find_grants
from stadt.core.people.models import Deputyship, Membership, Organisation, User
from stadt.core.people.reach import MANAGE_PEOPLE, require_seen
from stadt.core.people.services.memberships import refuse_period
from stadt.core.people.tree import ids_below

LONGEST = timedelta(days=366)


def places_to_represent(user: User) -> frozenset[int]:
    """The organisations in which a person has a right of their own, and may name a deputy."""
    grants, represented = find_grants(user.pk)
    own = {place for key, places in grants.items() for place in places - represented.get(key, {}).keys()}
    return frozenset(own)


@transaction.atomic
def name_deputy(
    actor: Actor,
    represented: User,
    deputy: User,
    organisation: Organisation,
    *,
    until: datetime,
    since: datetime | None = None,
) -> Deputyship:
    """Let `deputy` hold what `represented` holds in the organisation and below, but no right that stays with its holder.

    People name deputies for themselves; whoever manages people there names one for somebody who cannot, and then must
    hold all that the deputy gets.

    Raises:
        Forbidden: neither of the two.
        NotFound: the actor may not see the represented person.
        Invalid: naming `deputy`, `organisation`, `since` or `until`.
        Conflict: one of the two accounts is out of use.
    """
    if actor.kind != "system" and actor.user_id != represented.pk:
        actor.require(MANAGE_PEOPLE, organisation.pk)
        require_seen(actor, represented)
        _require_holding(actor, represented, organisation)
    now = timezone.now()
    since = since or now
    _check_period(since, until, now)
    if represented.pk == deputy.pk:
        raise _refuse("deputy", gettext("Niemand vertritt sich selbst."))
    if User.objects.filter(pk__in=(represented.pk, deputy.pk), is_active=True).count() != 2:
        raise Conflict(gettext("Eines der beiden Konten ist stillgelegt."))
    if not Membership.objects.in_force().filter(user=deputy).exists():
        raise _refuse("deputy", gettext("Vertreten kann nur, wer selbst eine Rolle in dieser Stadt hat."))
    if organisation.pk not in places_to_represent(represented):
        raise _refuse("organisation", gettext("Dort gibt es nichts zu vertreten."))
    made = Deputyship.objects.create(
        represented=represented, deputy=deputy, organisation=organisation, since=since, until=until
    )
    changes = {
        "deputyship": made.pk, "deputy": deputy.pk, "organisation": organisation.key,
        "since": since.isoformat(), "until": until.isoformat(),
    }  # fmt: skip
    record(actor, "name_deputy", f"user:{represented.pk}", changes)
    return made


@transaction.atomic
def end_deputyship(actor: Actor, deputyship_id: int) -> None:
    """End it at once: by either of the two, or by whoever manages people there. Raises NotFound."""
    found = Deputyship.objects.select_for_update().filter(pk=deputyship_id).first()
    concerned = found is not None and (
        actor.kind == "system"
        or actor.user_id in {found.represented_id, found.deputy_id}
        or actor.can(MANAGE_PEOPLE, found.organisation_id)
    )
    if found is None or not concerned:
        raise NotFound(gettext("Diese Vertretung ist schon beendet."))
    pk = found.pk
    found.delete()
    changes = {"deputyship": pk, "deputy": found.deputy_id}
    record(actor, "end_deputyship", f"user:{found.represented_id}", changes)


def _require_holding(actor: Actor, represented: User, organisation: Organisation) -> None:
    """Who names a deputy for another gives these rights away, perhaps to themselves."""
    grants, as_deputy = find_grants(represented.pk)
    here = ids_below([organisation.pk])
    for key in grants:
        places = (grants[key] - as_deputy.get(key, {}).keys()) & here
        wanted = delegable([key])
        if any(not actor.can_give(one, place) for one in wanted for place in places):
            raise Forbidden(
                gettext("Dieser Mensch darf dort mehr als Sie; nur er selbst nennt seine Vertretung.")
            )


def _check_period(since: datetime, until: datetime, now: datetime) -> None:
    if until <= max(since, now):
        raise refuse_period(gettext("Das Ende liegt nach dem Anfang und in der Zukunft."))
    if until - since > LONGEST or since - now > LONGEST:
        raise refuse_period(gettext("Eine Vertretung dauert höchstens ein Jahr."))


def _refuse(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields=(FieldError(field, sentence),))
