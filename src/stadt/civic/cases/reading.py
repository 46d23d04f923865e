"""Reads case types from a city's folder: `services/<key>.toml`, and long ones also from `services/<key>/*.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from stadt.civic.cases.catalogue import (
    CaseType,
    Category,
    Deadline,
    Move,
    PublicFace,
    RoutingRule,
    State,
    Task,
    Template,
)
from stadt.core.city import current
from stadt.core.errors import ConfigurationError

TABLES: Mapping[str, tuple[str, type[msgspec.Struct]]] = {
    "state": ("states", State),
    "move": ("moves", Move),
    "deadline": ("deadlines", Deadline),
    "routing": ("routing", RoutingRule),
    "task": ("tasks", Task),
    "template": ("templates", Template),
    "category": ("categories", Category),
}
"""Table of the TOML → attribute of the type and what its rows are."""
LANGUAGE_LENGTH = 2
OURS = frozenset({"texts", "version"})
"""Attributes that no file sets."""


@cache
def types() -> Mapping[str, CaseType]:
    """The case types of this city as they stand in its folder, by key; their `version` is 0."""
    return read_types(current().folder / "services")


def read_types(folder: Path) -> dict[str, CaseType]:
    """All types of a folder, by key in the order of the file names; none when there is no such folder.

    Raises:
        ConfigurationError: naming the file and the entry that cannot be read.
    """
    found: dict[str, CaseType] = {}
    for path in sorted(folder.glob("*.toml")):
        one = read_type(path)
        found[one.key] = one
    return found


def read_type(path: Path) -> CaseType:
    """One type. Raises ConfigurationError."""
    document = _read(path)
    rows: dict[str, list[Any]] = {name: _rows(path, document, name) for name in TABLES}
    for part in sorted(path.with_suffix("").glob("*.toml")):
        more = _read(part)
        for name in TABLES:
            rows[name] += _rows(part, more, name)
        if more:
            raise ConfigurationError(
                f"{path.stem}/{part.name}: „{next(iter(more))}“ gehört nach {path.name}."
            )
    head = _split(path, "", {"key": path.stem, **document}, CaseType)
    if "public" in head:
        head["public"] = _split(path, "public", head["public"], PublicFace)
    for name, (attribute, kind) in TABLES.items():
        head[attribute] = [_split(path, f"{name}[{n}]", row, kind) for n, row in enumerate(rows[name])]
    try:
        return msgspec.convert(head, CaseType)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"services/{path.name}: {error}") from None


def _rows(path: Path, document: dict[str, Any], name: str) -> list[Any]:
    rows = document.pop(name, [])
    if not isinstance(rows, list):
        raise ConfigurationError(f"services/{path.name}: „{name}“ steht als Liste da, also [[{name}]].")
    return list(rows)


def _split(path: Path, place: str, table: Any, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The table with its texts in other languages put together, and without keys that mean nothing."""
    if not isinstance(table, dict):
        raise ConfigurationError(f"services/{path.name}: „{place}“ ist keine Tabelle.")
    known = set(kind.__struct_fields__) - OURS - {attribute for attribute, _ in TABLES.values()}
    kept: dict[str, Any] = {}
    texts: dict[str, Any] = {}
    for key, value in table.items():
        if len(key) == LANGUAGE_LENGTH and isinstance(value, dict):
            texts[key] = value
            if wrong := sorted(set(value) - known):
                raise ConfigurationError(
                    f"services/{path.name}: {place} hat in „{key}“ kein Feld „{wrong[0]}“."
                )
        elif key in known:
            kept[key] = value
        elif key != "version":
            where = f"{place} hat" if place else "Es gibt"
            raise ConfigurationError(f"services/{path.name}: {where} kein Feld „{key}“.")
    if texts:
        kept["texts"] = texts
    return kept


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"services/{path.name} ist nicht lesbar: {error}") from None
