"""Rows for a file: facts about cases, without contact data, the reporter's words and internal notes."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from stadt.civic.cases import access, versions
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries.searching import KEYS, CaseQuery, cursor_of, matching, page
from stadt.civic.cases.rights import EXPORT
from stadt.core.audit import record
from stadt.core.people.actor import Actor
from stadt.core.people.tree import get_city
from stadt.hub.places.queries import area_names

COLUMNS = (
    "reference", "type", "category", "state", "face", "organisation", "contractor", "priority", "source",
    "received_at", "due_at", "planned_for", "closed_at", "reopened", "weight", "address", "lon", "lat", "district", "quarter",
)  # fmt: skip
ROWS = 1000


def export_rows(actor: Actor, query: CaseQuery) -> Iterator[Mapping[str, Any]]:
    """One row for each case that matches, in the order of the query, all of them; read a thousand at a time.

    The download is kept in the audit before the first row.

    Raises:
        SignInNeeded, Forbidden: without `cases.export`; cases elsewhere are left out.
        Invalid: as `search_cases`.
    """
    actor.require(EXPORT)
    found = matching(actor, query)
    if actor.kind != "system":
        places = access.places_of(actor, (EXPORT,))
        is_city = get_city().pk in places
        found = found.filter(
            Q(organisation_id__in=places) | (Q(organisation_id=None) if is_city else Q(pk__in=()))
        )
    keys = KEYS.get(query.order, KEYS["newest"])
    record(actor, "export_rows", "cases", {"order": query.order})

    def rows() -> Iterator[Mapping[str, Any]]:
        cursor = query.cursor
        while True:
            cases = list(page(found, keys, cursor, ROWS))
            yield from _told(cases)
            if len(cases) < ROWS:
                return
            cursor = cursor_of(query.order, keys, cases[-1])

    return rows()


def _told(cases: list[Case]) -> Iterator[Mapping[str, Any]]:
    types = versions.types_of(cases)
    names = area_names([pk for case in cases for pk in (case.district_id, case.quarter_id) if pk])
    for case in cases:
        one = types.get((case.type_key, case.type_version))
        category = one.find_category(case.category) if one else None
        state = one.find_state(case.state) if one else None
        yield {
            "reference": case.reference,
            "type": one.title if one else case.type_key,
            "category": category.title if category else case.category,
            "state": state.title if state else case.state,
            "face": case.face,
            "organisation": case.organisation.name if case.organisation else "",
            "contractor": case.contractor.name if case.contractor else "",
            "priority": case.priority,
            "source": case.source,
            "received_at": case.received_at,
            "due_at": case.due_at,
            "planned_for": case.planned_for,
            "closed_at": case.closed_at,
            "reopened": case.reopened,
            "weight": case.weight,
            "address": case.address,
            "lon": case.lon,
            "lat": case.lat,
            "district": names.get(case.district_id or 0, ""),
            "quarter": names.get(case.quarter_id or 0, ""),
        }
