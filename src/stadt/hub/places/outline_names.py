"""Finds name and official code in the properties of an outline, as offices write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

NAME_PROPERTIES = (
    "name",
    "gen",
    "bezeichnung",
    "stadtteil",
    "stadtbezirk",
    "stadtteil_name",
    "bezirk",
    "ortsteil",
    "gemeinde",
    "title",
)
"""`GEN` is the name in VG250 of the Federal Agency for Cartography and Geodesy; the others are usual in city files."""

CODE_PROPERTIES = (
    "code",
    "ags",
    "schluessel",
    "schlüssel",
    "stadtteil_nr",
    "stadtbezirk_nr",
    "nummer",
    "nr",
    "kennziffer",
)
MUNICIPALITY_PROPERTY = "ags"
"""Amtlicher Gemeindeschlüssel: eight digits, in VG250 and everywhere in German statistics."""

VALID_FROM_PROPERTIES = ("valid_from", "wsk", "gueltig_ab")
"""`WSK` is the day a VG250 outline became law, written 2002/11/01."""


@dataclass(frozen=True, slots=True)
class OutlineName:
    """What the properties say about an outline; empty strings and None where they say nothing."""

    name: str
    code: str
    municipality: str
    kind: str
    key: str
    parent: str
    simplified: bool
    valid_from: date | None


def read_name(properties: Mapping[str, Any], name_property: str | None = None) -> OutlineName:
    """Read the properties of one feature, upper or lower case; `name_property` names the one that holds the name."""
    lower = {str(key).strip().lower(): value for key, value in properties.items()}
    return OutlineName(
        name=_first(lower, (name_property.lower(),) if name_property else NAME_PROPERTIES),
        code=_first(lower, CODE_PROPERTIES),
        municipality=_first(lower, (MUNICIPALITY_PROPERTY,)),
        kind=_first(lower, ("kind",)),
        key=_first(lower, ("key",)),
        parent=_first(lower, ("parent",)),
        simplified=lower.get("simplified") is True,
        valid_from=_day(_first(lower, VALID_FROM_PROPERTIES)),
    )


def _first(properties: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = properties.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-")[:10])
    except ValueError:
        return None
