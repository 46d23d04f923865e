"""What a batch holds, whatever form it came in: single requests and change sets, checked before anything is done."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from stadt.core.errors import BadRequest, FieldError, StadtError, TooLarge

BATCH = "$batch"
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
# A thousand single requests take seconds; more observations than that go into a data array.
MOST_PARTS = 1_000
LONGEST_ID = 100
REFERENCE = re.compile(r"\$(?P<id>[^/()?$]+)(?P<rest>[/?].*)?", re.DOTALL)
KEY_REFERENCE = re.compile(r"\(\$(?P<id>[^/()?$]+)\)")


class FailedDependency(StadtError):
    """A request of a batch was not tried, because one that it builds on failed (RFC 4918, 11.4)."""

    code = "failed-dependency"
    status = 424


@dataclass(frozen=True, slots=True)
class Part:
    """One request of a batch.

    Attributes:
        id: Content-ID or `id`; empty when the client gave none.
        place: where in the batch, for refusals.
        url: as the client wrote it.
        headers: by lower-case name.
        depends_on: ids of parts and names of change sets that must have succeeded.
    """

    id: str
    place: str
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Changes that are done together or not at all; `name` is that of the atomicity group, empty in multipart."""

    name: str
    parts: tuple[Part, ...]


Unit = Part | ChangeSet


def bad_batch(place: str, message: str) -> BadRequest:
    """A refusal of the whole batch, before any of it is done."""
    return BadRequest(
        f"{place}: {message}. Nothing of the batch was done.", fields=(FieldError(place, message),)
    )


def all_parts(units: Sequence[Unit]) -> Iterator[Part]:
    """The requests in their order."""
    for unit in units:
        yield from unit.parts if isinstance(unit, ChangeSet) else (unit,)


def check_batch(units: Sequence[Unit], base: str, host: str) -> None:
    """Refuse what cannot be a batch, so that nothing of it is done.

    Raises:
        BadRequest: naming the part.
        TooLarge: more than `MOST_PARTS` requests.
    """
    parts = list(all_parts(units))
    if not parts:
        raise bad_batch("batch", "holds no requests")
    if len(parts) > MOST_PARTS:
        raise TooLarge(f"The batch has {len(parts)} requests; at most {MOST_PARTS} are taken at once.")
    known: set[str] = set()
    for unit in units:
        is_set = isinstance(unit, ChangeSet)
        for part in unit.parts if isinstance(unit, ChangeSet) else (unit,):
            _check_part(part, known, base, host)
            if is_set and part.method == "GET":
                raise bad_batch(part.place, "a change set holds changes only; GET stands beside it")
            if part.id:
                known.add(part.id)
        if isinstance(unit, ChangeSet) and unit.name:
            if unit.name in known:
                raise bad_batch(unit.name, "names a request as well as an atomicityGroup")
            known.add(unit.name)


def _check_part(part: Part, known: set[str], base: str, host: str) -> None:
    if part.method not in METHODS:
        raise bad_batch(part.place, f"method {part.method[:20]!r} is none of {', '.join(METHODS)}")
    if part.id in known:
        raise bad_batch(part.place, f"the id {part.id[:60]!r} is given twice")
    if len(part.id) > LONGEST_ID or not part.id.isprintable():
        raise bad_batch(part.place, f"an id has at most {LONGEST_ID} printable characters")
    for name in part.depends_on:
        if name not in known:
            raise bad_batch(part.place, f"depends on {name[:60]!r}, which is no earlier request")
    for name in names_in(resource_of(part, base, host)):
        if name not in known:
            raise bad_batch(part.place, f"refers to '${name[:60]}', which is no earlier request")


def resource_of(part: Part, base: str, host: str) -> str:
    """The address below the service root, percent-encoded as it came: `Things(1)?$select=name`, `$1/Datastreams`.

    `host` is that of the batch request. Absolute addresses, absolute paths and those relative to the root are taken
    (OData 4.01, 11.7.2).

    Raises:
        BadRequest: it leads to another service, or to a batch in the batch.
    """
    url, root = part.url.strip(), urlsplit(base)
    if "://" in url.partition("?")[0]:
        scheme, _, rest = url.partition("://")
        where, slash, path = rest.partition("/")
        if scheme.lower() not in {"http", "https"} or where.lower() not in {
            root.netloc.lower(),
            host.lower(),
        }:
            raise bad_batch(part.place, f"leads to another service than {base}")
        url = f"{slash}{path}"
    if url.startswith("/"):
        if not url.startswith(root.path):
            raise bad_batch(part.place, f"the path does not begin with {root.path}")
        url = url[len(root.path) :]
    if url.partition("?")[0].strip("/") in {BATCH, "%24batch"}:
        raise bad_batch(part.place, "a batch holds no batch")
    return url


def names_in(resource: str) -> list[str]:
    """The ids that a resource refers to: `$1/Datastreams` and `Things($1)/Datastreams`."""
    path = resource.partition("?")[0]
    found = REFERENCE.fullmatch(path)
    return [found["id"]] if found else [match["id"] for match in KEY_REFERENCE.finditer(path)]
