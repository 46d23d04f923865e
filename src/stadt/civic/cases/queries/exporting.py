"""Rows for a file: facts about cases, without contact data and internal notes."""

from collections.abc import Iterator, Mapping
from typing import Any

from stadt.civic.cases.queries.searching import CaseQuery
from stadt.core.people.actor import Actor

COLUMNS = (
    "reference", "type", "category", "title", "state", "face", "organisation", "contractor", "priority", "source",
    "received_at", "due_at", "planned_for", "closed_at", "reopened", "weight", "address", "lon", "lat", "district", "quarter",
)  # fmt: skip


def export_rows(actor: Actor, query: CaseQuery) -> Iterator[Mapping[str, Any]]:
    """One row for each case that matches, in the order of the query, all of them. Raises Forbidden without `cases.export`."""
    raise NotImplementedError
