"""Who may see and do what with a case: rights in its organisation, or being its contractor, or its party."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from stadt.civic.cases.models import Case
from stadt.civic.cases.rights import DECIDE, HANDLE, MANAGE, READ, WORK
from stadt.core.errors import Conflict, NotFound
from stadt.core.manifest import Permission
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.tree import get_city

SEEING = (READ, HANDLE, DECIDE, MANAGE)
"""Any of these lets an officer see a case."""
MOST_TRIES = 5
"""How often locking begins anew because cases were merged meanwhile."""


def place_of(case: Case) -> int:
    """The organisation in which rights over the case count; what belongs to none is the city's."""
    return case.organisation_id or get_city().pk


def holds(actor: Actor, permission: Permission, case: Case) -> bool:
    """Whether the actor holds the right where the case is."""
    return _is_meant(actor, case) and actor.can(permission, place_of(case))


def is_contractor(actor: Actor, case: Case) -> bool:
    """Whether the case was handed to an organisation of the actor."""
    return _is_meant(actor, case) and case.contractor_id is not None and actor.can(WORK, case.contractor_id)


def is_officer(actor: Actor, case: Case) -> bool:
    """Whether the actor sees the whole case but contact data."""
    return any(holds(actor, permission, case) for permission in SEEING)


def may_see(actor: Actor, case: Case) -> bool:
    return is_officer(actor, case) or is_contractor(actor, case)


def require(actor: Actor, permission: Permission, case: Case) -> None:
    """Raises NotFound when the case may not be seen, Forbidden when the right is missing."""
    require_seen(actor, case)
    actor.require(permission, place_of(case))


def require_seen(actor: Actor, case: Case | None) -> Case:
    """The case, if the actor may see it. Raises SignInNeeded, or NotFound: what may not be seen does not exist."""
    if not actor.is_known:
        actor.require(READ)
    if case is None or not may_see(actor, case):
        raise NotFound(gettext("Diesen Vorgang gibt es nicht."))
    return case


def lock_case(case_id: int) -> Case:
    """The case, held until the transaction ends together with those that were merged into it. Raises NotFound, Conflict."""
    case = lock_cases([case_id]).get(case_id)
    if case is None:
        raise NotFound(gettext("Diesen Vorgang gibt es nicht."))
    return case


def lock_cases(ids: Collection[int]) -> dict[int, Case]:
    """The cases with these ids and all that were merged into them, by id, held until the transaction ends.

    Every verb takes all its rows here and by rising id, so that two verbs wait for each other and never forever. A case
    that was merged while this waited comes too late for that order: what was taken is let go, and it begins anew.

    Raises:
        Conflict: cases were merged each time it was tried.
    """
    for _ in range(MOST_TRIES):
        mark = transaction.savepoint()
        family = Q(pk__in=ids) | Q(duplicate_of__in=ids)
        found = {
            case.pk: case
            for case in Case.objects.select_for_update(of=("self",)).filter(family).order_by("pk")
        }
        if not Case.objects.filter(duplicate_of__in=ids).exclude(pk__in=found).exists():
            transaction.savepoint_commit(mark)
            return found
        transaction.savepoint_rollback(mark)
    raise Conflict(gettext("Der Vorgang wird gerade zusammengeführt. Bitte versuchen Sie es noch einmal."))


def lock_seen(actor: Actor, case_id: int, revision: int | None = None) -> Case:
    """The same for whoever may see it and has seen this revision. Raises as `require_seen` and `check_revision`."""
    if not actor.is_known:
        actor.require(READ)
    case = require_seen(actor, lock_case(case_id))
    check_revision(case, revision)
    return case


def lock_for(actor: Actor, permission: Permission, case_id: int, revision: int | None = None) -> Case:
    """A live case on which the actor holds the right. Raises NotFound, Forbidden, Conflict."""
    case = lock_seen(actor, case_id, revision)
    actor.require(permission, place_of(case))
    require_live(case)
    return case


def check_revision(case: Case, revision: int | None) -> None:
    """Raises Conflict when the case was changed since that revision."""
    if revision is not None and revision != case.revision:
        raise Conflict(gettext("Jemand hat den Vorgang inzwischen geändert. Bitte laden Sie die Seite neu."))


def require_live(case: Case) -> None:
    """Raises Conflict when the case is anonymised: it is only a figure then."""
    if case.anonymised_at is not None:
        raise Conflict(gettext("Dieser Vorgang ist abgeschlossen und anonymisiert."))


def seen_by(actor: Actor) -> Q:
    """The cases the actor may see, as a condition on `Case`. Raises SignInNeeded or Forbidden for whoever sees none."""
    if actor.kind == "system":
        return Q()
    work = places_of(actor, (WORK,))
    if not work and not places_of(actor, SEEING):
        actor.require(READ)
    if actor.subject:
        return Q(pk=-1)
    return read_by(actor) | (Q(contractor_id__in=work) if work else Q(pk__in=()))


def read_by(actor: Actor) -> Q:
    """Of these cases those the actor sees as an officer, not only as their contractor; none for narrowed tokens."""
    if actor.kind == "system":
        return Q()
    office = places_of(actor, SEEING)
    if actor.subject or not office:
        return Q(pk__in=())
    found = Q(organisation_id__in=office)
    return found | Q(organisation_id=None) if get_city().pk in office else found


def places_of(actor: Actor, permissions: Iterable[Permission]) -> frozenset[int]:
    """The organisations in which one of the rights is held."""
    keys = (ALL, *(permission.key for permission in permissions))
    return frozenset().union(*(actor.grants.get(key, frozenset()) for key in keys))


def _is_meant(actor: Actor, case: Case) -> bool:
    """Whether a token that is narrowed to one thing is narrowed to this case."""
    return not actor.subject or actor.subject == case.subject
