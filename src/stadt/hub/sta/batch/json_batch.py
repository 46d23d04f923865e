"""Batches as JSON (OData JSON Format 4.01, clause 19), an extension of 18-088 that FROST knows too."""

from collections.abc import Iterator, Sequence

import msgspec

from stadt.core.errors import BadRequest, TooLarge
from stadt.hub.sta import answers as forms
from stadt.hub.sta.batch.parts import MOST_PARTS, ChangeSet, Part, Unit, bad_batch
from stadt.hub.sta.batch.replies import Answer, SetAnswer
from stadt.hub.sta.syntax.problems import NotSupported


class Request(msgspec.Struct, forbid_unknown_fields=True):
    """One object of `requests`."""

    id: str
    method: str
    url: str
    atomicityGroup: str = ""  # noqa: N815 - the standard's names
    dependsOn: list[str] = []  # noqa: N815
    condition: msgspec.Raw | msgspec.UnsetType = msgspec.field(name="if", default=msgspec.UNSET)
    headers: dict[str, str] = {}
    body: msgspec.Raw = msgspec.Raw(b"")


class Requests(msgspec.Struct, forbid_unknown_fields=True):
    """The document."""

    requests: list[Request]


DECODER = msgspec.json.Decoder(Requests)


def read_json_batch(body: bytes) -> list[Unit]:
    """The requests and atomicity groups of a body.

    Raises:
        BadRequest: it is no such document; the field is named.
        TooLarge: it has too many requests.
        NotSupported: a request has a condition.
    """
    try:
        found = DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(f"The body is no JSON batch: {error}. Nothing of it was done.") from None
    if len(found.requests) > MOST_PARTS:
        raise TooLarge(
            f"The batch has {len(found.requests)} requests; at most {MOST_PARTS} are taken at once."
        )
    units: list[Unit] = []
    closed: set[str] = set()
    for number, request in enumerate(found.requests):
        part = _part(request, f"requests[{number}]")
        last = units[-1] if units else None
        if isinstance(last, ChangeSet) and last.name == request.atomicityGroup:
            units[-1] = ChangeSet(last.name, (*last.parts, part))
            continue
        if request.atomicityGroup in closed:
            raise bad_batch(part.place, "the requests of an atomicityGroup stand side by side")
        if request.atomicityGroup:
            closed.add(request.atomicityGroup)
            units.append(ChangeSet(request.atomicityGroup, (part,)))
        else:
            units.append(part)
    return units


def _part(request: Request, place: str) -> Part:
    if request.condition is not msgspec.UNSET:
        raise NotSupported(1, "conditions are not supported. Nothing of the batch was done", f"{place}.if")
    if not request.id:
        raise bad_batch(f"{place}.id", "is empty")
    body = bytes(request.body)
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers.setdefault("content-type", "application/json")
    return Part(
        id=request.id,
        place=place,
        method=request.method.upper(),
        url=request.url,
        headers=headers,
        body=b"" if body.strip() == b"null" else body,
        depends_on=tuple(request.dependsOn),
    )


def write_json_batch(answers: Sequence[Answer | SetAnswer]) -> tuple[bytes, bytes]:
    """The answers as a body and its Content-Type."""
    objects: list[bytes] = []
    for item in answers:
        if isinstance(item, SetAnswer):
            objects += [b"".join(_object(answer, item.name)) for answer in item.answers]
        else:
            objects.append(b"".join(_object(item, "")))
    return b'{"responses":[%s]}' % b",".join(objects), forms.JSON


def _object(answer: Answer, group: str) -> Iterator[bytes]:
    """`location` stands beside the headers too, where clients of FROST look for it."""
    reply = answer.reply
    yield b'{"id":%s,' % msgspec.json.encode(answer.part.id)
    if group:
        yield b'"atomicityGroup":%s,' % msgspec.json.encode(group)
    yield b'"status":%d' % reply.status
    location = reply.header(b"location")
    if location:
        yield b',"location":%s' % msgspec.json.encode(location)
    headers = {name.decode(): value.decode() for name, value in reply.headers}
    if headers:
        yield b',"headers":%s' % msgspec.json.encode(headers)
    if reply.body:
        is_json = "json" in headers.get("content-type", "")
        yield b',"body":%s' % (reply.body if is_json else msgspec.json.encode(reply.body.decode()))
    yield b"}"
