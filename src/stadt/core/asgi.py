"""Small parts for plain ASGI handlers: bounded bodies, answers, files with ranges."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from stadt.core.errors import BadRequest, NotFound, StadtError, TooLarge, problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Handler = Callable[[Scope, Receive, Send], Awaitable[None]]
Tell = Callable[[Scope, Send, StadtError], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

CHUNK_BYTES = 256 * 1024
MOST_DIGITS = 19  # of a number of bytes: beyond 2^63 there is none


class ClientLeft(Exception):
    """The client closed the connection before its request was read."""


def header(scope: Scope, name: bytes) -> str:
    """The first value of a request header (name in lower case), or an empty string."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole request body.

    Raises:
        TooLarge: as soon as more than `limit` bytes are announced or arrive.
        BadRequest: when Content-Length is no number.
        ClientLeft: when the client went away.
    """
    announced = header(scope, b"content-length")
    if announced and not _is_number(announced):
        raise BadRequest("Content-Length is not a number.")
    if announced and int(announced) > limit:
        raise TooLarge(f"The body has {announced} bytes; this address takes at most {limit}.")
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientLeft
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > limit:
            raise TooLarge(f"This address takes at most {limit} bytes.")
        return body
    parts, size = [body], len(body)
    while message.get("more_body", False):
        if size > limit:
            raise TooLarge(f"This address takes at most {limit} bytes.")
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    if size > limit:
        raise TooLarge(f"This address takes at most {limit} bytes.")
    return b"".join(parts)


async def send_bytes(send: Send, status: int, body: bytes, media_type: bytes, headers: Headers = ()) -> None:
    """One whole answer."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", media_type),
                (b"content-length", b"%d" % len(body)),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def send_json(send: Send, value: Any, status: int = 200, headers: Headers = ()) -> None:
    """One whole JSON answer (msgspec's encoding: datetimes as ISO 8601, dataclasses as objects)."""
    await send_bytes(send, status, msgspec.json.encode(value), b"application/json", headers)


async def send_problem(send: Send, error: StadtError, instance: str | None = None) -> None:
    """An error as `application/problem+json` (RFC 9457)."""
    headers = [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    body = msgspec.json.encode(problem(error, instance=instance))
    await send_bytes(send, error.status, body, b"application/problem+json", headers)


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A file to send: `etag` without quotes; `filename` makes browsers save it under that name."""

    path: Path
    media_type: str
    etag: str = ""
    filename: str = ""
    cache_control: str = "no-cache"
    encoding: str = ""
    headers: Mapping[str, str] | None = None


async def send_file(scope: Scope, send: Send, answer: FileAnswer) -> None:
    """Send a file without reading it into memory, with ETag, one byte range and HEAD (RFC 9110 §13, §14).

    Raises:
        NotFound: when the file is gone.
    """
    try:
        stat = await asyncio.to_thread(os.stat, answer.path)
    except FileNotFoundError:
        raise NotFound from None
    etag = f'"{answer.etag or f"{stat.st_mtime_ns:x}-{stat.st_size:x}"}"'
    headers = _file_headers(answer, etag, stat)
    if _matches(header(scope, b"if-none-match"), etag):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    wanted = header(scope, b"range")
    if_range = header(scope, b"if-range")
    span = _byte_range(wanted, stat.st_size) if wanted and if_range in {"", etag} else None
    if span == (0, 0):
        headers.append((b"content-range", b"bytes */%d" % stat.st_size))
        await send({"type": "http.response.start", "status": 416, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    start, stop = span or (0, stat.st_size)
    headers += [(b"content-length", b"%d" % (stop - start)), (b"content-type", answer.media_type.encode())]
    if span:
        headers.append((b"content-range", b"bytes %d-%d/%d" % (start, stop - 1, stat.st_size)))
    await send({"type": "http.response.start", "status": 206 if span else 200, "headers": headers})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
    elif span is None and "http.response.pathsend" in scope.get("extensions", {}):
        await send({"type": "http.response.pathsend", "path": str(answer.path)})
    else:
        await _send_span(send, answer.path, start, stop)


def _file_headers(answer: FileAnswer, etag: str, stat: os.stat_result) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"etag", etag.encode()),
        (b"accept-ranges", b"bytes"),
        (b"cache-control", answer.cache_control.encode()),
        (b"last-modified", formatdate(stat.st_mtime, usegmt=True).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    if answer.encoding:
        headers += [(b"content-encoding", answer.encoding.encode()), (b"vary", b"accept-encoding")]
    if answer.filename:
        headers.append(
            (b"content-disposition", f"attachment; filename*=UTF-8''{quote(answer.filename)}".encode())
        )
    headers += [(name.lower().encode(), value.encode()) for name, value in (answer.headers or {}).items()]
    return headers


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def _matches(if_none_match: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or "*" in tags


def _byte_range(text: str, size: int) -> tuple[int, int] | None:
    """`bytes=a-b` as (start, stop); None: send everything (several ranges, other units); (0, 0): not satisfiable."""
    unit, _, spec = text.partition("=")
    first, dash, last = spec.strip().partition("-")
    if unit.strip() != "bytes" or not dash or "," in spec:
        return None
    if not (first or last) or any(part and not _is_number(part) for part in (first, last)):
        return None
    if not first:
        length = min(int(last), size)
        return (size - length, size) if length else (0, 0)
    start, stop = int(first), min(int(last) + 1, size) if last else size
    return (start, stop) if start < stop else (0, 0)


async def _send_span(send: Send, path: Path, start: int, stop: int) -> None:
    with path.open("rb") as file:
        file.seek(start)
        left = stop - start
        while left > 0:
            chunk = await asyncio.to_thread(file.read, min(CHUNK_BYTES, left))
            if not chunk:
                break
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
    if left > 0 or start == stop:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
