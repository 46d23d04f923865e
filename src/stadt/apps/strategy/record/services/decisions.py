"""Decides change requests: co-sign, approve, reject. What is approved is recorded in the same transaction."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.strategy.events import MeasureRescheduled, MeasureStruck, StrategyChanged
from stadt.apps.strategy.record import store
from stadt.apps.strategy.record.changes import (
    kind_named,
    made,
    patched,
    plain,
    refuse,
    wrong_with,
    wrong_with_step,
)
from stadt.apps.strategy.record.content import Content, Item, Measure
from stadt.apps.strategy.record.models import Change, ChangeRequest
from stadt.apps.strategy.record.printed import BEGINNING
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.services.requests import locked_request, require_texts
from stadt.apps.strategy.record.states import next_state
from stadt.apps.strategy.rights import APPROVE, COSIGN
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Forbidden
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.core.people.reach import require_in_city
from stadt.hub.datasets.kept.who import eyes_of, who_is

TAGS_TO_COSIGN = frozenset({"infrastructure", "security", "data_protection"})
"""Measures with one of these are co-signed before anybody decides on them."""


def needs_cosign(request: ChangeRequest) -> bool:
    """Whether a request touches a measure that is tagged so, before or after the change, and nobody has co-signed yet."""
    if request.cosigned_by:
        return False
    changes = list(request.changes.all())
    items = store.newest_of(change.code for change in changes).values()
    tags = {tag for change in changes for tag in change.fields.get("tags", ())}
    tags |= {tag for item in items if isinstance(item, Measure) for tag in item.tags}
    return bool(tags & TAGS_TO_COSIGN)


@transaction.atomic
def cosign(actor: Actor, request_id: int) -> ChangeRequest:
    """Co-sign a submitted request that touches infrastructure, security or data protection.

    Raises:
        Forbidden: without `strategy.cosign` in the city, or by somebody who worked on it.
        Conflict: it is not submitted, or nothing is to be co-signed.
    """
    require_in_city(actor, COSIGN)
    request = locked_request(actor, request_id)
    state = next_state("cosign", request.state)
    _require_other_eyes(actor, request)
    if not needs_cosign(request):
        raise Conflict(gettext("An diesem Antrag ist nichts mitzuzeichnen."))
    request.state, request.cosigned_by, request.cosigned_at = state, who_is(actor), timezone.now()
    request.save()
    record(actor, "cosign_change_request", f"change_request:{request.pk}", {"revision": request.revision})
    return request


@transaction.atomic
def approve(
    actor: Actor, request_id: int, valid_from: date, decision_reference: str, *, revision: int | None = None
) -> ChangeRequest:
    """Decide that the changes are true from a day on, and record them; all of them or none.

    Args:
        valid_from: may lie in the past or ahead, but not before the item itself.
        decision_reference: what was decided where, such as a paper's number.
        revision: what the actor has seen of the request; another edit since then is refused.

    Raises:
        Forbidden: without `strategy.approve` in the city, or by somebody who worked on it.
        Conflict: it is not submitted, not co-signed, or the strategy was changed meanwhile at the same place.
        Invalid: the reference is missing, or a change cannot be any more.
    """
    require_in_city(actor, APPROVE)
    moment = store.lock()
    request = locked_request(actor, request_id)
    state = next_state("approve", request.state)
    _require_other_eyes(actor, request)
    if revision is not None and revision != request.revision:
        raise Conflict(gettext("Der Antrag wurde inzwischen geändert. Bitte laden Sie die Seite neu."))
    if needs_cosign(request):
        raise Conflict(gettext("Der Antrag muss erst mitgezeichnet werden."))
    require_texts(decision_reference=decision_reference)
    _require_day(valid_from)
    changes = list(request.changes.order_by("pk"))
    _apply(changes, valid_from, moment, who_is(actor))
    request.state, request.valid_from = state, valid_from
    request.decided_by, request.decided_at = who_is(actor), moment
    request.decision_reference = decision_reference.strip()
    request.save()
    codes = tuple(sorted({change.code for change in changes}))
    record(
        actor,
        "approve_change_request",
        f"change_request:{request.pk}",
        {"codes": list(codes), "valid_from": valid_from.isoformat()},
    )
    _tell(changes, codes, request.pk)
    return request


@transaction.atomic
def reject(actor: Actor, request_id: int, reason: str) -> ChangeRequest:
    """Decide against a submitted request, with the reason. Raises as `approve`."""
    require_in_city(actor, APPROVE)
    request = locked_request(actor, request_id)
    state = next_state("reject", request.state)
    _require_other_eyes(actor, request)
    require_texts(reason=reason)
    request.state, request.decided_by, request.decided_at = state, who_is(actor), timezone.now()
    request.decision_note = reason.strip()
    request.save()
    record(actor, "reject_change_request", f"change_request:{request.pk}")
    return request


def workers_on(request: ChangeRequest) -> set[str]:
    """Everybody who opened, edited or submitted a request: none of them decides on it."""
    found = {request.opened_by, request.edited_by, request.submitted_by}
    return (found | set(request.changes.values_list("put_by", flat=True))) - {""}


def _require_other_eyes(actor: Actor, request: ChangeRequest) -> None:
    if eyes_of(actor) & workers_on(request):
        raise Forbidden(gettext("Wer an einem Antrag mitgearbeitet hat, entscheidet nicht darüber."))


def _require_day(valid_from: date) -> None:
    if not BEGINNING <= valid_from <= date(2200, 1, 1):
        refuse([FieldError("valid_from", gettext("liegt außerhalb der Zeit dieser Strategie"))])


def _apply(changes: list[Change], valid_from: date, moment: datetime, who: str) -> None:
    """Record every change; the whole transaction fails when one of them cannot be."""
    content = strategy_at(valid_from)
    after: dict[str, Item] = dict(content.items)
    added = {
        change.code: made(change.code, change.fields) for change in changes if kind_named(change.kind).adds
    }
    after |= added
    for change in changes:
        if change.code in added:
            if store.is_taken(change.code):
                raise Conflict(
                    gettext("Die Nummer %(code)s ist inzwischen vergeben.") % {"code": change.code}
                )
        else:
            _require_unchanged(change, valid_from)
            after[change.code] = patched(after[change.code], change.fields)
    state = Content(after.values())
    for change in changes:
        refuse(list(wrong_with(after[change.code], state, change.fields)))
    for code in dict.fromkeys(change.code for change in changes):
        own = [change for change in changes if change.code == code]
        mark = store.Mark(moment, who, own[0].request_id, own[0].kind if len(own) == 1 else "several")
        if code in added:
            store.add([added[code]], valid_from, mark)
        else:
            store.rewrite(code, partial(patched, fields=_fields_of(own)), valid_from, mark)


def _fields_of(changes: list[Change]) -> dict[str, Any]:
    return {name: value for change in changes for name, value in change.fields.items()}


def _require_unchanged(change: Change, valid_from: date) -> None:
    """Whatever the change replaces must still stand there, on that day and later."""
    versions = store.versions_from(change.code, valid_from)
    if not versions:
        raise Conflict(gettext("%(code)s gibt es an diesem Tag noch nicht.") % {"code": change.code})
    for item in versions:
        standing = plain(item)
        if any(standing[name] != value for name, value in change.base.items()):
            raise Conflict(
                gettext(
                    "%(code)s wurde inzwischen an derselben Stelle geändert. Bitte holen Sie den Antrag zurück und stellen "
                    "Sie die Änderung neu."
                )
                % {"code": change.code}
            )
        refuse(list(wrong_with_step(kind_named(change.kind), item, change.fields)))


def _tell(changes: list[Change], codes: tuple[str, ...], request_id: int) -> None:
    publish(StrategyChanged(codes, request_id))
    for change in changes:
        if change.kind == "strike":
            publish(MeasureStruck(change.code))
        elif change.kind == "reschedule":
            publish(MeasureRescheduled(change.code))
