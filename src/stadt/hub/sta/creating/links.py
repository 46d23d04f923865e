"""Finds the entities a body links to, as the actor may see and change them."""

from dataclasses import dataclass

from django.db import connection
from psycopg import RawCursor

from stadt.core.people.actor import ALL, Actor
from stadt.hub.observations.rights import MANAGE, READ, WRITE
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.access import visible
from stadt.hub.sta.compiler.values import Values
from stadt.hub.sta.model import EntityType

OWNER = {
    "HistoricalLocation": "(SELECT x.organisation_id FROM observations_thing x WHERE x.id = t.thing_id)",
    "Observation": "(SELECT d.organisation_id FROM observations_datastream d WHERE d.id = t.datastream_id)",
}
LARGEST_ID = 2**53
# Each of these rights in an organisation lets a writer know what belongs to it.
LETTING_SEE = (READ.key, WRITE.key, MANAGE.key, ALL)


@dataclass(frozen=True, slots=True)
class Linked:
    """An entity that exists; `organisation_id` is 0 when it belongs to none."""

    id: int
    organisation_id: int


def writing_visibility(actor: Actor) -> Visibility:
    """What an actor may link to and change: what it may read, and what belongs to organisations it may write in."""
    if actor.kind == "system":
        return Visibility.ALL
    seen = {one for key in LETTING_SEE for one in actor.grants.get(key, ())}
    return Visibility(organisations=tuple(sorted(seen)))


def may_see(actor: Actor, organisation_id: int) -> bool:
    """What `writing_visibility` says of one organisation; the hot path asks this for each post."""
    return actor.kind == "system" or any(organisation_id in actor.grants.get(key, ()) for key in LETTING_SEE)


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
