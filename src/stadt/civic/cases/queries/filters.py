"""Searches that were kept."""

import msgspec
from django.db.models import Q

from stadt.civic.cases.access import SEEING, places_of
from stadt.civic.cases.models import SavedFilter
from stadt.civic.cases.queries.searching import CaseQuery
from stadt.core.people.actor import Actor


def list_filters(actor: Actor) -> list[SavedFilter]:
    """The own searches and those shared where the actor sees cases, by name."""
    if actor.user_id is None:
        return []
    wanted = Q(owner_id=actor.user_id) | Q(organisation_id__in=places_of(actor, SEEING))
    return list(SavedFilter.objects.filter(wanted).order_by("name", "pk"))


def query_of(kept: SavedFilter) -> CaseQuery:
    """The search as it was kept; what is not understood any more makes it an empty one."""
    try:
        return msgspec.convert(kept.query, CaseQuery)
    except msgspec.ValidationError:
        return CaseQuery()
