"""Searches that somebody keeps, for themselves or for an organisation."""

import msgspec
from django.db import transaction
from django.utils.translation import gettext

from stadt.civic.cases.access import SEEING, places_of
from stadt.civic.cases.models import SavedFilter
from stadt.civic.cases.people import one_line, wrong
from stadt.civic.cases.queries.searching import ORDERS, CaseQuery
from stadt.civic.cases.rights import MANAGE, READ
from stadt.core.audit import record
from stadt.core.errors import Conflict, NotFound
from stadt.core.people.actor import Actor

MOST_FILTERS = 50


@transaction.atomic
def save_filter(
    actor: Actor, name: str, query: CaseQuery, *, organisation_id: int | None = None
) -> SavedFilter:
    """Keep a search under a name; the same name again replaces it. Shared needs `cases.manage` there.

    Raises:
        Forbidden: for machines, and without the right.
        Invalid: naming `name` or `order`.
        Conflict: too many already.
    """
    if actor.user_id is None or not places_of(actor, SEEING):
        actor.require(READ)
        raise Conflict(gettext("Nur Menschen speichern Suchen."))
    if organisation_id is not None:
        actor.require(MANAGE, organisation_id)
    called = one_line(name, "name", 80)
    if not called:
        raise wrong("name", gettext("fehlt"))
    if query.order not in ORDERS:
        raise wrong("order", gettext("gibt es nicht"))
    own = SavedFilter.objects.filter(owner_id=actor.user_id)
    if own.count() >= MOST_FILTERS and not own.filter(name=called).exists():
        raise Conflict(
            gettext("Mehr als %(most)d Suchen lassen sich nicht speichern.") % {"most": MOST_FILTERS}
        )
    kept, _ = SavedFilter.objects.update_or_create(
        owner_id=actor.user_id,
        name=called,
        defaults={"query": {**msgspec.to_builtins(query), "cursor": ""}, "organisation_id": organisation_id},
    )
    record(actor, "save_filter", f"case_filter:{kept.pk}", {"organisation": organisation_id})
    return kept


@transaction.atomic
def remove_filter(actor: Actor, filter_id: int) -> None:
    """Forget an own search, or a shared one with `cases.manage`. Raises NotFound."""
    kept = SavedFilter.objects.select_for_update().filter(pk=filter_id).first()
    if kept is None or not (
        (actor.user_id is not None and kept.owner_id == actor.user_id)
        or (kept.organisation_id is not None and actor.can(MANAGE, kept.organisation_id))
    ):
        raise NotFound(gettext("Diese Suche gibt es nicht."))
    record(actor, "remove_filter", f"case_filter:{kept.pk}")
    kept.delete()
