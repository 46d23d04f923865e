"""Names of those who pay and of their programmes, as a city's folder lists them: `strategy/funding.toml`.

A city without the file has no names of its own; the general words of German administration are in `funding`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, get_args

from stadt.apps.strategy.record.content import SourceClass
from stadt.core.city import current
from stadt.core.errors import ConfigurationError

CLASSES: Final = frozenset(get_args(SourceClass))


@dataclass(frozen=True, slots=True)
class Name:
    """One name under which all its spellings are kept, with the class of money (empty: not known)."""

    name: str
    source_class: SourceClass = ""


@dataclass(frozen=True)
class Names:
    """Sources and programmes by their folded spelling."""

    sources: Mapping[str, Name] = field(default_factory=dict)
    programmes: Mapping[str, Name] = field(default_factory=dict)


def fold(spelling: str) -> str:
    """`Umbau-21` and `umbau 21` are the same name."""
    return " ".join(spelling.replace("-", " ").replace("–", " ").split()).casefold()


@cache
def names_of_city() -> Names:
    """The names of this installation's city, read once."""
    return read_names(current().folder / "strategy" / "funding.toml")


def read_names(path: Path) -> Names:
    """Read a `funding.toml`; an absent file has no names.

    Raises:
        ConfigurationError: with one sentence naming the file and the entry that is wrong.
    """
    if not path.is_file():
        return Names()
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name} ist nicht lesbar: {error}") from None
    return Names(*(_table(path, read.get(kind, {}), kind) for kind in ("sources", "programmes")))


def _table(path: Path, given: object, kind: str) -> Mapping[str, Name]:
    if not isinstance(given, dict):
        raise ConfigurationError(f"{path.name}: {kind} muss eine Tabelle sein.")
    found: dict[str, Name] = {}
    for name, entry in given.items():
        if not isinstance(entry, dict) or entry.get("class", "") not in CLASSES:
            raise ConfigurationError(f"{path.name}: „{name}“ braucht class aus {', '.join(sorted(CLASSES))}.")
        for spelling in (name, *entry.get("spellings", ())):
            if found.setdefault(fold(spelling), Name(name, entry.get("class", ""))).name != name:
                raise ConfigurationError(f"{path.name}: „{spelling}“ steht unter zwei Namen.")
    return found
