"""Bodies checked as a whole: a tree of drafts, ready to be stored, or the list of what is wrong."""

from dataclasses import dataclass, field
from typing import Any

from stadt.core.errors import FieldError
from stadt.hub.sta.creating.forms import BY_ENTITY, MULTI_TYPES, MULTI_UNITS, Form
from stadt.hub.sta.creating.values import GEOJSON, BadEntity, Wrong, geometry, identifier
from stadt.hub.sta.entities import BY_NAME, MULTI_DATASTREAM
from stadt.hub.sta.model import EntityType, Navigation
from stadt.hub.sta.syntax.problems import hint

DEEPEST = 6
MOST_ERRORS = 20


@dataclass(slots=True)
class Draft:
    """An entity to be made.

    Attributes:
        path: where in the body, such as `Datastreams[0].Observations[3]`; empty for the body itself.
        values: by column.
        relations: by navigation property: drafts, and ids of entities that exist.
    """

    entity: EntityType
    path: str
    values: dict[str, Any] = field(default_factory=dict)
    relations: dict[str, "list[Draft | int]"] = field(default_factory=dict)

    def where(self, name: str) -> str:
        """The path of one of its fields."""
        return f"{self.path}.{name}" if self.path else name


def read_draft(entity: EntityType, body: Any, given: str = "") -> Draft:
    """The draft of a body; `given` is the relation that its address gives already.

    Raises:
        BadEntity: naming up to 20 fields that are wrong.
    """
    errors: list[FieldError] = []
    draft = _read(entity, body, "", given, errors, 1)
    if errors:
        raise BadEntity.of(errors[:MOST_ERRORS])
    return draft


def _read(
    entity: EntityType, body: Any, path: str, given: str, errors: list[FieldError], depth: int
) -> Draft:
    draft = Draft(entity, path)
    if not isinstance(body, dict):
        errors.append(FieldError(path or "body", "expected an object"))
        return draft
    if depth > DEEPEST:
        errors.append(FieldError(path, f"entities are nested more than {DEEPEST} levels deep"))
        return draft
    form = BY_ENTITY[entity.name]
    _refuse_unknown(draft, form, body, errors)
    _read_fields(draft, form, body, errors)
    for navigation in entity.written_navigation.values():
        if body.get(navigation.name) is not None:
            if navigation.name == given:
                errors.append(FieldError(draft.where(navigation.name), "is given by its place already"))
            else:
                _read_relation(draft, navigation, body[navigation.name], errors, depth)
    errors.extend(
        FieldError(draft.where(name), "is missing")
        for name in form.mandatory
        if name != given and not body.get(name)
    )
    _require_one(draft, form, body, given, errors)
    if entity is MULTI_DATASTREAM:
        _check_sizes(draft, given, errors)
    return draft


def _require_one(
    draft: Draft, form: Form, body: dict[str, Any], given: str, errors: list[FieldError]
) -> None:
    """An Observation belongs to one Datastream or to one MultiDatastream (18-088, tables 8-13 and 12-3)."""
    found = [name for name in form.one_of if name == given or body.get(name)]
    if len(found) > 1:
        message = f"an {draft.entity.name} has a {' or a '.join(form.one_of)}, not both"
        errors.append(
            FieldError(draft.where(next(name for name in reversed(found) if name != given)), message)
        )
    elif form.one_of and not found:
        message = f"is missing; or a {form.one_of[1]}"
        errors.append(FieldError(draft.where(form.one_of[0]), message))


def _check_sizes(draft: Draft, given: str, errors: list[FieldError]) -> None:
    """Types, units and properties of a MultiDatastream are as many (`req/multi-datastream/constraints`)."""
    types, units = draft.values.get(MULTI_TYPES), draft.values.get(MULTI_UNITS)
    if types is None or units is None:
        return  # refused already
    seen = 1 if given == "ObservedProperties" else len(draft.relations.get("ObservedProperties", []))
    for name, found in (("multiObservationDataTypes", len(types)), ("ObservedProperties", seen)):
        if found and found != len(units):
            message = f"has {found} entries and unitOfMeasurements {len(units)}; they are one for each value"
            errors.append(FieldError(draft.where(name), message))


def _refuse_unknown(draft: Draft, form: Form, body: dict[str, Any], errors: list[FieldError]) -> None:
    """Names with '@' are control information, which clients send back as they got it."""
    known = {item.name for item in form.fields} | set(draft.entity.written_navigation)
    errors.extend(
        FieldError(draft.where(name[:60]), f"unknown property{hint(name, known)}")
        for name in body
        if name not in known and "@" not in name
    )


def _read_fields(draft: Draft, form: Form, body: dict[str, Any], errors: list[FieldError]) -> None:
    for item in form.fields:
        if body.get(item.name) is None:
            if item.is_mandatory:
                errors.append(FieldError(draft.where(item.name), "is missing"))
            continue
        try:
            value = item.read(body[item.name])
            if item.name == form.located and body.get("encodingType") in GEOJSON:
                geometry(value)
        except Wrong as wrong:
            name = f"{item.name}.{wrong.field}" if wrong.field else item.name
            errors.append(FieldError(draft.where(name), wrong.message))
        else:
            if item.column:
                draft.values[item.column] = value


def _read_relation(
    draft: Draft, navigation: Navigation, value: Any, errors: list[FieldError], depth: int
) -> None:
    place = draft.where(navigation.name)
    if navigation.is_many != isinstance(value, list):
        noun = "a list" if navigation.is_many else "an object"
        errors.append(FieldError(place, f"expected {noun}"))
        return
    found: list[Draft | int] = []
    target = BY_NAME[navigation.target]
    for number, part in enumerate(value if navigation.is_many else [value]):
        path = f"{place}[{number}]" if navigation.is_many else place
        if not isinstance(part, dict) or "@iot.id" not in part:
            found.append(_read(target, part, path, navigation.inverse, errors, depth + 1))
            continue
        try:
            found.append(identifier(part))
        except Wrong as wrong:
            errors.append(FieldError(f"{path}.{wrong.field}", wrong.message))
        if len(errors) > MOST_ERRORS:
            return
    draft.relations[navigation.name] = found
