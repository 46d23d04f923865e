"""Answers of the interface, and its form of errors: `{"code", "type", "message"}`."""

import logging
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from stadt.core import asgi
from stadt.core.errors import StadtError
from stadt.core.log import shown_path

logger = logging.getLogger("stadt.request")

JSON = b"application/json;charset=utf-8"
TEXT = b"text/plain;charset=utf-8"
# The data is open to any page in any browser; cookies are never asked for across origins.
OPEN = ((b"access-control-allow-origin", b"*"), (b"x-content-type-options", b"nosniff"))


class Page(Protocol):
    """A document of `pages.py`."""

    @property
    def content(self) -> bytes: ...
    @property
    def media_type(self) -> bytes: ...
    @property
    def following(self) -> str: ...


async def send_error(scope: asgi.Scope, send: asgi.Send, error: StadtError) -> None:
    """One refusal, and its one line in the log."""
    fields = ",".join(field.field for field in error.fields)
    log = logger.error if error.status >= 500 and error.status != 501 else logger.warning
    log(
        "%s %s %d %s fields=%s id=%s",
        scope["method"],
        shown_path(scope["path"]),
        error.status,
        error.code,
        fields,
        scope.get("request_id", "-"),
    )
    headers = [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    await asgi.send_bytes(send, error.status, error_document(error), JSON, [*headers, *OPEN])


def error_document(error: StadtError) -> bytes:
    """An error in the form of the interface."""
    document: dict[str, object] = {"code": error.status, "type": "error", "message": message_of(error)}
    if error.fields:
        document["errors"] = [{"field": item.field, "message": item.message} for item in error.fields]
    return msgspec.json.encode(document)


def message_of(error: StadtError) -> str:
    """The sentence of an error, with the first fields it names."""
    named = "; ".join(f"{item.field}: {item.message}" for item in error.fields[:3])
    return error.detail if not named or error.fields[0].message in error.detail else f"{error.detail} {named}"


async def send_json(send: asgi.Send, body: bytes, head: bool = False) -> None:
    """A whole JSON document, or its headers alone."""
    await send_body(send, body, JSON, head=head)


async def send_body(
    send: asgi.Send,
    body: bytes,
    media_type: bytes,
    *,
    head: bool = False,
    more: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    """A whole answer with status 200; HEAD gets its headers alone."""
    headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), *more, *OPEN]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def send_page(send: asgi.Send, page: "Page", head: bool = False) -> None:
    """A page of a collection; the next one is named in a header where the document has no place for it (RFC 8288)."""
    link = [(b"link", b'<%s>; rel="next"' % page.following.encode())] if page.following else []
    await send_body(send, page.content, page.media_type, head=head, more=link)


async def send_nothing(send: asgi.Send) -> None:
    """204: the property exists and has no value."""
    await send({"type": "http.response.start", "status": 204, "headers": list(OPEN)})
    await send({"type": "http.response.body", "body": b""})


async def send_created(send: asgi.Send, address: str, body: bytes) -> None:
    """201 with the address of what was made (18-088, 10.2)."""
    await asgi.send_bytes(send, 201, body, JSON, [(b"location", address.encode()), *OPEN])


def addresses(base: str, set_name: str, identifiers: Iterable[int]) -> bytes:
    """The addresses of entities that were made together, as a JSON list (18-088, 12.2)."""
    return msgspec.json.encode([f"{base}{set_name}({number})" for number in identifiers])


def reference(base: str, set_name: str, identifier: int) -> tuple[str, bytes]:
    """The address of an entity that was made or changed, and the document that answers it."""
    address = f"{base}{set_name}({identifier})"
    return address, f'{{"@iot.id":{identifier},"@iot.selfLink":{json_text(address)}}}'.encode()


def json_text(text: str) -> str:
    """A text as a JSON string."""
    return msgspec.json.encode(text).decode()
