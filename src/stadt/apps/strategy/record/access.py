"""Who sees and does what with the strategy: by permission, or as a member of a measure's team."""

from django.db.models import Case, Q, QuerySet, When

from stadt.apps.strategy.record.content import Measure, PrintedIndicator
from stadt.apps.strategy.record.models import Change, ChangeRequest
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.states import UNDECIDED
from stadt.apps.strategy.rights import APPROVE, COMMENT, COSIGN, EDIT, PROPOSE, SEE_INTERNAL
from stadt.apps.strategy.teams import queries
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.core.people.tree import CITY
from stadt.hub.datasets.kept.who import who_is

READERS = (SEE_INTERNAL, COMMENT, EDIT, COSIGN, APPROVE)


def is_member(actor: Actor, code: str) -> bool:
    """Whether the person is in the team of a measure now."""
    return queries.is_member(actor.user_id, code)


def owner_of(code: str) -> str:
    """The key of the organisation that owns a measure or indicator; empty where none is set."""
    item = strategy_at().find(code)
    return item.owner if isinstance(item, Measure | PrintedIndicator) else ""


def may_see_internal(actor: Actor, code: str = "") -> bool:
    """Whether internal pages are open: to holders of the right, and of one measure to its team."""
    return actor.can(SEE_INTERNAL) or bool(code and is_member(actor, code))


def may_edit(actor: Actor, code: str) -> bool:
    """Whether somebody may edit this item: with the right in the city, in the owner's organisation, or as a member of its team."""
    if not actor.can(EDIT):
        return False
    if actor.kind == "system" or is_member(actor, code):
        return True
    keys = {CITY, owner_of(code)} - {""}
    places = Organisation.objects.filter(key__in=keys).values_list("pk", flat=True)
    return any(actor.can(EDIT, place) for place in places)


def may_see_request(actor: Actor, request: ChangeRequest) -> bool:
    """Whether a change request is shown: never to the public, also not once it is decided.

    Whoever comments on, edits, co-signs or approves requests reads them; others see their own and those about measures in
    whose team they are.
    """
    if not actor.is_known:
        return False
    if any(actor.can(right) for right in READERS) or request.opened_by == who_is(actor):
        return True
    return request.changes.filter(code__in=queries.codes_of(actor.user_id)).exists()


def list_requests(actor: Actor) -> QuerySet[ChangeRequest]:
    """Those for which `may_see_request` says yes, undecided ones first, then the newest. One query for the team's codes."""
    found = ChangeRequest.objects.order_by(
        Case(When(state__in=UNDECIDED, then=0), default=1), "-opened_at", "-pk"
    )
    if not actor.is_known:
        return found.none()
    if any(actor.can(right) for right in READERS):
        return found
    own = Change.objects.filter(code__in=queries.codes_of(actor.user_id)).values("request")
    return found.filter(Q(opened_by=who_is(actor)) | Q(pk__in=own))


def may_comment(actor: Actor, request: ChangeRequest) -> bool:
    """Whether somebody may say something about a request that is shown to them, or that they hold the right for."""
    return actor.can(COMMENT) or (actor.is_known and may_see_request(actor, request))


def may_change_request(actor: Actor, request: ChangeRequest) -> bool:
    """Whether somebody may put changes into a request: the one who opened it, or an editor."""
    return actor.can(EDIT) or (actor.can(PROPOSE) and request.opened_by == who_is(actor))
