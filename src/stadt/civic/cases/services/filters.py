"""Searches that somebody keeps, for themselves or for an organisation."""

from stadt.civic.cases.models import SavedFilter
from stadt.civic.cases.queries.searching import CaseQuery
from stadt.core.people.actor import Actor


def save_filter(
    actor: Actor, name: str, query: CaseQuery, *, organisation_id: int | None = None
) -> SavedFilter:
    """Keep a search under a name; the same name again replaces it. Shared needs `cases.manage` there. Raises Invalid."""
    raise NotImplementedError


def remove_filter(actor: Actor, filter_id: int) -> None:
    """Forget an own search, or a shared one with `cases.manage`. Raises NotFound."""
    raise NotImplementedError
