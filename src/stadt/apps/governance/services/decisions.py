"""From the draft to the decision: prepared by one, decided by another on frozen data, never changed afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.governance import frozen
from stadt.apps.governance.events import DecisionTaken
from stadt.apps.governance.kinds import DECIDING, DRAFT_MOVES, BodyKind, DecisionKind, DraftState
from stadt.apps.governance.models import Body, Decision, Draft, Signature
from stadt.apps.governance.refusals import checked_codes, checked_link, checked_text, refuse
from stadt.apps.governance.rights import DECIDE, PREPARE
from stadt.core.audit import record
from stadt.core.errors import Conflict, Forbidden, NotFound
from stadt.core.events import publish
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.factors import get_policy
from stadt.core.people.models import Membership, User

WORDS = (
    "body_id", "kind", "subjects", "title", "reason", "public_text", "paper_number", "paper_url", "oparl_id",
    "view", "view_sha256", "view_taken_at", "is_example", "corrects_id",
)  # fmt: skip
"""What a decision takes over from its draft, word for word."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A decision as somebody words it. `reason` stays inside; `subjects` are codes of the strategy."""

    body: str
    kind: str
    title: str
    subjects: Sequence[str] = ()
    reason: str = ""
    public_text: str = ""
    paper_number: str = ""
    paper_url: str = ""
    oparl_id: str = ""


@transaction.atomic
def prepare_decision(
    actor: Actor, wording: Wording, *, corrects: int | None = None, is_example: bool = False
) -> Draft:
    """Begin a draft. `corrects` is the number of a decision that this one is to replace.

    Raises:
        Forbidden: without `governance.prepare`.
        Invalid: naming the field of the wording.
        NotFound: there is no decision of that number.
        Conflict: that decision was corrected already.
    """
    actor.require(PREPARE)
    fields = _checked(wording)
    if corrects is not None:
        _require_correctable(corrects)
    draft = Draft.objects.create(
        **fields, corrects_id=corrects, prepared_by_id=actor.user_id, is_example=is_example
    )
    record(actor, "prepare_decision", f"draft:{draft.pk}", {"kind": draft.kind, "subjects": draft.subjects})
    return draft


@transaction.atomic
def change_draft(actor: Actor, pk: int, wording: Wording) -> Draft:
    """Word a draft anew while it has not been submitted; whoever changed it last counts as the one who prepared it.

    Raises:
        Forbidden, NotFound, Invalid; Conflict: it was submitted, decided or withdrawn.
    """
    actor.require(PREPARE)
    draft = _get(pk, DraftState.DRAFT)
    for name, value in _checked(wording).items():
        setattr(draft, name, value)
    draft.prepared_by_id = actor.user_id
    draft.changed_at = timezone.now()
    draft.save()
    record(actor, "change_draft", f"draft:{pk}", {"kind": draft.kind, "subjects": draft.subjects})
    return draft


@transaction.atomic
def submit_draft(actor: Actor, pk: int) -> Draft:
    """Put a draft before the body and freeze the data it is shown with. Raises Forbidden, NotFound, Conflict."""
    actor.require(PREPARE)
    draft = _get(pk, DraftState.DRAFT)
    now = timezone.now()
    draft.view = frozen.build_view(draft.subjects, now)
    draft.view_sha256 = frozen.checksum(draft.view)
    draft.view_taken_at = draft.changed_at = now
    draft.state, draft.return_note = DraftState.SUBMITTED, ""
    if draft.prepared_by_id is None:
        draft.prepared_by_id = actor.user_id
    draft.save()
    record(actor, "submit_draft", f"draft:{pk}", {"sha256": draft.view_sha256})
    return draft


@transaction.atomic
def return_draft(actor: Actor, pk: int, note: str = "") -> Draft:
    """Give a submitted draft back to be worded anew, or with other data. By who decides or who prepares."""
    if not actor.can(DECIDE):
        actor.require(PREPARE)
    draft = _get(pk, DraftState.SUBMITTED)
    draft.state = DraftState.DRAFT
    draft.return_note = checked_text("note", note, 500, needed=False)
    draft.save(update_fields=["state", "return_note"])
    record(actor, "return_draft", f"draft:{pk}")
    return draft


@transaction.atomic
def withdraw_draft(actor: Actor, pk: int) -> Draft:
    """Take a draft back for good. Raises Forbidden, NotFound, Conflict."""
    actor.require(PREPARE)
    draft = _get(pk, DraftState.WITHDRAWN)
    draft.state = DraftState.WITHDRAWN
    draft.save(update_fields=["state"])
    record(actor, "withdraw_draft", f"draft:{pk}")
    return draft


@transaction.atomic
def decide(actor: Actor, pk: int, seen_sha256: str, decided_on: date | None = None) -> Decision:
    """Decide what was submitted, on the frozen data that were seen.

    Args:
        seen_sha256: checksum of the data on the page that the person saw.
        decided_on: day of the body's meeting (today), never later.

    Raises:
        Forbidden: without `governance.decide`, as a machine, for what one prepared oneself, also as somebody's deputy.
        SecondFactorNeeded: the house demands a second factor, and this session was begun without one.
        Conflict: it is not submitted, or with other data than were seen, or corrects what was corrected meanwhile.
        Invalid: naming `decided_on` or `body`.
    """
    actor.require(DECIDE)
    if actor.kind not in {"user", "system"}:
        raise Forbidden(gettext("Beschließen kann nur ein Mensch."))
    draft = _get(pk, DraftState.DECIDED)
    involved = {actor.user_id, *actor.on_behalf_of} - {None}
    if draft.prepared_by_id in involved:
        raise Forbidden(gettext("Wer eine Vorlage vorbereitet hat, beschließt sie nicht selbst."))
    if draft.view_sha256 != seen_sha256 or not frozen.is_intact(draft.view, draft.view_sha256):
        raise Conflict(gettext("Die Vorlage hat jetzt andere Daten. Bitte laden Sie die Seite neu."))
    today = timezone.localdate()
    day = decided_on or today
    if day > today:
        raise refuse("decided_on", gettext("Dieser Tag liegt in der Zukunft."))
    if BodyKind(draft.body.kind) not in DECIDING:
        raise refuse("body", gettext("Dieses Gremium berät und beschließt nicht."))
    if draft.corrects_id is not None:
        _require_correctable(draft.corrects_id)
    decision = Decision.objects.create(decided_on=day, **{name: getattr(draft, name) for name in WORDS})
    _sign(actor, decision)
    draft.state, draft.decision = DraftState.DECIDED, decision
    draft.save(update_fields=["state", "decision"])
    changes = {"kind": decision.kind, "subjects": decision.subjects, "sha256": decision.view_sha256}
    record(actor, "decide", f"decision:{decision.pk}", changes | {"corrects": decision.corrects_id})
    publish(DecisionTaken(decision.pk))
    return decision


def _sign(actor: Actor, decision: Decision) -> None:
    user = User.objects.filter(pk=actor.user_id or 0).first()
    holder = actor.user_id if not actor.on_behalf_of else min(actor.on_behalf_of)
    held = (
        Membership.objects.in_force()
        .filter(
            Q(role__permissions__contains=[DECIDE.key]) | Q(role__permissions__contains=[ALL]), user_id=holder
        )
        .select_related("role")
        .order_by("role__key")
        .first()
    )
    Signature.objects.create(
        decision=decision,
        user=user,
        name=user.get_full_name() if user else "",
        role=held.role.title if held else decision.body.name,
        for_others=bool(actor.on_behalf_of),
        with_second_factor=user is not None and get_policy().reaches(is_staff=True),
    )


def _get(pk: int, target: DraftState) -> Draft:
    """The draft, locked, where it can go to `target`, or be worded where that is DRAFT. Raises NotFound, Conflict."""
    draft = Draft.objects.select_for_update(of=("self",)).select_related("body").filter(pk=pk).first()
    if draft is None:
        raise NotFound(gettext("Diese Vorlage gibt es nicht."))
    state = DraftState(draft.state)
    is_right = state is DraftState.DRAFT if target is DraftState.DRAFT else target in DRAFT_MOVES[state]
    if target is DraftState.SUBMITTED:
        is_right = state is DraftState.SUBMITTED
    if not is_right:
        raise Conflict(
            gettext("Diese Vorlage ist inzwischen „%(state)s“. Bitte laden Sie die Seite neu.")
            % {"state": state.label}
        )
    return draft


def _require_correctable(pk: int) -> None:
    decision = Decision.objects.select_for_update().filter(pk=pk).first()
    if decision is None:
        raise NotFound(gettext("Diesen Beschluss gibt es nicht."))
    if Decision.objects.filter(corrects_id=pk).exists():
        raise Conflict(gettext("Dieser Beschluss ist schon durch einen anderen berichtigt."))


def _checked(wording: Wording) -> dict[str, object]:
    body = Body.objects.filter(key=wording.body).first()
    if body is None or body.is_planned:
        raise refuse("body", gettext("Dieses Gremium gibt es nicht."))
    if wording.kind not in DecisionKind.values:
        raise refuse("kind", gettext("Diese Auswahl gibt es nicht."))
    return {
        "body": body,
        "kind": wording.kind,
        "subjects": checked_codes("subjects", wording.subjects),
        "title": checked_text("title", wording.title, 200),
        "reason": checked_text("reason", wording.reason, 10_000),
        "public_text": checked_text("public_text", wording.public_text, 1500, needed=False),
        "paper_number": checked_text("paper_number", wording.paper_number, 60, needed=False),
        "paper_url": checked_link("paper_url", wording.paper_url),
        "oparl_id": checked_link("oparl_id", wording.oparl_id),
    }
