"""Finds the entities a body links to, as the actor may see and change them."""

from dataclasses import dataclass

from django.db import connection
from psycopg import RawCursor

from stadt.core.people.actor import Actor
from stadt.hub.observations.rights import MANAGE, WRITE
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.access import visible
from stadt.hub.sta.compiler.values import Values
from stadt.hub.sta.model import EntityType

OWNER = {
    "HistoricalLocation": "(SELECT x.organisation_id FROM observations_thing x WHERE x.id = t.thing_id)",
    "Observation": "(SELECT d.organisation_id FROM observations_datastream d WHERE d.id = t.datastream_id)",
}
LARGEST_ID = 2**53


@dataclass(frozen=True, slots=True)
class Linked:
    """An entity that exists; `organisation_id` is 0 when it belongs to none."""

    id: int
    organisation_id: int


def writing_visibility(actor: Actor) -> Visibility:
    """What an actor may link to and change: what it may read, and what belongs to organisations it may write in."""
    seen = Visibility.of(actor)
    if seen.sees_all:
        return seen
    written = {one for right in (WRITE, MANAGE) for one in actor.grants.get(right.key, frozenset())}
    return Visibility(organisations=tuple(sorted({*seen.organisations, *written})))


def find_linked(actor: Actor, entity: EntityType, identifier: int) -> Linked | None:
    """The entity of that id, None when there is none or the actor may not see it."""
    if not 0 < identifier <= LARGEST_ID:
        return None
    values = Values()
    allowed = visible(writing_visibility(actor), values, entity.name, "t")
    owner = OWNER.get(entity.name, "t.organisation_id")
    sql = (
        f"SELECT t.id, coalesce({owner}, 0) FROM {entity.source.format(t='t')}"  # noqa: S608 - from the entity model
        f" WHERE t.id = {values.bind(identifier, 'bigint')} AND {allowed}"
    )
    row = raw_cursor().execute(sql.encode(), values.statement(sql).values).fetchone()
    return Linked(*row) if row else None


def raw_cursor() -> "RawCursor[tuple[int, ...]]":
    """A cursor with numbered placeholders on Django's connection, in its transaction."""
    connection.ensure_connection()
    return RawCursor(connection.connection)
