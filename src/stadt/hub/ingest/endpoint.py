"""`POST /ingest/tts/<source>`: the address The Things Stack pushes its messages to."""

import re
from dataclasses import dataclass

from stadt.core import asgi
from stadt.core.database.pool import async_pool
from stadt.core.errors import Forbidden, MethodNotAllowed, NotFound, SignInNeeded, StadtError
from stadt.core.people.actor import Actor
from stadt.core.tokens import bearer_secret, find_actor_async
from stadt.hub.ingest.gate import count_refusal, gate
from stadt.hub.ingest.rights import PUSH
from stadt.hub.ingest.services.names import DEVICE_ID
from stadt.hub.ingest.tts import Ignored, read_message

LARGEST_BODY = 256 * 1024
PATH = re.compile(r"/ingest/tts/([a-z0-9-]{1,60})\Z")
DEVICE_IN_BODY = re.compile(rb'"device_id"\s*:\s*"([A-Za-z0-9._-]{1,64})"')


@dataclass(frozen=True, slots=True)
class _Target:
    id: int
    slug: str
    enabled: bool


async def handle(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """Take one webhook message.

    The token stands in `Authorization: Bearer …` or, where a proxy needs that header for itself, in `X-Stadt-Token`.
    Answers 200 once the readings are committed, also for a message that came before, and 202 for kinds of messages
    that carry no readings. Errors are problem documents (RFC 9457) with the paths of the fields.
    """
    found = PATH.match(scope["path"])
    if found is None:
        raise NotFound("There is no such address; sources are at /ingest/tts/<source>.")
    if scope["method"] != "POST":
        raise MethodNotAllowed("Messages are sent with POST.", headers={"Allow": "POST"})
    actor = await _who(scope)
    target = await _target(found[1])
    _check_rights(actor, target)
    body = b""
    try:
        body = await asgi.read_body(scope, receive, LARGEST_BODY)
        message = read_message(body)
        if isinstance(message, Ignored):
            await asgi.send_json(send, {"readings": 0, "ignored": message.kind}, status=202)
            return
        accepted = await gate().submit(target.id, message)
    except StadtError as error:
        if error.status < 500:
            await _count(target.id, body, error)
        raise
    answer = {
        "readings": accepted.readings,
        "duplicate": accepted.is_duplicate,
        "left_out": [{"field": note.field, "reason": note.code} for note in accepted.notes],
    }
    await asgi.send_json(send, answer)


async def _who(scope: asgi.Scope) -> Actor:
    secret = (
        bearer_secret(asgi.header(scope, b"authorization")) or asgi.header(scope, b"x-stadt-token").strip()
    )
    actor = await find_actor_async(secret, str(scope.get("request_id", ""))) if secret else None
    if actor is None:
        raise SignInNeeded("The token is missing, unknown, expired or revoked.")
    return actor


async def _target(slug: str) -> _Target:
    async with async_pool().connection() as connection:
        cursor = await connection.execute(
            "SELECT id, slug, enabled FROM ingest_source WHERE slug = %s AND kind = 'tts'", (slug,)
        )
        row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"There is no source “{slug}”.")
    return _Target(*row)


def _check_rights(actor: Actor, target: _Target) -> None:
    if not actor.can(PUSH):
        raise Forbidden("This token may not push readings.")
    if actor.subject != f"source:{target.slug}":
        raise Forbidden("This token belongs to another source.")
    if not target.enabled:
        raise Forbidden("This source is switched off.")


async def _count(source_id: int, body: bytes, error: StadtError) -> None:
    device = DEVICE_IN_BODY.search(body)
    name = device[1].decode() if device and DEVICE_ID.match(device[1].decode()) else ""
    field = error.fields[0].field if error.fields else ""
    await count_refusal(source_id, name, error.code, "" if field == "end_device_ids.device_id" else field)
