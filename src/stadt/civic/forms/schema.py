"""The JSON Schema (draft 2020-12) of a form's answers, for programs that fill it in or read what was sent."""

from typing import Any

from stadt.civic.forms.definition import FILE_KINDS, FieldDefinition, FormDefinition, Kind
from stadt.civic.forms.values import LARGEST, LONGEST, LONGEST_PART

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LINE = r"^[^\n\r]*$"


def json_schema(definition: FormDefinition) -> dict[str, Any]:
    """The schema that every complete set of answers meets. Rules cannot be said in it: they stand in `x-visible`,
    `x-required` and `x-computed`, and only answers that are asked always are required."""
    fields = [item for item in definition.fields() if item.is_answered]
    steps = {item.key: step for step in definition.steps for item in step.fields}
    always = [
        item.key
        for item in fields
        if item.required is True and not item.visible and not item.computed and not steps[item.key].visible
    ]
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "title": definition.title,
        "x-form": definition.key,
        "x-version": definition.version,
        "type": "object",
        "properties": {item.key: _property(item, steps[item.key].visible) for item in fields},
        "additionalProperties": False,
    }
    if always:
        schema["required"] = always
    return schema


def _property(item: FieldDefinition, step_visible: str) -> dict[str, Any]:
    about: dict[str, Any] = {"title": item.title, "x-kind": str(item.kind)}
    if item.hint:
        about["description"] = item.hint
    visible = " && ".join(f"({rule})" for rule in (step_visible, item.visible) if rule)
    if visible:
        about["x-visible"] = visible
    if isinstance(item.required, str) and item.required:
        about["x-required"] = item.required
    if item.computed:
        about |= {"x-computed": item.computed, "readOnly": True}
    if item.fim:
        about["x-fim"] = item.fim
    return {**about, **_shape(item)}


def _shape(item: FieldDefinition) -> dict[str, Any]:
    if item.kind in {Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.PHONE}:
        return _text(item)
    if item.kind in {Kind.NUMBER, Kind.AMOUNT}:
        whole = item.kind is Kind.NUMBER and not item.decimals
        return {"type": "integer" if whole else "number", **_limits(item)}
    if item.kind is Kind.DATE:
        return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    if item.kind is Kind.CHOICE:
        return {"enum": [choice.value for choice in item.choices if not choice.disables]}
    if item.kind is Kind.CHOICES:
        values = [choice.value for choice in item.choices if not choice.disables]
        return {"type": "array", "items": {"enum": values}, "uniqueItems": True, "minItems": 1}
    if item.kind is Kind.YES_NO:
        return {"type": "boolean"}
    if item.kind is Kind.CONSENT:
        return {"const": True}
    if item.kind in FILE_KINDS:
        return {"type": "array", "items": {"type": "integer"}, "minItems": 1}
    return _object(item)


def _object(item: FieldDefinition) -> dict[str, Any]:
    if item.kind is Kind.PLACE:
        degrees = {"lon": {"type": "number"}, "lat": {"type": "number"}, "address": {"type": "string"}}
        return _strict(degrees, ["lon", "lat"])
    if item.kind is Kind.AREA:
        geometry = {"type": ["object", "null"], "description": "GeoJSON geometry (RFC 7946), WGS 84"}
        return _strict({"geometry": geometry, "areas": {"type": "array", "items": {"type": "string"}}}, [])
    part = {"type": "string", "minLength": 1, "maxLength": LONGEST_PART, "pattern": LINE}
    parts = dict.fromkeys(item.all_parts, part)
    return _strict(parts, [name for name in item.all_parts if name not in item.parts])


def _strict(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _text(item: FieldDefinition) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "type": "string",
        "minLength": 1,
        "maxLength": item.max_length or LONGEST.get(item.kind, LONGEST[Kind.TEXT]),
    }
    if item.pattern:
        shape["pattern"] = f"^(?:{item.pattern})$"
    elif item.kind is not Kind.LONG_TEXT:
        shape["pattern"] = LINE
    if item.kind is Kind.EMAIL:
        shape["format"] = "email"
    return shape


def _limits(item: FieldDefinition) -> dict[str, Any]:
    return {
        "minimum": item.minimum if isinstance(item.minimum, int | float) else -LARGEST,
        "maximum": item.maximum if isinstance(item.maximum, int | float) else LARGEST,
    }
