"""The tree of organisations: what lies below one, and the way down to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from stadt.core.german import german_sort_key
from stadt.core.people.models import Organisation

CITY = "stadt"

# `UNION` drops what was found before, so that even a circle written past the services ends.
BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT unnest(%s::bigint[])
    UNION
    SELECT o.id FROM core_organisation o JOIN below b ON o.parent_id = b.id
)
SELECT id FROM below
"""


def ids_below(tops: Iterable[int]) -> frozenset[int]:
    """The organisations with these ids and all below them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(BELOW, [list(tops)])
        return frozenset(row[0] for row in cursor.fetchall())


def get_city() -> Organisation:
    """The city itself, at the top of the tree. Raises Organisation.DoesNotExist before the first migration ended."""
    return Organisation.objects.get(key=CITY)


@dataclass(frozen=True, slots=True)
class Branch:
    """An organisation in its place: `depth` counts from 0, `path` names the way from the top."""

    organisation: Organisation
    depth: int
    path: str


def branches(within: frozenset[int] | None = None) -> list[Branch]:
    """Organisations as a tree read line by line, neighbours by name; `within` keeps those with these ids.

    The depth is counted from the topmost one that is kept. One query.
    """
    children: dict[int | None, list[Organisation]] = {}
    known: set[int] = set()
    for organisation in sorted(Organisation.objects.all(), key=lambda one: german_sort_key(one.name)):
        if within is None or organisation.pk in within:
            known.add(organisation.pk)
            children.setdefault(organisation.parent_id, []).append(organisation)
    tops = [one for parent, ones in children.items() if parent not in known for one in ones]
    found: list[Branch] = []
    waiting = [
        Branch(one, 0, one.name)
        for one in sorted(tops, key=lambda one: (one.key != CITY, german_sort_key(one.name)))
    ][::-1]
    while waiting:
        branch = waiting.pop()
        found.append(branch)
        below = children.get(branch.organisation.pk, [])
        waiting += [Branch(one, branch.depth + 1, f"{branch.path} › {one.name}") for one in below[::-1]]
    return found


def find_circle(parents: Mapping[int, int | None], moved: int, under: int) -> bool:
    """Whether `moved` below `under` would close a circle; `parents` maps each id to the one above it."""
    step: int | None = under
    seen: set[int] = set()
    while step is not None and step not in seen:
        if step == moved:
            return True
        seen.add(step)
        step = parents.get(step)
    return False
