"""Answers as JSON and as XML, whose element names follow from the same data (the Spark convention)."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import msgspec

from stadt.apps.open311.errors import status_of
from stadt.core import asgi
from stadt.core.errors import StadtError
from stadt.core.log import shown_path
from stadt.web.xml_text import xml_text

logger = logging.getLogger("stadt.request")

MEDIA_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
OPEN = ((b"access-control-allow-origin", b"*"), (b"x-content-type-options", b"nosniff"))
# Names of the elements of a list, by the name of the list.
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "photos": "photo",
}


@dataclass(frozen=True, slots=True)
class Document:
    """An answer: the name of its root element, and what is in it (an object, or a list of objects).

    `next_url` is the address of the next page, which is told in a header `Link` (RFC 8288).
    """

    root: str
    content: Mapping[str, Any] | Sequence[Any]
    status: int = 200
    cache: str = "no-cache"
    next_url: str = ""


def written(document: Document, form: str) -> bytes:
    """The document as `json` or `xml`, in UTF-8."""
    if form == "json":
        return msgspec.json.encode(document.content)
    root = ET.Element(document.root)
    _fill(root, document.content)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}'.encode()


async def send_document(
    send: asgi.Send, document: Document, form: str, *, is_head: bool = False, headers: asgi.Headers = ()
) -> None:
    """One whole answer."""
    body = written(document, form)
    own = [(b"cache-control", document.cache.encode()), *OPEN, *link_of(document), *headers]
    if is_head:
        await send(
            {
                "type": "http.response.start",
                "status": document.status,
                "headers": [(b"content-type", MEDIA_TYPES[form].encode()), *own],
            }
        )
        await send({"type": "http.response.body", "body": b""})
        return
    await asgi.send_bytes(send, document.status, body, MEDIA_TYPES[form].encode(), own)


def link_of(document: Document) -> asgi.Headers:
    """The header that leads to the next page; none on the last one."""
    if not document.next_url:
        return ()
    return (
        (b"link", f'<{document.next_url}>; rel="next"'.encode()),
        (b"access-control-expose-headers", b"link"),
    )


def error_document(error: StadtError) -> Document:
    """Each wrong parameter as an error of its own; else the one sentence."""
    status = status_of(error)
    told = [
        {"code": status, "description": f"{item.field}: {item.message}"}
        for item in error.fields
        if item.message not in error.detail
    ] or [{"code": status, "description": error.detail}]
    return Document("errors", told, status, "no-store")


async def send_error(scope: asgi.Scope, send: asgi.Send, error: StadtError) -> None:
    """One refusal in the form that was asked for (XML where none was), and its line in the log."""
    document = error_document(error)
    log = logger.error if document.status >= 500 else logger.warning
    fields = ",".join(item.field for item in error.fields)
    log(
        "%s %s %d %s fields=%s id=%s",
        scope["method"],
        shown_path(scope["path"]),
        document.status,
        error.code,
        fields,
        scope.get("request_id", "-"),
    )
    headers = [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    await send_document(
        send, document, form_of(scope["path"]), is_head=scope["method"] == "HEAD", headers=headers
    )


def form_of(path: str) -> str:
    """The form named at the end of an address; XML, which every client reads, where there is none."""
    return "json" if path.endswith(".json") else "xml"


def _fill(element: ET.Element, content: Any) -> None:
    if isinstance(content, Mapping):
        for name, value in content.items():
            _fill(ET.SubElement(element, name), value)
    elif isinstance(content, list | tuple):
        for value in content:
            _fill(ET.SubElement(element, ITEMS.get(element.tag, "item")), value)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = xml_text(str(content))
