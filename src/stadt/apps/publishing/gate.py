"""Lets files that are larger than any page's form through to the addresses that take them, for those who may deliver.

Django keeps a body on disk before a view sees it. So whoever sends one is asked for here, before the first byte is kept;
everybody else gets as far as with any other page. What is kept meanwhile lies in the lake's work folder, not in `/tmp`,
which is memory on some machines.
"""

import tempfile
from functools import cache
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.shortcuts import resolve_url

from stadt.core import asgi
from stadt.core.errors import SignInNeeded, TooLarge
from stadt.hub.datasets.kept.files import LARGEST_BYTES
from stadt.hub.datasets.rights import KEEP
from stadt.hub.lake.layout import layout
from stadt.hub.sta.actors import reading_actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_OF_STRANGERS = 1024 * 1024
ROOM_FOR_FIELDS = 1024 * 1024
LARGEST_BODY = LARGEST_BYTES + ROOM_FOR_FIELDS
SECONDS = 3600.0
"""How long a file may take: two gigabytes at 5 Mbit/s are fifty-five minutes."""


async def let_through(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """The mount's handler. A session counts: the view checks the form's protection token."""
    actor = None if scope["method"] in SAFE else await reading_actor(scope)
    may_deliver = actor is not None and actor.can(KEEP)
    limit = LARGEST_BODY if may_deliver else LARGEST_OF_STRANGERS
    size = 0

    async def bounded() -> asgi.Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit and actor is not None and not actor.is_known:
            raise SignInNeeded("Your session is over. Sign in and send the file again.")
        if size > limit:
            raise TooLarge(f"This address takes at most {limit} bytes.")
        return message

    try:
        await _django()(scope, bounded, send)  # type: ignore[arg-type]
    except SignInNeeded:
        if scope["path"].startswith("/api/") or "json" in asgi.header(scope, b"accept"):
            raise
        await _lead_to_sign_in(scope, send)


async def _lead_to_sign_in(scope: asgi.Scope, send: asgi.Send) -> None:
    """A browser whose session ended is led to sign in, and from there back to the form."""
    place = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': scope['path']})}"
    await asgi.send_bytes(send, 303, b"", b"text/plain", [(b"location", place.encode())])


class _Handler(ASGIHandler):
    """Django, keeping what arrives in the lake's work folder."""

    async def read_body(self, receive: Any) -> Any:
        work = layout().work
        work.mkdir(parents=True, exist_ok=True)
        file = tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=str(work))  # noqa: SIM115 - closed by the request
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestAborted
                await sync_to_async(file.write, thread_sensitive=False)(message.get("body", b""))
                if not message.get("more_body", False):
                    break
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def create_request(self, scope: Any, body_file: Any) -> Any:
        request, answer = super().create_request(scope, body_file)
        if isinstance(request, ASGIRequest):
            request.upload_handlers = [_InWork(request)]
        return request, answer


class _InWork(TemporaryFileUploadHandler):
    """Files of a form beside the body they came in."""

    def new_file(self, *given: Any, **named: Any) -> None:
        FileUploadHandler.new_file(self, *given, **named)
        self.file = _WorkFile(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)


class _WorkFile(TemporaryUploadedFile):
    def __init__(self, name: Any, content_type: Any, size: Any, charset: Any, extra: Any = None) -> None:
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=layout().work)  # noqa: SIM115 - closed by the request
        UploadedFile.__init__(self, file, name, content_type, size, charset, extra)


@cache
def _django() -> ASGIHandler:
    return _Handler()
