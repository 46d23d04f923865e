"""Several cases at once for whoever may see them: by their numbers, by kinship, and the orders of contractors."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from stadt.civic.cases.access import places_of, read_by
from stadt.civic.cases.models import Case
from stadt.civic.cases.rights import WORK
from stadt.core.people.actor import Actor

MOST_RELATIVES = 200


def list_by_reference(actor: Actor, references: Iterable[str]) -> list[Case]:
    """The cases with these references that the actor may read, in the order of the references."""
    wanted = [one for one in references if "\0" not in one]
    found = {case.reference: case for case in _readable(actor).filter(reference__in=wanted)}
    return [found[one] for one in wanted if one in found]


def list_by_id(actor: Actor, ids: Iterable[int]) -> list[Case]:
    """The cases with these ids that the actor may read."""
    return list(_readable(actor).filter(pk__in=list(ids)))


def list_relatives(actor: Actor, case: Case) -> list[Case]:
    """What belongs to a case as far as the actor may read it: what is above and below it, and its duplicates."""
    above = [pk for pk in (case.parent_id, case.duplicate_of_id) if pk is not None]
    kin = Q(pk__in=above) | Q(parent=case) | Q(duplicate_of=case)
    return list(_readable(actor).filter(kin).order_by("received_at", "pk")[:MOST_RELATIVES])


def find_next(actor: Actor, case: Case) -> Case | None:
    """The case to go on with: the actor's own that is due first and waits for nobody, else one that nobody has yet."""
    open_ones = _readable(actor).filter(closed_at=None, paused_at=None, duplicate_of=None).exclude(pk=case.pk)
    ordered = open_ones.order_by(F("due_at").asc(nulls_last=True), "pk")
    own = ordered.filter(assignee_id=actor.user_id).first() if actor.user_id is not None else None
    return own or ordered.filter(assignee=None).first()


def list_orders(actor: Actor, limit: int = 200) -> list[Case]:
    """The open cases that were handed to the actor's organisations as contractors, what is due first."""
    handed = Case.objects.filter(contractor_id__in=places_of(actor, (WORK,)))
    found = handed.filter(closed_at=None, duplicate_of=None)
    ordered = found.order_by(F("due_at").asc(nulls_last=True), "received_at", "pk")
    return list(ordered.select_related("organisation", "assignee", "contractor")[:limit])


def _readable(actor: Actor) -> QuerySet[Case]:
    """The cases that the actor sees as an officer; what was only handed to a contractor is not among them."""
    return Case.objects.select_related("organisation", "assignee", "contractor").filter(read_by(actor))
