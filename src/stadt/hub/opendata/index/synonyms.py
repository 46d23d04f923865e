"""Words for the same thing: those of the house, and the city's own from `synonyms.toml` in its folder."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stadt.core.city import City, current
from stadt.hub.opendata.index.words import spellings

FILE = "synonyms.toml"
MOST_GROUPS = 1000


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """For each word or words as compared, the others of its groups as written."""
    found: dict[str, list[str]] = {}
    for group in (*_groups(_own()), *_groups(current().read_toml(FILE))):
        for word in group:
            for form in spellings(word):
                found.setdefault(form, []).extend(other for other in group if other != word)
    return {form: tuple(dict.fromkeys(others)) for form, others in found.items()}


def problems(city: City | None = None) -> Iterator[str]:
    """What is wrong with the city's file; asked when the city starts."""
    document = (city or current()).read_toml(FILE)
    for name in sorted(document.keys() - {"groups"}):
        yield f"{FILE}: Den Eintrag „{name}“ gibt es nicht; es gibt „groups“."
    groups = document.get("groups", [])
    if not isinstance(groups, list) or len(groups) > MOST_GROUPS:
        yield f"{FILE}: „groups“ muss eine Liste von höchstens {MOST_GROUPS} Gruppen sein."
        return
    for place, group in enumerate(groups, 1):
        is_list = isinstance(group, list) and all(
            isinstance(word, str) and spellings(word)[0] for word in group
        )
        if not is_list or len(group) < 2:
            yield f"{FILE}: Die Gruppe {place} muss eine Liste von mindestens zwei Wörtern sein."


def _own() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / FILE).read_text(encoding="utf-8"))


def _groups(document: Mapping[str, Any]) -> Iterator[list[str]]:
    yield from document.get("groups", ())
