"""Reads definitions from TOML tables, with blocks put in, and refuses what cannot work, naming the place."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext

from stadt.civic.forms.definition import FormDefinition
from stadt.civic.forms.soundness import check_definition
from stadt.core.errors import FieldError, Invalid

LANGUAGE = re.compile(r"^[a-z]{2}(?:-[A-Z]{2})?$")
SINGULAR = {"step": "steps", "field": "fields"}
RULES = ("visible", "computed", "required", "minimum", "maximum")
MOST_FIELDS = 300
Blocks = Callable[[str], Mapping[str, Any] | None]


def read_definition(data: Mapping[str, Any], blocks: Blocks | None = None) -> FormDefinition:
    """A checked definition from the tables of a TOML file, or from JSON that `as_data` gave.

    Args:
        blocks: gives the table of `forms/blocks/<name>.toml` by name, for fields that say `include = "<name>"`.

    Raises:
        Invalid: naming what is wrong and where, such as `steps[0].fields[2].visible`.
    """
    try:
        prepared = _prepared(dict(data), blocks or (lambda name: None), 0)
        definition = msgspec.convert(prepared, FormDefinition)
    except msgspec.ValidationError as error:
        raise _refusal(str(data.get("key", "")), str(error)) from None
    except (TypeError, AttributeError, RecursionError):
        raise _refusal(str(data.get("key", "")), gettext("ist falsch aufgebaut")) from None
    if errors := check_definition(definition):
        first = errors[0]
        raise Invalid(
            gettext("Das Formular „%(key)s“ geht so nicht: %(field)s %(message)s.")
            % {"key": definition.key, "field": first.field, "message": first.message},
            fields=tuple(errors),
        )
    return definition


def _prepared(node: dict[str, Any], blocks: Blocks, depth: int) -> dict[str, Any]:
    """One table with short names written out, language tables gathered, and blocks of its fields put in."""
    shown: dict[str, Any] = {}
    texts = dict(node.get("texts", {}))
    for name, value in node.items():
        if LANGUAGE.match(name) and isinstance(value, Mapping):
            texts[name] = value
        elif name == "plain" and isinstance(value, str):
            shown["plain"] = (
                {"title": value} if "steps" not in node and "step" not in node else {"text": value}
            )
        elif name != "texts":
            shown[SINGULAR.get(name, name)] = value
    if texts:
        shown["texts"] = texts
    if depth > 3:
        raise TypeError
    if "fields" in shown:
        shown["fields"] = [item for table in shown["fields"] for item in _included(dict(table), blocks)]
        if len(shown["fields"]) > MOST_FIELDS:
            raise TypeError
    for name in ("steps", "fields", "choices"):
        if name in shown:
            shown[name] = [_prepared(dict(item), blocks, depth + 1) for item in shown[name]]
    return shown


def _included(field: dict[str, Any], blocks: Blocks) -> list[dict[str, Any]]:
    """The field itself, or the fields of the block it includes: keys with `prefix`, and `visible` of both."""
    name = field.get("include")
    if name is None:
        return [field]
    if extra := field.keys() - {"include", "prefix", "visible"}:
        raise msgspec.ValidationError(
            gettext("include „%(name)s“ nimmt nur prefix und visible, nicht „%(extra)s“")
            % {"name": name, "extra": min(extra)}
        )
    block = blocks(str(name))
    if block is None:
        raise msgspec.ValidationError(gettext("Den Baustein „%(name)s“ gibt es nicht") % {"name": name})
    prefix, visible = str(field.get("prefix", "")), str(field.get("visible", ""))
    fields = [dict(item) for item in block.get("fields", block.get("field", ()))]
    own = "|".join(re.escape(str(item.get("key", ""))) for item in fields)
    names = re.compile(rf"(?<![\w.'\"])({own})(?![\w'\"(])")
    for item in fields:
        for rule in RULES:
            if prefix and isinstance(item.get(rule), str):
                item[rule] = names.sub(rf"{prefix}\1", item[rule])
        item["key"] = prefix + str(item.get("key", ""))
        if visible:
            inner = item.get("visible", "")
            item["visible"] = f"({visible}) && ({inner})" if inner else visible
    return fields


def _refusal(key: str, reason: str) -> Invalid:
    text = gettext("Das Formular „%(key)s“ ist nicht lesbar: %(reason)s.") % {
        "key": key[:80],
        "reason": reason[:300],
    }
    return Invalid(text, fields=(FieldError("definition", reason[:300]),))
