"""Every write of the SensorThings interface: check the right, store, note it, all in one transaction."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from enum import Enum
from typing import Any

from django.db import connection, transaction
from django.db.utils import DatabaseError, DataError, IntegrityError
from psycopg import DataError as DriverDataError
from psycopg import Error as DriverError

from stadt.core.audit import record
from stadt.core.condition import refusal_for
from stadt.core.errors import Conflict, FieldError, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.observations.batch import Reading
from stadt.hub.observations.revisions import ObservationKey, delete_observations
from stadt.hub.observations.rights import MANAGE, WRITE
from stadt.hub.sta.compiler.context import Context
from stadt.hub.sta.compiler.targets import Target, conditions
from stadt.hub.sta.creating import cards
from stadt.hub.sta.creating.changes import patched, read_change
from stadt.hub.sta.creating.drafts import Draft
from stadt.hub.sta.creating.features import LACKING, generate_features
from stadt.hub.sta.creating.links import find_linked, raw_cursor, writing_visibility
from stadt.hub.sta.creating.selecting import find_selected
from stadt.hub.sta.creating.storing import GUARDED, Storage, append_all, link_features
from stadt.hub.sta.creating.units import corrected_units, require_same_unit
from stadt.hub.sta.creating.updating import Updating, document_of
from stadt.hub.sta.creating.values import BadEntity
from stadt.hub.sta.entities import FEATURE_OF_INTEREST, OBSERVATION
from stadt.hub.sta.model import EntityType, Navigation
from stadt.hub.sta.syntax.nodes import Expression


class Way(Enum):
    """How a body says what is to change."""

    PART = "what is named"
    WHOLE = "what is named, and the rest is emptied"
    STEPS = "steps of a JSON Patch"


@dataclass(frozen=True, slots=True)
class Parent:
    """The entity in the address of `POST /Things(1)/Datastreams`; `navigation` leads from it to what is made."""

    entity: EntityType
    id: int
    navigation: Navigation


def create_entity(actor: Actor, draft: Draft, parent: Parent | None = None) -> int:
    """Make an entity with everything its draft holds, or nothing.

    Returns:
        The new entity's id.

    Raises:
        SignInNeeded, Forbidden: without `observations.write` for what is changed.
        NotFound: there is no such parent, or the actor may not see it.
        BadEntity: a link leads nowhere, or a value cannot be kept.
    """
    actor.require(WRITE)
    with writing():
        storage = Storage(actor)
        stored = storage.store(draft, _given(actor, parent))
        observations = storage.finish()
        if stored:
            changes = {"observations": len(observations)} if observations else {}
            record(actor, "create_entity", f"{draft.entity.set_name}({stored})", changes)
    cards.forget()  # things may have moved
    return stored or observations[-1]


def create_observations_about(
    actor: Actor, readings: Sequence[Reading], place: Callable[[int, str], str]
) -> list[int]:
    """Store observations that name their features, or none of them; `place` names a row's attribute in the body.

    The caller has checked the right to write to the datastreams.

    Raises:
        BadEntity: there is no such feature, or an observation cannot be stored.
    """
    with writing():
        pairs = {(reading.feature_of_interest_id or 0, reading.datastream_id) for reading in readings}
        for feature_id in sorted({feature_id for feature_id, _ in pairs}):
            if find_linked(actor, FEATURE_OF_INTEREST, feature_id) is None:
                row = next(n for n, item in enumerate(readings) if item.feature_of_interest_id == feature_id)
                message = f"there is no FeatureOfInterest({feature_id})"
                raise BadEntity.of([FieldError(place(row, "feature_of_interest_id"), message)])
        link_features(pairs)
        return append_all(readings, place)


def create_observations_together(actor: Actor, drafts: Sequence[tuple[Draft, Parent | None]]) -> list[int]:
    """Store observations that came in bodies of their own, all or none; returns their ids in order.

    Raises:
        SignInNeeded, Forbidden: without `observations.write` for one of the datastreams.
        NotFound: there is no such parent, or the actor may not see it.
        BadEntity: one of them cannot be stored.
    """
    actor.require(WRITE)
    with writing():
        storage = Storage(actor)
        for draft, parent in drafts:
            storage.store(draft, _given(actor, parent))
        return storage.finish()


def update_entity(
    actor: Actor, entity: EntityType, identifier: int, body: Any, way: Way, *, corrects_unit: bool = False
) -> None:
    """Change an entity: some of its properties and links (PATCH), all of them (PUT), or by steps (JSON Patch).

    With `corrects_unit` a Datastream's wrongly written unit is put right although it has observations; the audit keeps
    both.

    Raises:
        SignInNeeded, Forbidden: without `observations.manage` for it, or for what a link would take from.
        NotFound: there is none, or the actor may not see it.
        BadEntity: naming the fields that are wrong; nothing is changed.
        Conflict: a test of a JSON Patch fails, or a Datastream with observations would get another unit.
    """
    with writing():
        _require_managed(actor, entity, identifier)
        current = document_of(entity, identifier)
        if way is Way.STEPS:
            body = patched(current, body)
        encoding = str(current.get("encodingType", ""))
        change = read_change(entity, body, is_whole=way is not Way.PART, encoding=encoding)
        if not corrects_unit:
            require_same_unit(identifier, change.values)
        Updating(actor).apply(entity, identifier, change)
        changes: dict[str, Any] = {"changed": change.names}
        if corrects_unit:
            changes |= corrected_units(current, change.values)
        record(actor, "update_entity", f"{entity.set_name}({identifier})", changes)
    cards.forget()


def delete_entity(actor: Actor, entity: EntityType, identifier: int) -> None:
    """Delete an entity and what cannot be without it: Datastreams with Observations, HistoricalLocations.

    Raises:
        SignInNeeded, Forbidden: without `observations.manage` for it, or for what goes with it.
        NotFound: there is none, or the actor may not see it.
        Conflict: something else needs it.
    """
    with writing():
        _require_managed(actor, entity, identifier)
        Updating(actor).delete(entity, identifier)
        record(actor, "delete_entity", f"{entity.set_name}({identifier})", {})
    cards.forget()


def delete_entities(actor: Actor, target: Target, selection: Expression | None) -> int:
    """Delete the entities of a collection that a filter selects, with what cannot be without them: all or none.

    Returns:
        How many were deleted, without what went with them.

    Raises:
        SignInNeeded, Forbidden: without `observations.manage` for each of them.
        NotFound, BadQuery, Conflict, Unavailable: as `find_selected`.
    """
    actor.require(MANAGE)
    with writing():
        selected = find_selected(actor, target, selection)
        if target.entity is OBSERVATION:
            count = delete_observations(
                actor, [ObservationKey(one, time.astimezone(UTC), id_) for one, time, id_ in selected]
            )
        else:
            count = len(selected)
            for identifier in selected:
                _require_managed(actor, target.entity, identifier)
                Updating(actor).delete(target.entity, identifier)
        steps = [
            f"{step.entity.set_name}({step.key})" if step.key else step.entity.set_name
            for step in target.steps
        ]
        record(actor, "delete_entities", "/".join(steps), {"count": count})
    cards.forget()
    return count


def find_identifier(actor: Actor, target: Target) -> int:
    """The id of the single entity that a path leads to.

    Raises:
        NotFound: there is none, or the actor may not see it.
    """
    step = target.steps[-1]
    if len(target.steps) == 1 and step.key is not None:
        return step.key
    context = Context(writing_visibility(actor), "")
    alias = context.alias()
    where = " AND ".join(conditions(context, target.steps, alias))
    sql = f"SELECT {alias}.id FROM {context.source(target.entity, alias)} WHERE {where} LIMIT 1"  # noqa: S608 - from the model
    try:
        row = raw_cursor().execute(sql.encode(), context.values.statement(sql).values).fetchone()
    finally:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
    if row is None:
        raise NotFound("Nothing found.")
    return row[0]


def _require_managed(actor: Actor, entity: EntityType, identifier: int) -> None:
    actor.require(MANAGE)
    found = find_linked(actor, entity, identifier)
    if found is None:
        raise NotFound("Nothing found.")
    actor.require(MANAGE, found.organisation_id)


@contextmanager
def writing() -> Iterator[None]:
    """One transaction; what the database refuses becomes a refusal, and the thread's connection goes back."""
    try:
        with transaction.atomic():
            yield
    except (DataError, DriverDataError) as error:
        message = str(error).splitlines()[0] if str(error) else "the database refuses a value"
        raise BadEntity.of([FieldError("body", message)]) from None
    except IntegrityError:
        raise Conflict("Something this body links to was deleted meanwhile.") from None
    except (DatabaseError, DriverError) as error:
        refusal = refusal_for(error)
        if refusal is None:
            raise
        raise refusal from error
    finally:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _given(actor: Actor, parent: Parent | None) -> dict[str, int]:
    if parent is None:
        return {}
    found = find_linked(actor, parent.entity, parent.id)
    if found is None:
        raise NotFound("Nothing found.")
    if parent.entity.name in GUARDED:
        actor.require(WRITE, found.organisation_id)
    return {parent.navigation.inverse: found.id}


def generate_missing_features() -> None:
    """The job that gives datastreams of other sources the feature of their thing's place, 10,000 at a time."""
    with transaction.atomic():
        cursor = raw_cursor()
        lacking = [row[0] for row in cursor.execute(LACKING).fetchall()]
        if lacking:
            generate_features(cursor, lacking)
