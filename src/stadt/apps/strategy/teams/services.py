"""Every write about teams: take somebody in, let a membership end, name partners, note the staff council."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.strategy.document import strategy
from stadt.apps.strategy.teams.kinds import Consultation, MemberKind, PartnerRole
from stadt.apps.strategy.teams.models import StaffCouncil, TeamMember, TeamPartner
from stadt.apps.strategy.teams.rights import ASSIGN_TEAM
from stadt.core.audit import record
from stadt.core.errors import FieldError, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation, User

LONGEST_NOTE = 500


@transaction.atomic
def add_member(
    actor: Actor,
    code: str,
    user_id: int,
    kind: str,
    organisation_key: str,
    *,
    since: date | None = None,
    until: date | None = None,
    is_example: bool = False,
) -> TeamMember:
    """Take a person into a measure's team, from the day `since` (today) to the day `until` (open).

    Raises:
        Forbidden: without `strategy.assign_team`.
        NotFound: there is no such measure.
        Invalid: naming `user`, `kind`, `organisation`, `until`, or because the person is in the team then already.
    """
    actor.require(ASSIGN_TEAM)
    require_measure(code)
    since = since or timezone.localdate()
    _require_order(since, until)
    if kind not in MemberKind.values:
        raise _refuse("kind", gettext("Diese Auswahl gibt es nicht."))
    # The row is locked so that two colleagues at once do not take the same person in twice.
    user = User.objects.select_for_update().filter(pk=user_id, is_active=True).first()
    if user is None:
        raise _refuse(
            "user", gettext("Ein Konto mit dieser Adresse gibt es nicht. Laden Sie den Menschen erst ein.")
        )
    organisation = _get_organisation(organisation_key)
    held = TeamMember.objects.filter(code=code, user=user)
    if any(_overlap(one.since, one.until, since, until) for one in held):
        raise _refuse("user", gettext("Dieser Mensch ist in dieser Zeit schon im Team."))
    member = TeamMember.objects.create(
        code=code,
        user=user,
        organisation=organisation,
        kind=kind,
        since=since,
        until=until,
        is_example=is_example,
    )
    changes = {"user": user.pk, "kind": kind, "organisation": organisation.key, "since": since.isoformat()}
    record(actor, "add_member", f"team:{code}", changes | ({"until": until.isoformat()} if until else {}))
    return member


@transaction.atomic
def end_membership(actor: Actor, member_id: int, until: date | None = None) -> TeamMember:
    """Set the last day of a membership, yesterday when none is named so that it ends at once.

    A membership that would end before its first day is removed: it never counted.

    Raises:
        Forbidden: without `strategy.assign_team`.
        NotFound: there is no such membership.
        Invalid: naming `until`: the membership was over before that day.
    """
    actor.require(ASSIGN_TEAM)
    member: TeamMember | None = TeamMember.objects.select_for_update().filter(pk=member_id).first()
    if member is None:
        raise NotFound(gettext("Dieses Teammitglied gibt es nicht."))
    today = timezone.localdate()
    last = until or date.fromordinal(today.toordinal() - 1)
    if member.until is not None and member.until < today:
        raise _refuse("until", gettext("Diese Mitarbeit ist schon beendet."))
    if last < member.since:
        member.delete()
    else:
        member.until = last
        member.save(update_fields=["until"])
    record(
        actor,
        "end_team_membership",
        f"team:{member.code}",
        {"user": member.user_id, "until": last.isoformat()},
    )
    return member


@transaction.atomic
def name_partner(
    actor: Actor,
    code: str,
    organisation_key: str,
    role: str,
    *,
    since: date | None = None,
    until: date | None = None,
    is_example: bool = False,
) -> TeamPartner:
    """Say what an organisation does for a measure (R-13). Raises Forbidden, NotFound, Invalid."""
    actor.require(ASSIGN_TEAM)
    require_measure(code)
    since = since or timezone.localdate()
    _require_order(since, until)
    if role not in PartnerRole.values:
        raise _refuse("role", gettext("Diese Auswahl gibt es nicht."))
    organisation = Organisation.objects.select_for_update(no_key=True).filter(key=organisation_key).first()
    if organisation is None:
        raise _refuse("organisation", gettext("Diese Organisation gibt es nicht."))
    held = TeamPartner.objects.filter(code=code, organisation=organisation, role=role)
    if any(_overlap(one.since, one.until, since, until) for one in held):
        raise _refuse("organisation", gettext("Diese Organisation hat diese Aufgabe in dieser Zeit schon."))
    partner = TeamPartner.objects.create(
        code=code, organisation=organisation, role=role, since=since, until=until, is_example=is_example
    )
    record(actor, "name_partner", f"team:{code}", {"organisation": organisation.key, "role": role})
    return partner


@transaction.atomic
def end_partner(actor: Actor, partner_id: int) -> None:
    """Let an organisation's part end yesterday, so that it does not count today. Raises Forbidden, NotFound."""
    actor.require(ASSIGN_TEAM)
    partner = TeamPartner.objects.not_over().select_for_update().filter(pk=partner_id).first()
    if partner is None:
        raise NotFound(gettext("Dieser Partner ist nicht mehr beteiligt."))
    last = date.fromordinal(timezone.localdate().toordinal() - 1)
    if last < partner.since:
        partner.delete()
    else:
        partner.until = last
        partner.save(update_fields=["until"])
    record(actor, "end_partner", f"team:{partner.code}", {"organisation": partner.organisation.key})


@transaction.atomic
def note_staff_council(
    actor: Actor, code: str, state: str, on: date | None = None, note: str = ""
) -> StaffCouncil:
    """Keep whether the staff council is to be asked about a measure, and whether it was.

    Raises:
        Forbidden: without `strategy.assign_team`.
        NotFound: there is no such measure.
        Invalid: naming `state`, `on` (needed for what was done) or `note`.
    """
    actor.require(ASSIGN_TEAM)
    require_measure(code)
    if state not in Consultation.values:
        raise _refuse("state", gettext("Diese Auswahl gibt es nicht."))
    if state in {Consultation.ASKED, Consultation.DONE} and on is None:
        raise _refuse("on", gettext("Bitte nennen Sie den Tag."))
    if len(note) > LONGEST_NOTE or "\x00" in note:
        raise _refuse("note", gettext("Höchstens 500 Zeichen."))
    kept, _new = StaffCouncil.objects.update_or_create(
        code=code, defaults={"state": state, "on": on, "note": note.strip()}
    )
    record(
        actor, "note_staff_council", f"team:{code}", {"state": state, "on": on.isoformat() if on else None}
    )
    return kept


def require_measure(code: str) -> None:
    """Raises NotFound unless the strategy has a measure of this code."""
    if code not in strategy().measures:
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))


def _get_organisation(key: str) -> Organisation:
    organisation = Organisation.objects.filter(key=key).first()
    if organisation is None:
        raise _refuse("organisation", gettext("Diese Organisation gibt es nicht."))
    return organisation


def _require_order(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise _refuse("until", gettext("Das Ende liegt vor dem Anfang."))


def _overlap(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    return (until is None or other_since <= until) and (other_until is None or since <= other_until)


def _refuse(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields=(FieldError(field, sentence),))
