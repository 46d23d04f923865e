"""Answers `POST $batch`: reads it whole, then does its parts one after the other with the rights of whoever sent it."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote
from weakref import WeakKeyDictionary

import msgspec
from asgiref.sync import sync_to_async

from stadt.core import asgi
from stadt.core.errors import StadtError, TooLarge, Unavailable, UnsupportedMedia
from stadt.hub.sta import answers
from stadt.hub.sta.actors import token_actor, writing_actor
from stadt.hub.sta.batch.change_sets import PartFailed, run_change_set
from stadt.hub.sta.batch.json_batch import read_json_batch, write_json_batch
from stadt.hub.sta.batch.multipart import MULTIPART, read_multipart, write_multipart
from stadt.hub.sta.batch.parts import ChangeSet, FailedDependency, Part, Unit, check_batch, resource_of
from stadt.hub.sta.batch.references import Made, entity_at, filled, referred
from stadt.hub.sta.batch.replies import Answer, Reply, SetAnswer, refusal
from stadt.hub.sta.live.streams import IN_BATCH
from stadt.hub.sta.preferences import CONTINUE_ON_ERROR, prefers

logger = logging.getLogger("stadt.request")

LARGEST_BATCH = 25 * 1024 * 1024
# Who has no token only reads, and says that in little.
LARGEST_WITHOUT_TOKEN = 1024 * 1024
# Larger ones are read in a thread, so that other requests are answered meanwhile.
LARGE = 256 * 1024
# No part is begun when the answers before it are longer than this, or have taken longer.
LARGEST_ANSWERS = 25 * 1024 * 1024
LONGEST_SECONDS = 60.0
MOST_AT_ONCE = 4
PATIENCE_SECONDS = 5.0
# Bodies in which a reference may have to be looked for are not larger.
SMALL_DOCUMENT = 64 * 1024
# Headers of the batch that hold for each of its parts; a part cannot speak for somebody else.
SHARED = frozenset({b"authorization", b"cookie", b"host"})

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def answer_batch(
    scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send, root: str, base: str, handle: asgi.Handler
) -> None:
    """Answer a batch in the form it came in. `handle` answers a single request; `root` is the path of the service.

    Raises:
        SignInNeeded: the token is unknown.
        BadRequest, TooLarge, UnsupportedMedia: nothing of the batch was done.
        Unavailable: too many batches at once; nothing was done.
    """
    has_token = await token_actor(scope) is not None
    content_type = asgi.header(scope, b"content-type")
    read, write = _form(content_type)
    body = await asgi.read_body(scope, receive, LARGEST_BATCH if has_token else LARGEST_WITHOUT_TOKEN)
    units = (
        await asyncio.to_thread(read, body, content_type) if len(body) > LARGE else read(body, content_type)
    )
    host = asgi.header(scope, b"host")
    check_batch(units, base, host)
    turns = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(MOST_AT_ONCE))
    try:
        await asyncio.wait_for(turns.acquire(), PATIENCE_SECONDS)
    except TimeoutError:
        raise Unavailable("Too many batches at once; nothing of this one was done.") from None
    try:
        run = Run(scope, root, base, host, handle, prefers(asgi.header(scope, b"prefer"), CONTINUE_ON_ERROR))
        await run.all(units)
    finally:
        turns.release()
    content, media_type = write(run.answers)
    applied = [(b"preference-applied", CONTINUE_ON_ERROR.encode())] if run.goes_on else []
    await answers.send_body(send, content, media_type, more=applied)


Reader = Callable[[bytes, str], list[Unit]]
Writer = Callable[[Sequence[Answer | SetAnswer]], tuple[bytes, bytes]]


def _form(content_type: str) -> tuple[Reader, Writer]:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == MULTIPART:
        return read_multipart, write_multipart
    if media_type == "application/json":
        return lambda body, _: read_json_batch(body), write_json_batch
    raise UnsupportedMedia(f"A batch is {MULTIPART} or application/json.")


@dataclass(slots=True)
class Run:
    """One batch on its way.

    Attributes:
        goes_on: whether a failed part does not end the batch.
        known: what parts made, by id; names of change sets that succeeded are in it too.
        failed: ids of parts and names of change sets that failed.
    """

    scope: asgi.Scope
    root: str
    base: str
    host: str
    handle: asgi.Handler
    goes_on: bool
    answers: list[Answer | SetAnswer] = field(default_factory=list)
    known: dict[str, Made | None] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    until: float = field(default_factory=lambda: time.monotonic() + LONGEST_SECONDS)
    size: int = 0

    async def all(self, units: Sequence[Unit]) -> None:
        """Do the units in their order, up to the first failure unless the client prefers otherwise."""
        for unit in units:
            if isinstance(unit, ChangeSet):
                is_done, names = await self._set(unit), {unit.name, *(part.id for part in unit.parts)}
            else:
                is_done, names = await self._one(unit), {unit.id}
            if not is_done:
                self.failed |= names
                if not self.goes_on:
                    return

    async def _one(self, part: Part) -> bool:
        try:
            self._require_sound([part])
            reply = await self._asked(part)
        except StadtError as error:
            reply = await refusal(self.scope, error)
        except Exception:
            logger.exception("a part of a batch failed id=%s", self.scope.get("request_id", "-"))
            reply = await refusal(self.scope, StadtError())
        self.answers.append(Answer(part, reply))
        self.size += len(reply.body)
        is_done = reply.status < 400
        if part.id:
            self.known[part.id] = _made(reply) if is_done else None
        return is_done

    def _require_sound(self, parts: Sequence[Part]) -> None:
        for part in parts:
            missing = next((name for name in part.depends_on if name in self.failed), None)
            if missing is not None:
                raise FailedDependency(f"Request '{missing}', which this one depends on, failed.")
        if time.monotonic() > self.until:
            raise Unavailable(f"The batch takes longer than {LONGEST_SECONDS:.0f} seconds; send it in parts.")
        if self.size > LARGEST_ANSWERS:
            raise TooLarge(
                f"The answers have more than {LARGEST_ANSWERS} bytes; ask for this in another batch."
            )

    async def _asked(self, part: Part) -> Reply:
        """The answer to a part, as if it had come alone."""
        resource = referred(resource_of(part, self.base, self.host), self.known)
        path, _, query = resource.partition("?")
        body = filled(part.body, self.known) if part.method != "GET" else b""
        shared = [item for item in self.scope["headers"] if item[0] in SHARED]
        own = [
            (name.encode(), value.encode("utf-8", "surrogateescape"))
            for name, value in part.headers.items()
            if name.encode() not in SHARED and name != "content-length"
        ]
        scope = {
            **self.scope,
            "method": part.method,
            "path": unquote(f"{self.root}/{path}"),
            "raw_path": f"{self.root}/{path}".encode(),
            "query_string": query.encode(),
            "headers": [*shared, *own, (b"content-length", b"%d" % len(body))],
            IN_BATCH: True,
        }
        reply = Reply()

        async def receive() -> asgi.Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self.handle(scope, receive, reply.send)
        return reply

    async def _set(self, unit: ChangeSet) -> bool:
        try:
            self._require_sound(unit.parts)
            actor = await writing_actor(self.scope)
            run = sync_to_async(run_change_set, thread_sensitive=False)
            replies, self.known = await run(actor, unit.parts, self.known, self.base, self.host, self.until)
        except PartFailed as failed:
            await self._refuse(unit, failed.part, failed.error)
            return False
        except StadtError as error:
            await self._refuse(unit, unit.parts[0], error)
            return False
        except Exception:
            logger.exception("a change set failed id=%s", self.scope.get("request_id", "-"))
            await self._refuse(unit, unit.parts[0], StadtError())
            return False
        self.size += sum(len(reply.body) for reply in replies)
        pairs = zip(unit.parts, replies, strict=True)
        self.answers.append(SetAnswer(unit.name, tuple(Answer(part, reply) for part, reply in pairs)))
        return True

    async def _refuse(self, unit: ChangeSet, culprit: Part, error: StadtError) -> None:
        """The culprit gets its error; the others are told that they were not done."""
        found: list[Answer] = []
        failed = Answer(culprit, await refusal(self.scope, error))
        other = FailedDependency(f"Nothing of the change set was done, because {culprit.place} failed.")
        told = Reply(other.status, [(b"content-type", answers.JSON)], answers.error_document(other))
        for part in unit.parts:
            found.append(failed if part is culprit else Answer(part, told))
            if part.id:
                self.known[part.id] = None
        self.answers.append(SetAnswer(unit.name, tuple(found), failed))


def _made(reply: Reply) -> Made | None:
    """The entity a reply is about: that of its Location, or the one it shows."""
    location = reply.header(b"location")
    if location or len(reply.body) > SMALL_DOCUMENT or "json" not in reply.header(b"content-type"):
        return entity_at(location)
    try:
        document = msgspec.json.decode(reply.body)
    except msgspec.DecodeError:
        return None
    link = document.get("@iot.selfLink") if isinstance(document, dict) else None
    return entity_at(link) if isinstance(link, str) else None
