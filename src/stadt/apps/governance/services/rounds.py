"""Run a survey: open it with a key date, remind, complete it, and let a second person freeze it."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.governance import mails, strategy
from stadt.apps.governance.frozen import checksum
from stadt.apps.governance.kinds import RoundState
from stadt.apps.governance.models import SurveyRound
from stadt.apps.governance.queries import rounds as queries
from stadt.apps.governance.refusals import checked_codes, checked_text, refuse
from stadt.apps.governance.rights import RUN_ROUNDS
from stadt.core.audit import record
from stadt.core.errors import Conflict, Forbidden, NotFound
from stadt.core.people.actor import Actor


@transaction.atomic
def open_round(
    actor: Actor, key_date: date, title: str, codes: Sequence[str] = (), *, is_example: bool = False
) -> SurveyRound:
    """Begin a survey at a key date; without `codes` for the priority indicators (M-01).

    Raises:
        Forbidden: without `governance.run_rounds`.
        Invalid: naming `key_date` (taken already), `title` or `indicators`.
    """
    actor.require(RUN_ROUNDS)
    title = checked_text("title", title, 200)
    wanted = checked_codes("indicators", codes, most=500) or queries.default_codes()
    known = set(strategy.content_at().indicators)
    if strange := [code for code in wanted if code not in known]:
        raise refuse("indicators", gettext("„%(code)s“ ist keine Kennzahl.") % {"code": strange[0]})
    if not wanted:
        raise refuse("indicators", gettext("Die Strategie hat keine Kennzahlen."))
    kept, is_new = SurveyRound.objects.get_or_create(
        key_date=key_date,
        defaults={
            "title": title,
            "indicators": wanted,
            "opened_by_id": actor.user_id,
            "is_example": is_example,
        },
    )
    if not is_new:
        raise refuse("key_date", gettext("Zu diesem Stichtag gibt es schon eine Erhebung."))
    record(
        actor, "open_round", f"round:{kept.pk}", {"key_date": key_date.isoformat(), "indicators": len(wanted)}
    )
    return kept


@transaction.atomic
def remind(actor: Actor, pk: int) -> int:
    """Write to those who answer for missing values, each one mail a day at most. Returns how many people got one.

    Raises:
        Forbidden, NotFound; Conflict: the round is frozen, or the mails of today have left.
    """
    actor.require(RUN_ROUNDS)
    row = _get(pk)
    now = timezone.now()
    if row.state == RoundState.FROZEN:
        raise Conflict(gettext("Diese Erhebung ist festgeschrieben."))
    if row.reminded_at and timezone.localdate(row.reminded_at) == timezone.localdate(now):
        raise Conflict(gettext("Heute wurde schon erinnert."))
    missing = [
        one for one in queries.find_values(row.indicators, row.key_date, with_contacts=True) if one.missing
    ]
    people = {user.pk: user for one in missing for user in one.contacts}
    for user in people.values():
        mails.send_reminder(user, row, [one for one in missing if user in one.contacts])
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    record(actor, "remind", f"round:{pk}", {"people": len(people), "missing": len(missing)})
    return len(people)


@transaction.atomic
def complete_round(actor: Actor, pk: int) -> SurveyRound:
    """Say that no more values are awaited. Raises Forbidden, NotFound; Conflict: not running, or before the key date."""
    actor.require(RUN_ROUNDS)
    row = _get(pk)
    if row.state != RoundState.OPEN:
        raise Conflict(gettext("Diese Erhebung läuft nicht mehr."))
    if row.key_date > timezone.localdate():
        raise Conflict(gettext("Der Stichtag ist noch nicht da."))
    row.state, row.collected_by_id = RoundState.COLLECTED, actor.user_id
    row.save(update_fields=["state", "collected_by"])
    record(actor, "complete_round", f"round:{pk}")
    return row


@transaction.atomic
def reopen_round(actor: Actor, pk: int) -> SurveyRound:
    """Go on collecting. Raises Forbidden, NotFound; Conflict: it is not completed, or frozen."""
    actor.require(RUN_ROUNDS)
    row = _get(pk)
    if row.state != RoundState.COLLECTED:
        raise Conflict(gettext("Diese Erhebung ist nicht abgeschlossen oder schon festgeschrieben."))
    row.state, row.collected_by_id = RoundState.OPEN, None
    row.save(update_fields=["state", "collected_by"])
    record(actor, "reopen_round", f"round:{pk}")
    return row


@transaction.atomic
def freeze_round(actor: Actor, pk: int) -> SurveyRound:
    """Keep all values of a completed round for good: the base values of the next period (M-01).

    Raises:
        Forbidden: without the right, or by the one who completed it, also as somebody's deputy.
        NotFound; Conflict: it is not completed.
    """
    actor.require(RUN_ROUNDS)
    row = _get(pk)
    if row.state != RoundState.COLLECTED:
        raise Conflict(gettext("Diese Erhebung ist nicht abgeschlossen oder schon festgeschrieben."))
    if row.collected_by_id is not None and row.collected_by_id in {actor.user_id, *actor.on_behalf_of}:
        raise Forbidden(gettext("Festschreiben muss jemand anderes als die Person, die abgeschlossen hat."))
    now = timezone.now()
    row.snapshot = queries.build_snapshot(row, now)
    row.sha256 = checksum(row.snapshot)
    row.state, row.frozen_by_id, row.frozen_at = RoundState.FROZEN, actor.user_id, now
    row.save()
    record(actor, "freeze_round", f"round:{pk}", {"sha256": row.sha256})
    return row


def _get(pk: int) -> SurveyRound:
    row = SurveyRound.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(gettext("Diese Erhebung gibt es nicht."))
    return row
