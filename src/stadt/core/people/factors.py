"""The second factor: from whom it is demanded, since when, and whether a session was begun with one."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import FieldError, Forbidden, Invalid
from stadt.core.events import publish
from stadt.core.identity.providers import vouching_providers
from stadt.core.people.actor import Actor
from stadt.core.people.events import SecondFactorReset
from stadt.core.people.models import Membership, Setting, User
from stadt.core.people.reach import require_in_city, require_over
from stadt.core.people.rights import MANAGE_SIGN_IN
from stadt.core.people.sessions import forget_sessions

POLICY = "sign_in.second_factor"
LONGEST_GRACE_DAYS = 90
# Recovery codes are a way back to a factor, none of their own.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Audience(StrEnum):
    """From whom a second factor is demanded."""

    NOBODY = "nobody"
    STAFF = "staff"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the administrators decided; `counts_from` is a local day, None while nothing is demanded."""

    audience: Audience = Audience.NOBODY
    counts_from: date | None = None
    grace_days: int = 0

    def reaches(self, *, is_staff: bool) -> bool:
        """Whether people of this kind need a second factor, now or later."""
        return self.audience is Audience.EVERYBODY or (self.audience is Audience.STAFF and is_staff)


@dataclass(frozen=True, slots=True)
class Demand:
    """A second factor somebody still lacks in this session, and until when that is let pass.

    `has_factor`: one is set up, and this session was begun without it.
    """

    deadline: datetime
    has_factor: bool

    @property
    def is_due(self) -> bool:
        return self.deadline <= timezone.now()


def get_policy() -> Policy:
    """The policy in force; one query."""
    found = Setting.objects.filter(key=POLICY).values_list("value", flat=True).first()
    if not isinstance(found, dict):
        return Policy()
    day = found.get("counts_from")
    return Policy(
        Audience(found.get("audience", Audience.NOBODY)),
        date.fromisoformat(day) if day else None,
        int(found.get("grace_days", 0)),
    )


@transaction.atomic
def set_policy(actor: Actor, audience: str, counts_from: date | None, grace_days: int) -> Policy:
    """Decide from whom a second factor is demanded.

    Raises:
        Forbidden: without the right to.
        Invalid: naming `audience`, `counts_from` or `grace_days`.
    """
    require_in_city(actor, MANAGE_SIGN_IN)
    if audience not in set(Audience):
        _refuse("audience", gettext("Diese Auswahl gibt es nicht."))
    if not 0 <= grace_days <= LONGEST_GRACE_DAYS:
        _refuse(
            "grace_days",
            gettext("Die Frist hat 0 bis %(days)d Tage.") % {"days": LONGEST_GRACE_DAYS},
        )
    if audience == Audience.NOBODY:
        counts_from, grace_days = None, 0
    elif counts_from is None:
        _refuse("counts_from", gettext("Bitte nennen Sie den Tag, ab dem das gilt."))
    policy = Policy(Audience(audience), counts_from, grace_days)
    value = {
        "audience": str(policy.audience),
        "counts_from": counts_from.isoformat() if counts_from else None,
        "grace_days": grace_days,
    }
    Setting.objects.update_or_create(key=POLICY, defaults={"value": value})
    record(actor, "set_second_factor_policy", f"setting:{POLICY}", value)
    return policy


def _refuse(field: str, sentence: str) -> None:
    raise Invalid(sentence, fields=(FieldError(field, sentence),))


def find_demand(request: HttpRequest, user: User, *, is_staff: bool) -> Demand | None:
    """What the policy still asks of the person in this session; None when nothing is."""
    policy = get_policy()
    if policy.counts_from is None or not policy.reaches(is_staff=is_staff):
        return None
    has_factor = Authenticator.objects.filter(user=user, type__in=FACTORS).exists()
    if _is_shown(request, user, has_factor=has_factor):
        return None
    return Demand(_deadline(policy, user), has_factor)


def _is_shown(request: HttpRequest, user: User, *, has_factor: bool) -> bool:
    records = get_authentication_records(request, user)
    if has_factor and any(entry.get("method") == "mfa" for entry in records):
        return True
    vouching = vouching_providers()
    return bool(vouching) and any(
        entry.get("method") == "socialaccount" and entry.get("provider") in vouching for entry in records
    )


def _deadline(policy: Policy, user: User) -> datetime:
    """Whoever came later has the whole grace all the same, counted from the first role or the joining."""
    day = policy.counts_from or date.min
    begins = timezone.make_aware(datetime.combine(day, time.min))
    came = user.joined_at
    if policy.audience is Audience.STAFF:
        first = Membership.objects.filter(user=user).order_by("since").values_list("since", flat=True).first()
        came = first or came
    return max(begins, came) + timedelta(days=policy.grace_days) if policy.grace_days else begins


def count_without_factor() -> tuple[int, int]:
    """Active people with a role: how many of them have no second factor, and how many there are."""
    held = Membership.objects.in_force().values("user_id")
    staff = User.objects.filter(is_active=True, pk__in=held)
    having = Authenticator.objects.filter(type__in=FACTORS).values("user_id")
    return staff.exclude(pk__in=having).count(), staff.count()


@transaction.atomic
def reset_second_factor(actor: Actor, user: User) -> bool:
    """Remove all second factors and recovery codes of somebody who lost them, and end the person's sessions.

    Returns False when there was nothing to remove.

    Raises:
        Forbidden: without the right to; the own factor is changed on the page of the own account.
    """
    actor.require(MANAGE_SIGN_IN)
    if actor.user_id == user.pk:
        raise Forbidden(gettext("Den eigenen zweiten Faktor ändern Sie unter „Mein Konto“."))
    require_over(actor, MANAGE_SIGN_IN, user)
    removed, _rows = Authenticator.objects.filter(user=user).delete()
    if not removed:
        return False
    ended = forget_sessions(user)
    record(actor, "reset_second_factor", f"user:{user.pk}", {"removed": removed, "sessions_ended": ended})
    publish(SecondFactorReset(user.pk))
    return True
