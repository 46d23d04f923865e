"""Change requests until they are decided: open, put changes, discuss, submit, take back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.strategy.record import numbers, reading, store
from stadt.apps.strategy.record.access import may_change_request, may_comment, may_see_request
from stadt.apps.strategy.record.changes import (
    ChangeDraft,
    kind_named,
    made,
    patched,
    plain,
    refuse,
    unreadable,
    wrong_with,
    wrong_with_step,
)
from stadt.apps.strategy.record.content import Content, Item, kind_of
from stadt.apps.strategy.record.kinds import ChangeKind
from stadt.apps.strategy.record.models import Change, ChangeRequest, Comment
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.services.foundation import ensure_imported
from stadt.apps.strategy.record.states import UNDECIDED, next_state
from stadt.apps.strategy.rights import COMMENT, EDIT, PROPOSE
from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept.who import who_is

MOST_CHANGES = 200
LONGEST = {"title": 150, "reason": 2000, "text": 2000, "decision_reference": 200}


@transaction.atomic
def open_change_request(actor: Actor, title: str, reason: str, *, is_example: bool = False) -> ChangeRequest:
    """Begin a change request; it is internal.

    Raises:
        Forbidden: neither `strategy.propose` nor `strategy.edit` is held.
        Invalid: title or reason is missing, too long or no text.
    """
    if not actor.can(EDIT):
        actor.require(PROPOSE)
    require_texts(title=title, reason=reason)
    ensure_imported()
    who = who_is(actor)
    request = ChangeRequest.objects.create(
        title=title.strip(), reason=reason.strip(), opened_by=who, edited_by=who, is_example=is_example
    )
    record(actor, "open_change_request", f"change_request:{request.pk}")
    return request


@transaction.atomic
def put_change(actor: Actor, request_id: int, draft: ChangeDraft) -> Change:
    """Put a change into an open request; one of the same kind about the same item is replaced.

    Raises:
        NotFound: there is no such request, or it is not shown to this person.
        Forbidden: neither the one who opened it nor an editor.
        Conflict: the request is not in work, or another of its changes sets the same field.
        Invalid: naming the field that is wrong.
    """
    request = locked_request(actor, request_id)
    _require_change(actor, request)
    next_state("change", request.state)
    kind = kind_named(draft.kind)
    content = strategy_at()
    fields = _fields(kind, draft)
    code = draft.code.strip() or (_next_code(kind, fields) if kind.adds else "")
    base: dict[str, Any] = {}
    if kind.adds:
        item = _new_item(request, kind, code, fields)
    else:
        old = store.find_newest(code)
        if old is None or kind_of(code) not in kind.items:
            raise Invalid(
                gettext("„%(code)s“ gibt es hier nicht.") % {"code": code[:40]},
                fields=(FieldError("code", gettext("gibt es nicht")),),
            )
        refuse(list(wrong_with_step(kind, old, fields)))
        item = patched(old, fields)
        before, after = plain(old), plain(item)
        fields = {name: after[name] for name in fields if after[name] != before[name]}
        base = {name: before[name] for name in fields}
        if not fields:
            raise Invalid(
                gettext("Das steht schon so in der Strategie."),
                fields=(FieldError("fields", gettext("ändert nichts")),),
            )
    _refuse_overlap(request, kind, code, fields)
    refuse(list(wrong_with(item, _with(content, request, item), fields)))
    who = who_is(actor)
    if request.changes.exclude(kind=kind.key, code=code).count() >= MOST_CHANGES:
        raise Conflict(gettext("Ein Antrag fasst höchstens %(most)s Änderungen.") % {"most": MOST_CHANGES})
    change, _made = Change.objects.update_or_create(
        request=request,
        kind=kind.key,
        code=code,
        defaults={"fields": fields, "base": base, "reason": draft.reason.strip(), "put_by": who},
    )
    _note_edit(request, who)
    record(
        actor,
        "put_change",
        f"change_request:{request.pk}",
        {"kind": kind.key, "code": code, "fields": sorted(fields)},
    )
    return change


@transaction.atomic
def drop_change(actor: Actor, request_id: int, change_id: int) -> None:
    """Take a change out of an open request. Raises as `put_change`."""
    request = locked_request(actor, request_id)
    _require_change(actor, request)
    next_state("change", request.state)
    change = request.changes.filter(pk=change_id).first()
    if change is None:
        raise NotFound(gettext("Diese Änderung steht nicht im Antrag."))
    kept = {"kind": change.kind, "code": change.code}
    change.delete()
    _note_edit(request, who_is(actor))
    record(actor, "drop_change", f"change_request:{request.pk}", kept)


@transaction.atomic
def comment(actor: Actor, request_id: int, text: str) -> Comment:
    """Say something about a request that is not decided yet.

    Raises:
        NotFound, Forbidden, Invalid as the other verbs; Conflict once it is decided.
    """
    request = locked_request(actor, request_id)
    if not may_comment(actor, request):
        actor.require(COMMENT)
    if request.state not in UNDECIDED:
        raise Conflict(gettext("Über diesen Antrag ist entschieden; die Aussprache ist geschlossen."))
    require_texts(text=text)
    said = Comment.objects.create(request=request, text=text.strip(), said_by=who_is(actor))
    record(actor, "comment_change_request", f"change_request:{request.pk}", {"comment": said.pk})
    return said


@transaction.atomic
def submit(actor: Actor, request_id: int) -> ChangeRequest:
    """Put a request before those who decide; from now on it is not changed.

    Raises:
        Conflict: it is not in work, or holds no change.
    """
    request = locked_request(actor, request_id)
    _require_change(actor, request)
    state = next_state("submit", request.state)
    if not request.changes.exists():
        raise Conflict(gettext("Der Antrag enthält noch keine Änderung."))
    request.state, request.submitted_by, request.submitted_at = state, who_is(actor), timezone.now()
    request.save()
    record(actor, "submit_change_request", f"change_request:{request.pk}", {"revision": request.revision})
    return request


@transaction.atomic
def reopen(actor: Actor, request_id: int) -> ChangeRequest:
    """Take a submitted request back into work; a co-signature is void then. Raises as `submit`."""
    request = locked_request(actor, request_id)
    _require_change(actor, request)
    request.state = next_state("reopen", request.state)
    request.submitted_by, request.submitted_at = "", None
    request.cosigned_by, request.cosigned_at = "", None
    request.save()
    record(actor, "reopen_change_request", f"change_request:{request.pk}")
    return request


@transaction.atomic
def withdraw(actor: Actor, request_id: int, reason: str = "") -> ChangeRequest:
    """Give a request up; it stays in the list with its discussion. Raises as `submit`."""
    request = locked_request(actor, request_id)
    _require_change(actor, request)
    request.state = next_state("withdraw", request.state)
    if reason:
        require_texts(reason=reason)
    request.decided_by, request.decided_at, request.decision_note = (
        who_is(actor),
        timezone.now(),
        reason.strip(),
    )
    request.save()
    record(actor, "withdraw_change_request", f"change_request:{request.pk}")
    return request


def locked_request(actor: Actor, request_id: int) -> ChangeRequest:
    """The request, kept from others until this transaction ends.

    Raises:
        NotFound: there is none, or it is not shown to this person.
    """
    request = ChangeRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None or not (may_see_request(actor, request) or may_comment(actor, request)):
        raise NotFound(gettext("Diesen Änderungsantrag gibt es nicht."))
    return request


def require_texts(**texts: str) -> None:
    """Raises Invalid naming what is missing, too long or no text."""
    errors = []
    for name, text in texts.items():
        if not text.strip():
            errors.append(FieldError(name, gettext("fehlt")))
        elif len(text.strip()) > LONGEST[name]:
            errors.append(
                FieldError(name, gettext("hat mehr als %(most)s Zeichen") % {"most": LONGEST[name]})
            )
        else:
            errors += unreadable(text, name)
    refuse(errors)


def _require_change(actor: Actor, request: ChangeRequest) -> None:
    if not may_change_request(actor, request):
        if actor.can(PROPOSE):
            raise Forbidden(
                gettext("Diesen Antrag ändern nur, wer ihn begonnen hat, und wer Anträge bearbeitet.")
            )
        actor.require(EDIT)
    actor.require(EDIT if actor.can(EDIT) else PROPOSE)


def _note_edit(request: ChangeRequest, who: str) -> None:
    request.edited_by = who
    request.revision += 1
    request.save(update_fields=["edited_by", "revision"])


def _fields(kind: ChangeKind, draft: ChangeDraft) -> dict[str, Any]:
    """The draft's fields, texts of period and funding read into their parts."""
    fields = dict(draft.fields)
    if kind.key == "strike":
        fields = {"state": "struck"}
    errors = [
        FieldError(name, gettext("gehört nicht zu dieser Änderung"))
        for name in fields
        if name not in kind.fields
    ]
    if kind.needs_reason and not draft.reason.strip():
        errors.append(FieldError("reason", gettext("fehlt")))
    if len(draft.reason) > LONGEST["reason"]:
        errors.append(
            FieldError("reason", gettext("hat mehr als %(most)s Zeichen") % {"most": LONGEST["reason"]})
        )
    errors += unreadable(draft.reason, "reason")
    errors += unreadable(draft.code, "code")
    for name, value in fields.items():
        errors += unreadable(value, name)
    refuse(errors)
    if kind.key == "move_state":
        fields.setdefault("state_note", "")
    return {name: reading.read(name, value) for name, value in fields.items()}


def _new_item(request: ChangeRequest, kind: ChangeKind, code: str, fields: Mapping[str, Any]) -> Item:
    item = made(code, fields)
    if kind_of(code) not in kind.items:
        refuse([FieldError("code", gettext("gehört nicht zu dieser Änderung"))])
    if store.is_taken(code):
        refuse([FieldError("code", gettext("ist vergeben; eine Nummer wird nie ein zweites Mal vergeben"))])
    refuse(list(wrong_with_step(kind, item, fields)))
    return item


def _next_code(kind: ChangeKind, fields: Mapping[str, Any]) -> str:
    """The next free number, also beyond those given from a later day on and those that undecided requests ask for."""
    asked = Change.objects.filter(request__state__in=UNDECIDED, kind=kind.key).values_list("code", flat=True)
    taken = {*store.given_codes(kind.items[0]), *asked}
    return numbers.next_code(kind.items[0], str(fields.get("field", "")), taken)


def _with(content: Content, request: ChangeRequest, item: Item) -> Content:
    """What the item may refer to: the strategy, and what the same request adds."""
    items = dict(content.items)
    for change in request.changes.all():
        if kind_named(change.kind).adds:
            items[change.code] = made(change.code, change.fields)
    items[item.code] = item
    return Content(items.values())


def _refuse_overlap(request: ChangeRequest, kind: ChangeKind, code: str, fields: Mapping[str, Any]) -> None:
    for other in request.changes.filter(code=code).exclude(kind=kind.key):
        if kind.adds or kind_named(other.kind).adds or set(other.fields) & set(fields):
            raise Conflict(
                gettext("Eine andere Änderung dieses Antrags betrifft %(code)s an derselben Stelle.")
                % {"code": code}
            )
