"""The plain ASGI handler of `/open311/`: reads a request, answers in the form it asked for."""

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import BadRequest as DjangoBadRequest
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import override

from stadt.apps.open311.documents import MEDIA_TYPES, Document, form_of, send_document, written
from stadt.apps.open311.errors import UnknownThing, WrongRequest, wrong
from stadt.apps.open311.parameters import check_jurisdiction
from stadt.apps.open311.posting import Posted, post_request, writing_actor
from stadt.apps.open311.request_list import one_request, request_list
from stadt.apps.open311.service_list import last_change, service_definition, service_list
from stadt.apps.open311.updates import receive_update, update_list
from stadt.core import asgi
from stadt.core.city import current
from stadt.core.doors import client_address
from stadt.core.errors import MethodNotAllowed
from stadt.core.tokens import bearer_secret, find_actor_async
from stadt.hub.datasets.pacing import Pace

PREFIX = "/open311/"
VERSION = "v2"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
# With the key in a header a body may bring photos; else the key stands in the body, which strangers can send too.
LARGEST_WITH_HEADER = 40 * 1024 * 1024
LARGEST_BODY = 8 * 1024 * 1024
LONGEST_ADDRESS = 8192
ALLOWED = "GET, HEAD, POST, OPTIONS"
CATALOGUE_CACHE = "public, max-age=300"
LIST_CACHE = "public, max-age=30"

# Photos take seconds to decode: they wait for one another here, and never keep readers from the threads of the process.
WRITERS = 2
_writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="open311-write")

reading_pace = Pace(burst=120, per_second=2)
writing_pace = Pace(burst=120, per_second=2)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was read: the steps of its address below the version, and what it brought."""

    method: str
    steps: tuple[str, ...]
    parameters: Mapping[str, str]
    posted: Posted
    bearer: str = ""
    request_id: str = ""
    form: str = "xml"


async def handle(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    """Answer one request below `/open311/`. Errors are told by the mount's `tell`."""
    method = scope["method"]
    if method == "OPTIONS":
        await _send_options(send)
        return
    if method not in {"GET", "HEAD", "POST"}:
        raise MethodNotAllowed(headers={"Allow": ALLOWED})
    if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        raise WrongRequest(f"An address has at most {LONGEST_ADDRESS} characters.")
    pace = writing_pace if method == "POST" else reading_pace
    pace.take(_client(scope))
    body = b""
    if method == "POST":
        body = await asgi.read_body(scope, receive, await _limit(scope))
    threads = _writers if method == "POST" else None
    document = await sync_to_async(_answer, thread_sensitive=False, executor=threads)(scope, body)
    await send_document(send, document, form_of(scope["path"]), is_head=method == "HEAD")


def _client(scope: asgi.Scope) -> str:
    peer = str((scope.get("client") or ("",))[0])
    return client_address(peer, asgi.header(scope, b"x-forwarded-for"), is_secure=settings.STADT.is_secure)


async def _limit(scope: asgi.Scope) -> int:
    """How large a body may be. Raises nothing: the key is judged where it is used."""
    secret = bearer_secret(asgi.header(scope, b"authorization"))
    actor = await find_actor_async(secret) if secret else None
    return LARGEST_BODY if actor is None else LARGEST_WITH_HEADER


def _answer(scope: asgi.Scope, body: bytes) -> Document:
    try:
        with override("de"):
            return respond(read(scope, body))
    finally:
        if not connection.in_atomic_block:
            connection.close()


def read(scope: asgi.Scope, body: bytes) -> Asked:
    """The request in parts. Raises WrongRequest for what cannot be read, UnknownThing for another address."""
    request = ASGIRequest(dict(scope), BytesIO(body))
    try:
        values = {name: request.GET.getlist(name) for name in request.GET}
        media: list[Any] = []
        if request.method == "POST":
            values |= {name: request.POST.getlist(name) for name in request.POST}
            media = [file for name in request.FILES for file in request.FILES.getlist(name)]
    except (MultiPartParserError, SuspiciousOperation, DjangoBadRequest, UnicodeError, ValueError):
        raise WrongRequest("The body is not readable as form data.") from None
    for name, given in values.items():
        if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for text in (name, *given) for sign in text):
            raise wrong("parameters", "must be readable text in UTF-8.")
    parameters = {name: given[-1].strip() for name, given in values.items() if given[-1].strip()}
    attributes = {
        name.removeprefix("attribute[").removesuffix("[]").removesuffix("]"): [
            one for one in given if one.strip()
        ]
        for name, given in values.items()
        if name.startswith("attribute[")
    }
    posted = Posted(
        parameters,
        {code: given for code, given in attributes.items() if given},
        media,
        request.headers.get("Idempotency-Key", ""),
    )
    return Asked(
        str(request.method),
        _steps(scope["path"]),
        parameters,
        posted,
        bearer_secret(request.headers.get("Authorization", "")),
        str(scope.get("request_id", "")),
        form_of(scope["path"]),
    )


def respond(asked: Asked) -> Document:
    """The answer to a request.

    Raises:
        UnknownThing, WrongRequest, KeyNeeded, and what the verbs raise; `errors.status_of` says how each is told.
    """
    match asked.steps:
        case () | ("discovery",):
            return Document("discovery", _discovery(), cache=CATALOGUE_CACHE)
    check_jurisdiction(asked.parameters.get("jurisdiction_id", ""))
    if asked.method == "POST":
        return _write(asked)
    match asked.steps:
        case ("services",):
            return Document("services", service_list(), cache=CATALOGUE_CACHE)
        case ("services", code):
            return Document("service_definition", service_definition(code), cache=CATALOGUE_CACHE)
        case ("requests",):
            return Document("service_requests", request_list(asked.parameters), cache=LIST_CACHE)
        case ("requests", reference):
            return Document("service_requests", one_request(reference, asked.parameters), cache=LIST_CACHE)
        case ("servicerequestupdates",):
            return _updates(asked)
        case ("tokens", _):
            # Every service is of type realtime: tokens are never given out, so there is none to be found.
            raise UnknownThing("token was not found.")
    raise UnknownThing("There is nothing at this address.")


def _updates(asked: Asked) -> Document:
    told, following = update_list(asked.parameters)
    address = f"{settings.STADT.url}{PREFIX}{VERSION}/servicerequestupdates.{asked.form}"
    following_url = f"{address}?{urlencode(following)}" if following else ""
    return Document("service_request_updates", told, cache=LIST_CACHE, next_url=following_url)


def _write(asked: Asked) -> Document:
    if asked.steps not in {("requests",), ("servicerequestupdates",)}:
        raise MethodNotAllowed(headers={"Allow": "GET, HEAD, OPTIONS"})
    actor = writing_actor(asked.parameters, asked.bearer, asked.request_id)
    if asked.steps == ("requests",):
        return Document("service_requests", post_request(actor, asked.posted), cache="no-store")
    return Document("service_request_updates", receive_update(actor, asked.parameters), cache="no-store")


def _steps(path: str) -> tuple[str, ...]:
    """The steps below the version, the last without its form. Raises UnknownThing for other versions and forms."""
    rest = path.removeprefix(PREFIX)
    form = form_of(path)
    if rest in {"", VERSION, f"{VERSION}/"}:
        return ()
    if rest == f"discovery.{form}":
        return ("discovery",)
    version, _, below = rest.partition("/")
    if version != VERSION or not below.endswith(f".{form}"):
        raise UnknownThing(
            f"The service is at {PREFIX}{VERSION}/, with .xml or .json behind the name of what is asked."
        )
    return tuple(below.removesuffix(f".{form}").split("/"))


def _discovery() -> dict[str, Any]:
    city = current()
    services = written(Document("services", service_list()), "json")
    # Sortable by the last change of a service; the digest also tells a campaign that began or ended meanwhile.
    changeset = f"{last_change():%Y-%m-%d %H:%M} {hashlib.sha256(services).hexdigest()[:12]}"
    contact = ", ".join(part for part in (city.name, city.contact.get("email", "")) if part)
    return {
        "changeset": changeset,
        "contact": contact,
        "key_service": f"Keys are tokens with the right open311.write, given out by {contact}.",
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{settings.STADT.url}{PREFIX}{VERSION}",
                "changeset": changeset,
                "type": "production",
                "formats": [media_type.partition(";")[0] for media_type in reversed(MEDIA_TYPES.values())],
            }
        ],
    }


async def _send_options(send: asgi.Send) -> None:
    headers = [
        (b"allow", ALLOWED.encode()),
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", ALLOWED.encode()),
        (b"access-control-allow-headers", b"authorization, content-type, idempotency-key"),
        (b"access-control-max-age", b"86400"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
