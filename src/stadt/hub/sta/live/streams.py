"""Server-sent events: `GET` of a collection with `Accept: text/event-stream` goes on with what is stored from now on.

An event's data is the entity as a GET shows it, its id a cursor: `Last-Event-ID` continues behind it, nothing lost and
nothing doubled. A slow client costs no memory, because what it has not taken stays in the table. An extension of ours
to 18-088.
"""

import asyncio
import signal
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any

from stadt.core import asgi
from stadt.core.errors import BadRequest, StadtError
from stadt.hub.observations.feed import Change, Cursor, Place, find_place
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta import answers
from stadt.hub.sta.actors import reading_actor
from stadt.hub.sta.live.cursors import seal, unseal
from stadt.hub.sta.live.limits import admitted
from stadt.hub.sta.live.selection import Selection, Shown, selection
from stadt.hub.sta.live.tail import Tail, tail

EVENTS = b"text/event-stream"
# In the scope of a request that came in a batch, whose answer has an end.
IN_BATCH = "stadt.is_in_batch"
HEARTBEAT_SECONDS = 15.0
# A revoked token or a lost role ends a stream within this time and one heartbeat.
RIGHTS_SECONDS = 30.0
# Then a client comes again by itself, and continues where it was.
LONGEST_SECONDS = 3600.0
WRITING_SECONDS = 60.0
RETRY_MILLISECONDS = 3000
GAP = b'event: gap\ndata: "what happened meanwhile is no longer kept"\n\n'
HEADERS = [
    (b"content-type", EVENTS),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx passes each event on at once
    (b"vary", b"accept"),
    *answers.OPEN,
]


def is_wanted(scope: asgi.Scope) -> bool:
    """Whether a request asks for a stream."""
    return scope["method"] == "GET" and EVENTS.decode() in asgi.header(scope, b"accept").lower()


async def stream(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send, path: str, base: str) -> None:
    """Answer a GET with a stream that ends when the client leaves, or may not see any more what it saw.

    Raises:
        BadQuery: the address says something wrong, or an option that has no meaning here.
        BadRequest: `Last-Event-ID` is not from here.
        NotFound: there is no such entity, or not for this viewer.
        TooMany, Unavailable: there are too many streams, or the database is away.
    """
    if scope.get(IN_BATCH):
        raise BadRequest("A batch holds no streams; ask for one alone.")
    actor = await reading_actor(scope)
    viewer = Visibility.of(actor)
    chosen = selection(path, scope["query_string"], viewer, base)
    known = asgi.header(scope, b"last-event-id")
    start = unseal(known) if known else None
    with admitted(scope, actor):
        async with tail().listening() as followed:
            async with followed.connection() as connection:
                await chosen.require(connection)
                place = await find_place(connection, start)
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            writer = asyncio.create_task(_Stream(scope, send, viewer, chosen, followed, place).run())
            leaving = asyncio.create_task(_client_left(receive))
            _running.add(writer)
            try:
                await asyncio.wait({writer, leaving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                _running.discard(writer)
                for task in (writer, leaving):
                    task.cancel()
                await asyncio.gather(writer, leaving, return_exceptions=True)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _client_left(receive: asgi.Receive) -> None:
    """Return when the client is gone: the server itself goes on asking for more (measured)."""
    while (await receive())["type"] != "http.disconnect":
        await asyncio.sleep(0.1)  # a server that tells of the body again and again must not stop the others


@dataclass
class _Stream:
    scope: asgi.Scope
    send: asgi.Send
    viewer: Visibility
    chosen: Selection
    followed: Tail
    place: Place
    opened: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.cursor = self.place.cursor

    async def run(self) -> None:
        """Write events until somebody ends the stream."""
        await self._write(f"retry: {RETRY_MILLISECONDS}\n{_place(self.cursor)}\n".encode())
        if self.place.is_torn:
            await self._write(GAP)
        beat = checked = time.monotonic()
        while time.monotonic() - self.opened < LONGEST_SECONDS:
            try:
                part = await self.followed.after(self.cursor, HEARTBEAT_SECONDS)
                shown = await self._shown(
                    tuple(change for change in part.changes if self.place.is_news(change))
                )
            except StadtError:
                return  # the client comes again with the id it knows
            now = time.monotonic()
            if now - checked >= RIGHTS_SECONDS:
                if not await self._may_go_on():
                    return
                checked = now
            if part.is_torn:
                await self._write(GAP)
            self.cursor = part.cursor
            if shown:
                await self._write(b"".join(_event(item) for item in shown))
            if shown or now - beat >= HEARTBEAT_SECONDS:
                beat = now
                await self._write(f": {round(now - self.opened)}\n{_place(self.cursor)}\n".encode())

    async def _shown(self, changes: tuple[Change, ...]) -> list[Shown]:
        if not any(change.entity == self.chosen.target.entity.name for change in changes):
            return []
        async with self.followed.connection() as connection:
            return await self.chosen.shown(connection, changes, self.cursor)

    async def _may_go_on(self) -> bool:
        try:
            return Visibility.of(await reading_actor(self.scope)) == self.viewer
        except StadtError:
            return False

    async def _write(self, body: bytes) -> None:
        """Raises TimeoutError when the client takes nothing: it may come again and continue."""
        async with asyncio.timeout(WRITING_SECONDS):
            await self.send({"type": "http.response.body", "body": body, "more_body": True})


def _place(cursor: Cursor) -> str:
    """An id without data: the client notes it and tells nobody."""
    return f"id: {seal(cursor)}\n"


def _event(item: Shown) -> bytes:
    return b"id: %s\ndata: %s\n\n" % (seal(item.cursor).encode(), item.body)


_running: set[asyncio.Task[None]] = set()


async def start() -> None:
    """End all streams when the process is told to stop: the server waits for open answers before it says so itself."""
    loop = asyncio.get_running_loop()
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before):
            signal.signal(number, partial(_interrupted, loop, before))
            signal.siginterrupt(number, False)


def _interrupted(loop: asyncio.AbstractEventLoop, before: Any, number: int, frame: FrameType | None) -> None:
    loop.call_soon_threadsafe(_end_all)
    before(number, frame)


def _end_all() -> None:
    for task in list(_running):
        task.cancel()


async def stop() -> None:
    """End streams that are left; their clients come again."""
    _end_all()
