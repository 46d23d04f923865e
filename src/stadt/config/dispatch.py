"""Sends each request to where it belongs, with one log and one error family for all."""

import asyncio
import contextlib
import logging
import re
import time
from dataclasses import dataclass
from random import getrandbits

from django.conf import settings
from django.db import Error as DjangoDatabaseError
from django.utils.translation import override
from psycopg import Error as DriverError

from stadt.core import asgi, condition, health, log, telemetry
from stadt.core.database.outage import is_away
from stadt.core.database.pool import close_async_pool, open_async_pool
from stadt.core.doors import client_address, entering
from stadt.core.errors import StadtError, TooLarge, TooSlow, Unavailable
from stadt.core.lifespan import run_shutdown, run_startup
from stadt.core.log import shown_path
from stadt.core.machine import PASSED_ON, may_be_proxy
from stadt.core.manifest import Mount
from stadt.core.registry import registry

logger = logging.getLogger("stadt.request")
access = logging.getLogger("stadt.access")

REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
AREA = re.compile(r"^/([a-z0-9_-]{1,20})(?:/|$)")
# Django keeps a whole body on disk before a page sees it; the mounts have bounds of their own.
LARGEST_PAGE_BODY = 8 * 1024 * 1024
# Two or three photos as telephones take them, over a slow line; smaller where a script shrinks them before.
LARGEST_FILES_BODY, FILES_SECONDS = 32 * 1024 * 1024, 300.0
BODY_SECONDS = 120.0
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Who waits longer than this for an answer while the database is away gets one from here.
STUCK_SECONDS = 1.0
FORWARDED = frozenset(name.encode() for name in PASSED_ON)
# What an answer that is no page may do in a browser that opens it: nothing.
PLAIN_HEADERS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
)


class Application:
    """Sends each request to the mount with the longest fitting prefix, else to Django."""

    def __init__(self, django: asgi.Handler) -> None:
        self.django = django
        self.mounts = registry.mounts
        self.handlers = {mount.prefix: _announced(mount) for mount in self.mounts}
        apps = registry.apps.values()
        self.with_files = {app.manifest.path for app in apps if app.manifest.takes_files}
        self.running: set[_Running] = set()
        self.watch: asyncio.Task[None] | None = None

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    def _page_body(self, path: str, receive: asgi.Receive) -> "_Body":
        area = AREA.match(path)
        if area and area[1] in self.with_files:
            return _Body(receive, LARGEST_FILES_BODY, FILES_SECONDS)
        return _Body(receive, LARGEST_PAGE_BODY)

    async def _request(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        started = time.perf_counter()
        mount = self._find(scope["path"])
        answer = _Answer(send, _request_id(scope))
        scope["request_id"] = answer.request_id
        _forget_what_strangers_forward(scope)
        log.begin_request(answer.request_id, scope["method"], scope["path"])
        running = _Running(scope, answer, mount, started)
        self.running.add(running)
        try:
            body = (
                _Body(receive, None, mount.body_seconds) if mount else self._page_body(scope["path"], receive)
            )
            await (self._trace(running, body) if telemetry.is_on() else self._handle(running, body))
        except asgi.ClientLeft:
            return
        finally:
            self.running.discard(running)
        area = mount.prefix.strip("/") if mount else ""
        page = AREA.match(scope["path"]) if answer.status < 400 else None
        seconds = time.perf_counter() - started
        if access.isEnabledFor(logging.INFO):
            extra = {"status": answer.status, "seconds": round(seconds, 4)}
            access.info(
                "%s %s %d %.4f",
                scope["method"],
                shown_path(scope["path"]),
                answer.status,
                seconds,
                extra=extra,
            )
        health.observe(area or (page[1] if page else "pages"), scope["method"], answer.status, seconds)

    async def _trace(self, running: "_Running", body: "_Body") -> None:
        """As `_handle`, recorded as a span named by the mount or the first step of a known page's address."""
        scope, mount = running.scope, running.mount
        method = scope["method"] if scope["method"] in health.METHODS else "other"
        parent = asgi.header(scope, b"traceparent")
        with telemetry.span(method, parent=parent, kind="SERVER") as span:
            try:
                await self._handle(running, body)
            finally:
                status = running.answer.status
                page = AREA.match(scope["path"]) if status < 400 else None
                route = mount.prefix if mount else f"/{page[1] if page else ''}"
                span.update_name(f"{method} {route}")
                span.set_attribute("http.request.method", method)
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", status)
                span.set_attribute("stadt.request_id", running.answer.request_id)

    async def _handle(self, running: "_Running", body: "_Body") -> None:
        scope, answer, mount = running.scope, running.answer, running.mount
        try:
            if mount and scope["method"] not in SAFE:
                _require_writable()
            await (self.handlers[mount.prefix] if mount else self.django)(scope, body, answer)
            if body.refusal is not None:
                await self._refuse(running, body.refusal)
        except asgi.ClientLeft:
            if body.refusal is None:
                raise
            await self._refuse(running, body.refusal)
        except StadtError as error:
            await self._refuse(running, error)
        except Exception as error:
            refusal = _refusal_for(error)
            if refusal is None:
                path = shown_path(scope["path"])
                logger.exception("%s %s failed id=%s", scope["method"], path, answer.request_id)
                refusal = StadtError("Das hat nicht geklappt; der Fehler ist vermerkt.")
            await self._refuse(running, refusal)

    def _find(self, path: str) -> Mount | None:
        """The mount of an address; Django answers where there is none."""
        return next((mount for mount in self.mounts if path.startswith(mount.prefix)), None)

    async def _refuse(self, running: "_Running", error: StadtError) -> None:
        scope, answer, mount = running.scope, running.answer, running.mount
        if mount and mount.tell and not answer.status:
            await mount.tell(scope, answer, error)
            return
        fields = ",".join(field.field for field in error.fields)
        log = logger.error if error.status >= 500 else logger.warning
        log(
            "%s %s %d %s fields=%s id=%s",
            scope["method"],
            shown_path(scope["path"]),
            error.status,
            error.code,
            fields,
            answer.request_id,
        )
        if not answer.status:
            await asgi.send_problem(answer, error, instance=scope["path"])

    async def _answer_the_stuck(self) -> None:
        """Answer those who wait for a database that went away; their handlers end when it does, and are not heard."""
        while True:
            await asyncio.sleep(STUCK_SECONDS)
            if not is_away():
                continue
            latest = time.perf_counter() - STUCK_SECONDS
            for running in [found for found in self.running if found.started < latest]:
                if running.answer.status or running.answer.is_over:
                    continue
                with contextlib.suppress(Exception):  # one that cannot be answered any more has left
                    await self._answer_instead(running)

    async def _answer_instead(self, running: "_Running") -> None:
        answer = running.answer.taken_over()
        if running.mount is None:
            scope = {**running.scope, "stadt.is_outage": True}
            await self.django(scope, _Empty(), answer)
        else:
            with override("en"):
                refusal = condition.find_refusal() or Unavailable()
            await self._refuse(_Running(running.scope, answer, running.mount, 0.0), refusal)

    async def _lifespan(self, receive: asgi.Receive, send: asgi.Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                condition.start()
                telemetry.start("web")
                self.watch = asyncio.create_task(self._answer_the_stuck())
                await open_async_pool()
                await run_startup()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await run_shutdown()
                if self.watch:
                    self.watch.cancel()
                await close_async_pool()
                condition.stop()
                telemetry.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _announced(mount: Mount) -> asgi.Handler:
    """The mount's handler, with what it writes told by which door it came; pages are told so by their middleware."""

    async def handle(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        peer = str((scope.get("client") or ("",))[0])
        client = client_address(
            peer, asgi.header(scope, b"x-forwarded-for"), is_secure=settings.STADT.is_secure
        )
        with entering(mount.door, client, str(scope["request_id"])):
            await mount.handler(scope, receive, send)

    return handle


def _require_writable() -> None:
    """Machines are told in English, as by all mounts."""
    refusal = condition.find_refusal()
    if refusal is not None:
        with override("en"):
            condition.require_writable()


def _refusal_for(error: Exception) -> StadtError | None:
    if not isinstance(error, DjangoDatabaseError | DriverError | OSError):
        return None
    with override("en"):
        return condition.refusal_for(error)


@dataclass(eq=False, slots=True)
class _Running:
    """A request that is being answered, by a mount or by Django; `started` on the clock of `perf_counter`."""

    scope: asgi.Scope
    answer: "_Answer"
    mount: Mount | None
    started: float


class _Empty:
    """The body of a request that is answered in its handler's place: nothing, and a client that stays."""

    def __init__(self) -> None:
        self.is_read = False

    async def __call__(self) -> asgi.Message:
        if self.is_read:
            await asyncio.Event().wait()
        self.is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}


class _Body:
    """Passes the request's body on as long as it keeps to its time and, for pages, its size.

    Beyond that the handler hears that the client left, so that it stops and tidies up, and `refusal` says why.
    """

    def __init__(self, receive: asgi.Receive, limit: int | None, seconds: float | None = None) -> None:
        self.receive = receive
        self.limit = limit
        self.seconds = seconds or BODY_SECONDS
        self.size = 0
        self.end = 0.0
        self.is_whole = False
        self.is_late = False
        self.refusal: StadtError | None = None

    async def __call__(self) -> asgi.Message:
        if self.is_whole:  # what comes now is the end of the connection, and has time
            return await self.receive()
        loop = asyncio.get_running_loop()
        self.end = self.end or loop.time() + self.seconds
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - inside a coroutine that a server runs
        # As `asyncio.timeout_at` does it, for a third of its time: nearly every body is there already.
        clock = loop.call_at(self.end, self._interrupt, task)
        try:
            message = await self.receive()
        except asyncio.CancelledError:
            if not self.is_late:
                raise
            task.uncancel()
            return self._refuse(TooSlow(f"The body was not whole after {self.seconds:.0f} seconds."))
        finally:
            clock.cancel()
        self.size += len(message.get("body", b""))
        self.is_whole = not message.get("more_body", False)
        if self.limit is not None and self.size > self.limit:
            return self._refuse(TooLarge(f"This address takes at most {self.limit} bytes."))
        return message

    def _interrupt(self, task: asyncio.Task[object]) -> None:
        self.is_late = True
        task.cancel()

    def _refuse(self, error: StadtError) -> asgi.Message:
        self.refusal = error
        return {"type": "http.disconnect"}


class _Answer:
    """Passes messages on, remembers the status, and adds the request id and what keeps browsers from guessing."""

    def __init__(self, send: asgi.Send, request_id: str) -> None:
        self.send = send
        self.request_id = request_id
        self.status = 0
        self.is_over = False

    async def __call__(self, message: asgi.Message) -> None:
        if self.is_over:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), (b"x-request-id", self.request_id.encode())]
            given = {name.lower() for name, _ in headers}
            message["headers"] = headers + [pair for pair in PLAIN_HEADERS if pair[0] not in given]
        await self.send(message)

    def taken_over(self) -> "_Answer":
        """Another answer to the same request; this one is not heard any more."""
        self.is_over, self.status = True, 503
        return _Answer(self.send, self.request_id)


def _forget_what_strangers_forward(scope: asgi.Scope) -> None:
    """Whoever passes by the proxy tells nothing about where a request came from."""
    if any(name.lower() in FORWARDED for name, _ in scope["headers"]):
        peer = str(scope["client"][0]) if scope.get("client") else ""
        if not may_be_proxy(peer):
            scope["headers"] = [pair for pair in scope["headers"] if pair[0].lower() not in FORWARDED]


def _request_id(scope: asgi.Scope) -> str:
    given = asgi.header(scope, b"x-request-id")
    return given if given and REQUEST_ID.match(given) else f"{getrandbits(64):016x}"
