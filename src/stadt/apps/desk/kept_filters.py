"""Kept searches: one's own and those of the teams, as links."""

from __future__ import annotations

from dataclasses import dataclass

from stadt.apps.desk.filters import Surroundings, address_of
from stadt.civic.cases import rights
from stadt.civic.cases.queries import CaseQuery
from stadt.civic.cases.queries.filters import list_filters, query_of


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept search. `team` is empty for one's own."""

    pk: int
    name: str
    address: str
    team: str
    is_current: bool
    may_remove: bool


def list_kept(around: Surroundings, query: CaseQuery) -> list[Kept]:
    """One's own first, then the teams', each by name. One query."""
    actor = around.actor
    teams = {one.organisation.pk: one.organisation.name for one in around.teams}
    kept = [(one, query_of(one)) for one in list_filters(actor)]
    found = [
        Kept(
            one.pk,
            one.name,
            address_of(asked),
            teams.get(one.organisation_id or 0, ""),
            asked == query,
            one.owner_id == actor.user_id or actor.can(rights.MANAGE, one.organisation_id),
        )
        for one, asked in kept
    ]
    return sorted(found, key=lambda one: (bool(one.team), one.name.casefold()))
