"""Meetings of a body: planned with an agenda, minuted, released to the members."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.governance.kinds import ItemKind, MeetingState
from stadt.apps.governance.models import AgendaItem, Meeting
from stadt.apps.governance.refusals import checked_codes, checked_text, refuse
from stadt.apps.governance.rights import MINUTES
from stadt.apps.governance.services.bodies import get_body
from stadt.core.audit import record
from stadt.core.errors import Conflict, NotFound
from stadt.core.people.actor import Actor

MOST_ITEMS = 100


@transaction.atomic
def plan_meeting(actor: Actor, body: str, held_on: date, title: str, *, is_example: bool = False) -> Meeting:
    """Plan a meeting of a body. Raises Forbidden, NotFound, Invalid naming `title`."""
    actor.require(MINUTES)
    meeting = Meeting.objects.create(
        body=get_body(body), held_on=held_on, title=checked_text("title", title, 200), is_example=is_example
    )
    record(actor, "plan_meeting", f"meeting:{meeting.pk}", {"held_on": held_on.isoformat()})
    return meeting


@transaction.atomic
def put_item(actor: Actor, pk: int, kind: str, title: str, subject: str = "") -> AgendaItem:
    """Put something on the agenda, at its end. `subject` of a measure is its code, else any short reference.

    Raises:
        Forbidden, NotFound; Conflict: the minutes are released.
        Invalid: naming `kind`, `title` or `subject`.
    """
    actor.require(MINUTES)
    meeting = _get(pk)
    if kind not in ItemKind.values:
        raise refuse("kind", gettext("Diese Auswahl gibt es nicht."))
    subject = checked_text("subject", subject, 40, needed=kind == ItemKind.MEASURE)
    if kind == ItemKind.MEASURE:
        checked_codes("subject", [subject])
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    if last >= MOST_ITEMS:
        raise Conflict(gettext("Die Tagesordnung ist voll."))
    item = AgendaItem.objects.create(
        meeting=meeting,
        position=last + 1,
        kind=kind,
        subject=subject,
        title=checked_text("title", title, 200),
    )
    record(actor, "put_item", f"meeting:{pk}", {"item": item.pk, "kind": kind})
    return item


@transaction.atomic
def remove_item(actor: Actor, pk: int, item_id: int) -> None:
    """Take something off the agenda. Raises Forbidden, NotFound, Conflict."""
    actor.require(MINUTES)
    meeting = _get(pk)
    removed, _rows = meeting.items.filter(pk=item_id).delete()
    if not removed:
        raise NotFound(gettext("Diesen Punkt gibt es nicht."))
    record(actor, "remove_item", f"meeting:{pk}", {"item": item_id})


@transaction.atomic
def write_minutes(actor: Actor, pk: int, minutes: str, results: dict[int, str]) -> Meeting:
    """Keep the minutes and what was found about each item (id → sentence). Raises Forbidden, NotFound, Conflict, Invalid."""
    actor.require(MINUTES)
    meeting = _get(pk)
    meeting.minutes = checked_text("minutes", minutes, 20_000, needed=False)
    meeting.save(update_fields=["minutes"])
    for item in meeting.items.filter(pk__in=results):
        item.result = checked_text("minutes", results[item.pk], 1000, needed=False)
        item.save(update_fields=["result"])
    record(actor, "write_minutes", f"meeting:{pk}", {"items": len(results)})
    return meeting


@transaction.atomic
def release_minutes(actor: Actor, pk: int) -> Meeting:
    """Let the members read the minutes, which then stay as they are.

    Raises Forbidden, NotFound; Conflict: nothing is written, the meeting is still to come, or they are released.
    """
    actor.require(MINUTES)
    meeting = _get(pk)
    if not meeting.minutes:
        raise Conflict(gettext("Das Protokoll ist noch leer."))
    if meeting.held_on > timezone.localdate():
        raise Conflict(gettext("Die Sitzung war noch nicht."))
    meeting.state, meeting.released_by_id, meeting.released_at = (
        MeetingState.RELEASED,
        actor.user_id,
        timezone.now(),
    )
    meeting.save(update_fields=["state", "released_by", "released_at"])
    record(actor, "release_minutes", f"meeting:{pk}")
    return meeting


def _get(pk: int) -> Meeting:
    """The meeting, locked and still open. Raises NotFound, Conflict."""
    meeting = Meeting.objects.select_for_update().filter(pk=pk).first()
    if meeting is None:
        raise NotFound(gettext("Diese Sitzung gibt es nicht."))
    if meeting.state != MeetingState.PLANNED:
        raise Conflict(gettext("Das Protokoll ist freigegeben und ändert sich nicht mehr."))
    return meeting
