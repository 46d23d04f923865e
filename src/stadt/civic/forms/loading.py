"""Reads the forms of the city's folder: `forms/*.toml`, with blocks from `forms/blocks/*.toml`."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from stadt.civic.forms.definition import FormDefinition
from stadt.civic.forms.reading import read_definition
from stadt.core.city import current
from stadt.core.errors import ConfigurationError, Invalid


def city_forms() -> list[FormDefinition]:
    """The city's forms by key; none when it has no such folder.

    Raises:
        ConfigurationError: naming the file and the place in it, or two files with one form.
    """
    return read_folder(current().folder / "forms")


def read_folder(folder: Path) -> list[FormDefinition]:
    """All forms of a folder. Raises as `city_forms`."""
    found: dict[str, FormDefinition] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            definition = read_definition(_table(path), lambda name: _block(folder, name))
        except Invalid as error:
            raise ConfigurationError(f"forms/{path.name}: {error.detail}") from None
        if definition.key in found:
            raise ConfigurationError(
                f"forms/{path.name}: Das Formular „{definition.key}“ steht in zwei Dateien."
            )
        found[definition.key] = definition
    return [found[key] for key in sorted(found)]


def _block(folder: Path, name: str) -> Mapping[str, Any] | None:
    path = folder / "blocks" / f"{name}.toml"
    return _table(path) if name.isidentifier() and path.is_file() else None


def _table(path: Path) -> dict[str, Any]:
    try:
        table: dict[str, Any] = _as_json(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"forms/{path.name} ist nicht lesbar: {error}") from None
    return table


def _as_json(value: Any) -> Any:
    """TOML's dates as texts; all else JSON has too."""
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
