"""References between the parts of a batch: `$1/Datastreams` in addresses and `{"@iot.id": "$1"}` in bodies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from stadt.core.errors import FieldError
from stadt.hub.sta.batch.parts import KEY_REFERENCE, REFERENCE, FailedDependency
from stadt.hub.sta.creating.values import BadEntity, decode_json
from stadt.hub.sta.entities import BY_NAME, BY_SET
from stadt.hub.sta.model import EntityType

ADDRESS = re.compile(r"/(?P<name>\w+)\((?P<id>\d+)\)\Z")
DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Made:
    """The entity that a part made or changed."""

    entity: EntityType
    id: int


# By the part's id; None for a part that failed, or was about no single entity.
Known = Mapping[str, Made | None]


def entity_at(address: str) -> Made | None:
    """The entity of an address such as `https://…/Things(5)`; None for any other address."""
    found = ADDRESS.search(address)
    entity = BY_SET.get(found["name"]) if found else None
    return Made(entity, int(found["id"])) if found and entity else None


def referred(resource: str, known: Known) -> str:
    """A resource with addresses of entities in the place of references.

    Raises:
        FailedDependency: the part it refers to made no entity.
    """
    path, mark, query = resource.partition("?")
    found = REFERENCE.fullmatch(path)
    if found:
        made = _made(found["id"], known)
        path = f"{made.entity.set_name}({made.id}){found['rest'] or ''}"
    else:
        path = KEY_REFERENCE.sub(lambda match: f"({_made(match['id'], known).id})", path)
    return f"{path}{mark}{query}"


def filled(body: bytes, known: Known) -> bytes:
    """A body with the ids of entities in the place of references.

    Raises:
        BadRequest: the body refers to what is no earlier part, or is no JSON; the field is named.
        FailedDependency: the part it refers to made no entity.
    """
    if b'"$' not in body:
        return body
    document = decode_json(body)
    _fill(document, "", "", known, 0)
    return msgspec.json.encode(document)


def _fill(value: Any, place: str, relation: str, known: Known, depth: int) -> None:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for number, part in enumerate(value):
            _fill(part, f"{place}[{number}]", relation, known, depth + 1)
    elif isinstance(value, dict):
        name = value.get("@iot.id")
        if isinstance(name, str) and name.startswith("$"):
            value["@iot.id"] = _id_for(name[1:], f"{place}.@iot.id" if place else "@iot.id", relation, known)
        for key, part in value.items():
            if isinstance(part, dict | list):
                _fill(part, f"{place}.{key}" if place else key, key, known, depth + 1)


def _id_for(name: str, place: str, relation: str, known: Known) -> int:
    """The id a link gets; a link to a Sensor does not take the id of a Thing."""
    if name not in known:
        raise BadEntity.of([FieldError(place, f"'${name[:60]}' is no earlier request of the batch")])
    made = _made(name, known)
    wanted = BY_NAME.get(relation) or BY_SET.get(relation)
    if wanted is not None and wanted is not made.entity:
        raise BadEntity.of([FieldError(place, f"'${name}' is a {made.entity.name}, not a {wanted.name}")])
    return made.id


def _made(name: str, known: Known) -> Made:
    made = known.get(name)
    if made is None:
        raise FailedDependency(f"Request '{name}', which this one refers to, failed or made no entity.")
    return made
