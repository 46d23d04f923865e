"""Answers POST, PATCH, PUT and DELETE: making, changing and deleting entities, one observation, a data array."""

import asyncio
from functools import lru_cache

from asgiref.sync import sync_to_async

from stadt.core import asgi
from stadt.core.errors import BadRequest, MethodNotAllowed, UnsupportedMedia
from stadt.core.people.actor import Actor
from stadt.hub.observations.rights import MANAGE, WRITE
from stadt.hub.sta import answers
from stadt.hub.sta.actors import writing_actor
from stadt.hub.sta.compiler.targets import Target, find_target
from stadt.hub.sta.creating.data_arrays import create_observations, read_blocks
from stadt.hub.sta.creating.drafts import read_draft
from stadt.hub.sta.creating.observations import create_observation, decode_plain
from stadt.hub.sta.creating.selecting import read_selection
from stadt.hub.sta.creating.values import decode_json
from stadt.hub.sta.entities import OBSERVATION, STREAM_TYPES
from stadt.hub.sta.preferences import CORRECT_UNIT, prefers
from stadt.hub.sta.services import (
    Parent,
    Way,
    create_entity,
    delete_entities,
    delete_entity,
    find_identifier,
    update_entity,
)
from stadt.hub.sta.syntax.paths import read_path
from stadt.hub.sta.syntax.problems import UnknownPath

LARGEST_BODY = 25 * 1024 * 1024
CREATE_OBSERVATIONS = "CreateObservations"
# Larger bodies are decoded in a thread, so that other requests are answered meanwhile.
LARGE_BODY = 256 * 1024
LARGEST_CHANGE = 2 * 1024 * 1024
JSON_PATCH = "application/json-patch+json"


async def write(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send, path: str, base: str) -> None:
    """Answer a POST.

    Raises:
        SignInNeeded, Forbidden: without a token that may write.
        BadRequest: the body is no JSON, or is no such entity; the fields are named.
        TooLarge: more than 25 MB, or too many observations.
        NotFound: the address leads nowhere.
        Unavailable: nothing was stored; post again.
    """
    actor = await writing_actor(scope)
    actor.require(WRITE)  # before 25 MB are read for somebody who may not write anything
    target = None if path == CREATE_OBSERVATIONS else collection_at(path)
    require_json(asgi.header(scope, b"content-type"))
    body = await asgi.read_body(scope, receive, LARGEST_BODY)
    if target is None:
        await _create_observations(send, actor, body, base)
        return
    created = await create_at(actor, target, body)
    await answers.send_created(send, *answers.reference(base, target.entity.set_name, created))


def require_json(content_type: str) -> None:
    """Raises UnsupportedMedia when a body that makes something says that it is anything else than JSON."""
    if content_type and "json" not in content_type.lower():
        raise UnsupportedMedia("Bodies are JSON: Content-Type: application/json.")


@lru_cache(maxsize=1024)  # a sixth of the time of a single post, otherwise
def collection_at(path: str) -> Target:
    """The collection an entity is to be put in: an entity set, or one that belongs to an entity with a key.

    Raises:
        MethodNotAllowed, UnknownPath: the path leads to something else.
    """
    target = find_target(read_path(path))
    if not target.is_collection or target.ending:
        raise MethodNotAllowed("POST goes to a collection.", headers={"Allow": "GET, HEAD"})
    if len(target.steps) > 2 or (len(target.steps) == 2 and target.steps[0].key is None):
        raise UnknownPath(1, "create through a path of one step, such as Datastreams(1)/Observations", "path")
    return target


async def create_at(actor: Actor, target: Target, body: bytes) -> int:
    """Create what a body describes in a collection; returns its id when it is durable. Raises as `write`."""
    parent = parent_of(target)
    if target.entity is OBSERVATION and (parent is None or parent.entity in STREAM_TYPES):
        place = (parent.entity, parent.id) if parent else None
        plain = decode_plain(body, place is not None)
        if plain is not None:
            return await create_observation(actor, plain, place)
    given = parent.navigation.inverse if parent else ""
    if len(body) > LARGE_BODY:
        draft = await asyncio.to_thread(lambda: read_draft(target.entity, decode_json(body), given))
    else:
        draft = read_draft(target.entity, decode_json(body), given)
    return await sync_to_async(create_entity)(actor, draft, parent)


async def change(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send, path: str, base: str) -> None:
    """Answer a PATCH, PUT or DELETE of one entity, or a DELETE of those of a collection that a filter selects.

    Raises:
        SignInNeeded, Forbidden: without a token that may manage it.
        BadRequest: the body is no JSON, or no such change; the fields are named.
        NotFound: there is no such entity.
        Conflict, Unavailable: nothing was changed.
    """
    actor = await writing_actor(scope)
    actor.require(MANAGE)
    many = collection_to_delete(path) if scope["method"] == "DELETE" else None
    if many is not None:
        selection = read_selection(many, scope["query_string"])
        run = sync_to_async(delete_entities, thread_sensitive=False)
        await answers.send_json(send, b'{"@iot.count":%d}' % await run(actor, many, selection))
        return
    target = entity_at(path, scope["query_string"])
    entity, identifier = target.entity, await sync_to_async(find_identifier)(actor, target)
    if scope["method"] == "DELETE":
        await sync_to_async(delete_entity)(actor, entity, identifier)
        await asgi.send_bytes(send, 200, b"", answers.JSON, answers.OPEN)
        return
    way = way_of(scope["method"], asgi.header(scope, b"content-type"))
    body = decode_json(await asgi.read_body(scope, receive, LARGEST_CHANGE))
    is_correction = prefers(asgi.header(scope, b"prefer"), CORRECT_UNIT)
    await sync_to_async(update_entity)(actor, entity, identifier, body, way, corrects_unit=is_correction)
    _, document = answers.reference(base, entity.set_name, identifier)
    await answers.send_json(send, document)


def entity_at(path: str, query: bytes) -> Target:
    """The single entity that is to be changed or deleted.

    Raises:
        BadRequest, MethodNotAllowed: the address says something else.
    """
    target = find_target(read_path(path))
    if target.is_collection or target.ending or target.found is not None:
        raise MethodNotAllowed("Only an entity can be changed or deleted.", headers={"Allow": "GET, HEAD"})
    if query:
        raise BadRequest("A change takes no query options.")
    return target


def collection_to_delete(path: str) -> Target | None:
    """The collection that a path leads to; None for anything else."""
    target = find_target(read_path(path))
    return target if target.is_collection and not target.ending else None


def way_of(method: str, content_type: str) -> Way:
    """How the body of a PATCH or PUT says what is to change.

    Raises:
        UnsupportedMedia: it is of another type.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == JSON_PATCH and method == "PATCH":
        return Way.STEPS
    if media_type and media_type != "application/json":
        raise UnsupportedMedia(f"Bodies are application/json, or {JSON_PATCH} with PATCH.")
    return Way.PART if method == "PATCH" else Way.WHOLE


def parent_of(target: Target) -> Parent | None:
    """The entity in the address of a collection, if there is one."""
    if len(target.steps) == 1:
        return None
    first, last = target.steps
    assert first.key is not None and last.navigation is not None  # noqa: S101, PT018 - by collection_at
    return Parent(first.entity, first.key, last.navigation)


async def _create_observations(send: asgi.Send, actor: Actor, body: bytes, base: str) -> None:
    """The data array extension: the answer lists the addresses in the order of the rows (18-088, 12.2)."""
    if len(body) > LARGE_BODY:
        blocks = await asyncio.to_thread(lambda: read_blocks(decode_json(body)))
    else:
        blocks = read_blocks(decode_json(body))
    created = await create_observations(actor, blocks)
    addresses = answers.addresses(base, OBSERVATION.set_name, created)
    await asgi.send_bytes(send, 201, addresses, answers.JSON, answers.OPEN)
