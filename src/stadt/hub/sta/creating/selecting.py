"""Which entities of a collection a `$filter` names, for deleting them; found with the eyes of whoever deletes."""

# ruff: noqa: S608 - the text comes from the entity model; values are numbered placeholders

from typing import Any

from psycopg.errors import QueryCanceled

from stadt.core.errors import BadRequest, Conflict, NotFound, Unavailable
from stadt.core.people.actor import Actor
from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.filters import condition
from stadt.hub.sta.compiler.scopes import Scope
from stadt.hub.sta.compiler.targets import Target, conditions, exists
from stadt.hub.sta.compiler.values import Statement
from stadt.hub.sta.creating.links import raw_cursor, writing_visibility
from stadt.hub.sta.entities import OBSERVATION, STREAM_TYPES
from stadt.hub.sta.syntax.nodes import Expression
from stadt.hub.sta.syntax.options import read_query, split_query
from stadt.hub.sta.syntax.problems import told_within

MOST_OBSERVATIONS = 100_000
MOST_ENTITIES = 1_000
LONGEST_SECONDS = 30


def read_selection(target: Target, query: bytes) -> Expression | None:
    """The filter of a deletion; None for all Observations of one Datastream.

    Raises:
        BadRequest: there is another option, or no filter where it would take a whole collection.
    """
    found = read_query(split_query(query))
    named = next((name for name in found.given if name != "filter"), None)
    if named is not None:
        raise BadRequest(f"A deletion takes $filter and no other option; ${named} is one.")
    parent = target.steps[-2].entity if len(target.steps) > 1 else None
    if found.filter is None and not (target.entity is OBSERVATION and parent in STREAM_TYPES):
        raise BadRequest(
            "Deleting a whole collection needs a $filter; only Datastreams(…)/Observations can go without one."
        )
    return found.filter


def find_selected(actor: Actor, target: Target, selection: Expression | None) -> list[Any]:
    """Ids of the entities, or keys of Observations, in the caller's transaction.

    Raises:
        NotFound: the entity that the collection belongs to does not exist, or may not be seen.
        BadQuery: the filter names what does not exist.
        Conflict: more than are deleted at once; nothing was deleted.
        Unavailable: finding them takes too long.
    """
    context, cursor = Context(writing_visibility(actor), ""), raw_cursor()
    alias = context.alias()
    where = conditions(context, target.steps, alias)
    if selection is not None:
        with told_within("$filter"):
            where.append(condition(Scope.of(context, target.entity, alias), selection))
    is_observation = target.entity is OBSERVATION
    most = MOST_OBSERVATIONS if is_observation else MOST_ENTITIES
    keys = f"{alias}.datastream_id, {alias}.phenomenon_time, {alias}.id" if is_observation else f"{alias}.id"
    source = context.source(target.entity, alias)
    sql = f"SELECT {keys} FROM {source} WHERE {' AND '.join(where)} LIMIT {most + 1}"
    statement = context.values.statement(sql)
    cursor.execute(b"SELECT set_config('statement_timeout', $1, true)", (f"{LONGEST_SECONDS}s",))
    try:
        if len(target.steps) > 1:
            _require_parent(actor, target)
        pending = [(item, item.answer(_rows(item.candidates))) for item in statement.pending]
        values = statement.completed(0, None, None, pending)
        rows: list[Any] = cursor.execute(sql.encode(), values).fetchall()
    except QueryCanceled:
        raise Unavailable(
            f"Finding what to delete takes longer than {LONGEST_SECONDS} seconds; name a Datastream or a span of time."
        ) from None
    if len(rows) > most:
        raise Conflict(
            f"More than {most} {target.entity.set_name} are selected; nothing was deleted. Narrow the $filter and repeat."
        )
    cursor.execute(b"SET LOCAL statement_timeout TO DEFAULT")
    return rows if is_observation else [row[0] for row in rows]


def _rows(statement: Statement) -> list[Any]:
    return list(raw_cursor().execute(statement.sql.encode(), statement.values).fetchall())


def _require_parent(actor: Actor, target: Target) -> None:
    context = Context(writing_visibility(actor), "")
    sql = exists(context, target.steps[:-1])
    if raw_cursor().execute(sql.encode(), context.values.statement(sql).values).fetchone() is None:
        raise NotFound("Nothing found.")
