"""Which permissions a person holds where: by own roles, and as somebody's deputy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.utils import timezone

from stadt.core.registry import registry

ALL = "*"

Grants = Mapping[str, frozenset[int]]
Represented = Mapping[str, Mapping[int, frozenset[int]]]

# `held`: each role in force, of the person or of somebody represented (then `bound` is where the deputy acts).
# `below`: every organisation below one of those; `UNION` ends even in a circle written past the services.
HELD = """
WITH RECURSIVE held(organisation_id, role_id, represented, bound) AS (
    SELECT m.organisation_id, m.role_id, NULL::bigint, NULL::bigint
    FROM core_membership m JOIN core_user u ON u.id = m.user_id AND u.is_active
    WHERE m.user_id = %(user)s AND m.since <= %(at)s AND (m.until IS NULL OR m.until > %(at)s)
  UNION ALL
    SELECT m.organisation_id, m.role_id, d.represented_id, d.organisation_id
    FROM core_deputyship d
    JOIN core_user u ON u.id = d.deputy_id AND u.is_active
    JOIN core_user r ON r.id = d.represented_id AND r.is_active
    JOIN core_membership m ON m.user_id = d.represented_id
    WHERE d.deputy_id = %(user)s AND d.since <= %(at)s AND d.until > %(at)s
      AND m.since <= %(at)s AND (m.until IS NULL OR m.until > %(at)s)
), below(top, id) AS (
    (SELECT organisation_id, organisation_id FROM held UNION SELECT bound, bound FROM held WHERE bound IS NOT NULL)
  UNION
    SELECT b.top, o.id FROM below b JOIN core_organisation o ON o.parent_id = b.id
)
SELECT h.represented, r.permissions, array_agg(b.id)
FROM held h
JOIN core_role r ON r.id = h.role_id
JOIN below b ON b.top = h.organisation_id
WHERE h.bound IS NULL OR EXISTS (SELECT FROM below x WHERE x.top = h.bound AND x.id = b.id)
GROUP BY h.represented, r.id, r.permissions
"""


def find_grants(user_id: int, at: datetime | None = None) -> tuple[Grants, Represented]:
    """What a person holds at a moment (now when none is named), and which of it only as a deputy.

    One query; nothing for an account out of use.

    A deputy gets the permissions of the represented person's own roles, never what that person holds as a deputy, and
    none that stays with its holder.
    """
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"user": user_id, "at": at or timezone.now()})
        rows = cursor.fetchall()
    own: dict[str, set[int]] = {}
    others: dict[str, dict[int, set[int]]] = {}
    for represented, permissions, organisations in rows:
        if represented is None:
            for key in permissions:
                own.setdefault(key, set()).update(organisations)
            continue
        for key in delegable(permissions):
            for organisation in organisations:
                others.setdefault(key, {}).setdefault(organisation, set()).add(represented)
    everything = own.get(ALL, set())
    only_as_deputy = {
        key: {
            place: frozenset(people)
            for place, people in places.items()
            if place not in own.get(key, ()) and place not in everything
        }
        for key, places in others.items()
    }
    grants = {
        key: frozenset(own.get(key, ())) | only_as_deputy.get(key, {}).keys()
        for key in {*own, *only_as_deputy}
    }
    return {key: places for key, places in grants.items() if places}, only_as_deputy


def delegable(permissions: Iterable[str]) -> frozenset[str]:
    """Those of the permissions that a deputy gets; `*` is taken apart."""
    known = registry.permissions
    wanted = set(known) if ALL in permissions else set(permissions)
    return frozenset(key for key in wanted if key in known and not known[key].stays_with_holder)
