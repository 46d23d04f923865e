"""Who is in which team: the question every right to a single measure ends in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from stadt.apps.strategy.teams.kinds import MemberKind, PartnerRole
from stadt.apps.strategy.teams.models import StaffCouncil, TeamMember, TeamPartner
from stadt.core.people.actor import Actor
from stadt.core.people.models import User


@dataclass(frozen=True, slots=True)
class Member:
    """A member as pages show it; `until` is the last day, None while no end is set."""

    id: int
    user_id: int
    name: str
    organisation: str
    kind: MemberKind
    since: date
    until: date | None
    is_over: bool
    is_example: bool


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation with its part in a measure."""

    id: int
    organisation: str
    role: PartnerRole
    since: date
    until: date | None
    is_example: bool


def is_member(user_id: int | None, code: str, at: date | None = None) -> bool:
    """Whether a person is in the team of a measure on a day, today when none is named. One query; nobody: False."""
    if user_id is None:
        return False
    return TeamMember.objects.in_force(at).filter(user_id=user_id, code=code, user__is_active=True).exists()


def codes_of(user_id: int | None, at: date | None = None) -> frozenset[str]:
    """The measures in whose team a person is on a day. One query."""
    if user_id is None:
        return frozenset()
    found = TeamMember.objects.in_force(at).filter(user_id=user_id, user__is_active=True)
    return frozenset(found.values_list("code", flat=True))


def has_lead(code: str, at: date | None = None) -> bool:
    """Whether somebody leads the measure's team."""
    return TeamMember.objects.in_force(at).filter(code=code, kind=MemberKind.LEAD).exists()


def list_members(code: str, *, also_over: bool = False) -> list[Member]:
    """The team of a measure, the lead first; `also_over` adds those who have left. One query."""
    rows = (
        TeamMember.objects.filter(code=code) if also_over else TeamMember.objects.not_over().filter(code=code)
    )
    today = timezone.localdate()
    order = {kind.value: place for place, kind in enumerate(MemberKind)}
    found = [
        Member(
            id=row.pk,
            user_id=row.user_id,
            name=row.user.get_full_name(),
            organisation=row.organisation.name,
            kind=MemberKind(row.kind),
            since=row.since,
            until=row.until,
            is_over=row.until is not None and row.until < today,
            is_example=row.is_example,
        )
        for row in rows.select_related("user", "organisation")
    ]
    return sorted(found, key=lambda one: (one.is_over, order[one.kind], one.name, one.id))


def list_partners(code: str) -> list[Partner]:
    """Organisations that have a part in a measure now or will."""
    rows = TeamPartner.objects.not_over().filter(code=code).select_related("organisation")
    return [
        Partner(row.pk, row.organisation.name, PartnerRole(row.role), row.since, row.until, row.is_example)
        for row in rows.order_by("organisation__name", "pk")
    ]


def organisations_of(code: str, at: date | None = None) -> frozenset[str]:
    """Keys of the organisations whose people are in the team."""
    rows = TeamMember.objects.in_force(at).filter(code=code)
    return frozenset(rows.values_list("organisation__key", flat=True))


def is_one_silo(code: str, at: date | None = None) -> bool:
    """Whether people of a single organisation work on the measure alone (R-17); False for an empty team."""
    return len(organisations_of(code, at)) == 1


def data_contacts(codes: Iterable[str], at: date | None = None) -> dict[str, list[User]]:
    """For each measure those who answer for its data; the lead where nobody is named for it. One query."""
    rows = (
        TeamMember.objects.in_force(at)
        .filter(
            code__in=list(codes), kind__in=(MemberKind.DATA_CONTACT, MemberKind.LEAD), user__is_active=True
        )
        .select_related("user")
        .order_by("code", "pk")
    )
    found: dict[str, dict[str, list[User]]] = {}
    for row in rows:
        found.setdefault(row.code, {}).setdefault(row.kind, []).append(row.user)
    return {
        code: kinds.get(MemberKind.DATA_CONTACT, kinds.get(MemberKind.LEAD, []))
        for code, kinds in found.items()
    }


def find_consultation(code: str) -> StaffCouncil:
    """What is known about the staff council's part; an unsaved row where nobody said anything."""
    return StaffCouncil.objects.filter(code=code).first() or StaffCouncil(code=code)


def partners_of(code: str, at: date | None = None) -> list[tuple[str, str]]:
    """Key and name of the organisations that have a part in a measure, by name. One query."""
    rows = TeamPartner.objects.in_force(at).filter(code=code)
    found = rows.values_list("organisation__key", "organisation__name").distinct()
    return sorted(found, key=lambda one: (one[1], one[0]))


def speaks_for(actor: Actor, code: str) -> str:
    """The key of the organisation that an external member answers for; empty for everybody else, who speak for the city."""
    if actor.user_id is None:
        return ""
    rows = TeamMember.objects.in_force().filter(code=code, user_id=actor.user_id, kind=MemberKind.EXTERNAL)
    return rows.values_list("organisation__key", flat=True).first() or ""
