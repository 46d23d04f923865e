"""The plain ASGI handler of `/sta/`: sends each request to reading or creating and changing, and tells errors in the standard's form."""

from urllib.parse import unquote_to_bytes

import msgspec
from django.conf import settings

from stadt.core import asgi
from stadt.core.errors import MethodNotAllowed, NotFound, StadtError
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta import answers
from stadt.hub.sta.actors import reading_actor
from stadt.hub.sta.batch.parts import BATCH
from stadt.hub.sta.batch.running import answer_batch
from stadt.hub.sta.landing import landing_document
from stadt.hub.sta.live.streams import is_wanted, stream
from stadt.hub.sta.reading import read
from stadt.hub.sta.syntax.problems import BadQuery, UriTooLong
from stadt.hub.sta.writing import change, write

VERSION = "/sta/v1.1"
LONGEST_ADDRESS = 16_384
READING = frozenset({"GET", "HEAD"})
CHANGING = frozenset({"PATCH", "PUT", "DELETE"})
ALLOWED = "GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS"


async def handle(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """Answer one request below `/sta/`."""
    try:
        await _route(scope, receive, send)
    except StadtError as error:
        await answers.send_error(scope, send, error)


async def _route(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    path = _path(scope)
    method = scope["method"]
    base = f"{settings.STADT.url}{VERSION}/"
    if path == BATCH:
        if method != "POST":
            raise MethodNotAllowed("A batch is posted.", headers={"Allow": "POST"})
        await answer_batch(scope, receive, send, VERSION, base, handle)
    elif method in READING:
        if not path:
            await answers.send_json(send, msgspec.json.encode(landing_document(base)), method == "HEAD")
            return
        if is_wanted(scope):
            await stream(scope, receive, send, path, base)
            return
        viewer = Visibility.of(await reading_actor(scope))
        await read(scope, send, path, viewer, base)
    elif method == "POST" and path:
        await write(scope, receive, send, path, base)
    elif method == "OPTIONS":
        await _send_options(send)
    elif method in CHANGING and path:
        await change(scope, receive, send, path, base)
    else:
        raise MethodNotAllowed(headers={"Allow": ALLOWED})


def _path(scope: asgi.Scope) -> str:
    """The path behind the service root, decoded.

    Raises:
        NotFound: another version, or nothing of this interface.
        UriTooLong: the address has more than `LONGEST_ADDRESS` characters.
    """
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    if len(raw) + len(scope["query_string"]) > LONGEST_ADDRESS:
        raise UriTooLong(f"An address has at most {LONGEST_ADDRESS} characters.")
    try:
        path = unquote_to_bytes(raw.partition(b"?")[0]).decode()
    except UnicodeDecodeError:
        raise BadQuery(1, "the percent-encoding is no UTF-8", "path") from None
    root, _, rest = path[: len(VERSION)], "", path[len(VERSION) :]
    if root != VERSION or (rest and not rest.startswith("/")):
        raise NotFound(f"The service is at {VERSION}.")
    return rest.strip("/") if rest == "/" else rest[1:]


async def _send_options(send: asgi.Send) -> None:
    headers = [
        (b"allow", ALLOWED.encode()),
        (b"access-control-allow-methods", ALLOWED.encode()),
        (b"access-control-allow-headers", b"authorization, content-type, prefer"),
        (b"access-control-max-age", b"86400"),
        *answers.OPEN,
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
