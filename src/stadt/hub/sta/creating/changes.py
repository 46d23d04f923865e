"""Bodies that change an entity: which columns get which value, and which links lead elsewhere (18-088, 10.3)."""

from dataclasses import dataclass, field
from typing import Any

import jsonpatch
import msgspec

from stadt.core.errors import BadRequest, Conflict, FieldError
from stadt.hub.sta.creating.forms import BY_ENTITY, Field, Form
from stadt.hub.sta.creating.values import GEOJSON, BadEntity, Wrong, geometry, identifier
from stadt.hub.sta.model import EntityType, Navigation
from stadt.hub.sta.syntax.problems import hint

MOST_ERRORS = 20
MOST_STEPS = 200
# Steps of a JSON Patch can double a document: none may make it larger than this.
LARGEST_DOCUMENT = 1024 * 1024


@dataclass(slots=True)
class Change:
    """What is to be different about an entity.

    Attributes:
        values: by column; a property that was emptied has the value an entity without it has.
        links: ids by navigation property.
    """

    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[int]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """What changes, for the audit."""
        return sorted([*self.values, *self.links])


def read_change(entity: EntityType, body: Any, *, is_whole: bool, encoding: str) -> Change:
    """The change a body asks for.

    With `is_whole` (PUT) optional properties that the body does not name are emptied; mandatory ones stay, because an
    entity cannot be without them. `encoding` is the entity's encodingType before.

    Raises:
        BadEntity: naming up to 20 fields that are wrong.
    """
    if not isinstance(body, dict):
        raise BadEntity.of([FieldError("body", "expected an object")])
    change, errors = Change(), list[FieldError]()
    form = BY_ENTITY[entity.name]
    known = {item.name for item in form.fields} | set(entity.written_navigation) | {"id"}
    errors += [
        FieldError(name[:60], f"unknown property{hint(name, known)}")
        for name in body
        if name not in known and "@" not in name
    ]
    for item in form.fields:
        if item.name in body:
            _read_field(change, form, item, body, encoding, errors)
        elif is_whole and not item.is_mandatory and item.column and item.name != "phenomenonTime":
            change.values[item.column] = item.empty
    for navigation in entity.written_navigation.values():
        if body.get(navigation.name) is not None:
            _read_links(change, navigation, body[navigation.name], errors)
    if errors:
        raise BadEntity.of(errors[:MOST_ERRORS])
    return change


def _read_field(
    change: Change, form: Form, item: Field, body: dict[str, Any], encoding: str, errors: list[FieldError]
) -> None:
    value = body[item.name]
    if value is None:
        if item.is_mandatory or item.name == "phenomenonTime":
            errors.append(FieldError(item.name, "cannot be null"))
        elif item.column:
            change.values[item.column] = item.empty
        return
    try:
        read = item.read(value)
        if item.name == form.located and body.get("encodingType", encoding) in GEOJSON:
            geometry(value)
    except Wrong as wrong:
        name = f"{item.name}.{wrong.field}" if wrong.field else item.name
        errors.append(FieldError(name, wrong.message))
    else:
        if item.column:
            change.values[item.column] = read


def _read_links(change: Change, navigation: Navigation, value: Any, errors: list[FieldError]) -> None:
    if navigation.is_many != isinstance(value, list):
        errors.append(
            FieldError(navigation.name, f"expected {'a list' if navigation.is_many else 'an object'}")
        )
        return
    links = change.links.setdefault(navigation.name, [])
    for number, part in enumerate(value if navigation.is_many else [value]):
        path = f"{navigation.name}[{number}]" if navigation.is_many else navigation.name
        if not isinstance(part, dict) or "@iot.id" not in part:
            errors.append(FieldError(path, 'a change links to entities that exist: {"@iot.id": …}'))
            continue
        try:
            links.append(identifier(part))
        except Wrong as wrong:
            errors.append(FieldError(f"{path}.{wrong.field}", wrong.message))


def patched(document: dict[str, Any], steps: Any) -> Any:
    """A document after the steps of a JSON Patch (RFC 6902), all or none.

    Raises:
        BadRequest: it is no JSON Patch, a step names what does not exist, or the document would become too large.
        Conflict: a test of the patch fails.
    """
    if not isinstance(steps, list) or len(steps) > MOST_STEPS:
        raise BadRequest(
            f"A JSON Patch is a list of at most {MOST_STEPS} steps.",
            fields=(FieldError("body", "expected a list"),),
        )
    current: Any = document
    for number, step in enumerate(steps):
        place = f"[{number}]"
        try:
            current = jsonpatch.JsonPatch([step]).apply(current)
            size = len(msgspec.json.encode(current))
        except jsonpatch.JsonPatchTestFailed:
            raise Conflict(
                f"The test of step {place} fails.", fields=(FieldError(place, "the test fails"),)
            ) from None
        except (
            jsonpatch.JsonPatchException,
            jsonpatch.JsonPointerException,
            TypeError,
            ValueError,
            KeyError,
            AttributeError,
            RecursionError,
        ) as error:
            message = str(error)[:200] or "is no step of a JSON Patch"
            raise BadRequest(
                f"Step {place} cannot be taken: {message}", fields=(FieldError(place, message),)
            ) from None
        if size > LARGEST_DOCUMENT:
            raise BadRequest(
                "The document would become too large.", fields=(FieldError(place, "makes it too large"),)
            )
    return current
