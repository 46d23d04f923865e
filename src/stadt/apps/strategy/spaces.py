"""Where measures act (Raumbezug): what is known, by area, level and type. Nothing is placed by guess."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stadt.apps.strategy.record.content import Measure
from stadt.hub.places import queries as places
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import Area

PARTS = re.compile(r"[,;]")


@dataclass(frozen=True, slots=True)
class NamedArea:
    """An area of the city that a measure names. `is_reading`: its name stands in the text exactly, nobody of the city set it."""

    area: Area
    is_reading: bool


def named_areas(measure: Measure) -> list[NamedArea]:
    """The areas a measure is set to, then those whose whole name is a part of its text."""
    set_by_city = [area for key in measure.spatial.areas if (area := places.find_area(key))]
    read = [area for area in _read(measure.spatial.text) if area not in set_by_city]
    return [*(NamedArea(area, False) for area in set_by_city), *(NamedArea(area, True) for area in read)]


@dataclass(frozen=True, slots=True)
class AreaMeasures:
    """The measures that name an area."""

    area: Area
    measures: list[tuple[Measure, bool]]


def by_area(measures: Iterable[Measure]) -> list[AreaMeasures]:
    """Areas with the measures that name them; of each whether that is this project's reading. The most named first."""
    found: dict[int, AreaMeasures] = {}
    for measure in measures:
        for named in named_areas(measure):
            entry = found.setdefault(named.area.id, AreaMeasures(named.area, []))
            entry.measures.append((measure, named.is_reading))
    return sorted(found.values(), key=lambda entry: (-len(entry.measures), entry.area.name))


def by_level(measures: Iterable[Measure]) -> dict[str, list[Measure]]:
    """Measures by the level the city has set; the empty level is not set."""
    found: dict[str, list[Measure]] = {}
    for measure in measures:
        found.setdefault(measure.spatial.level, []).append(measure)
    return found


def by_type(measures: Iterable[Measure]) -> dict[str, list[Measure]]:
    """Measures by type; one with several stands under each, one without under the empty type."""
    found: dict[str, list[Measure]] = {}
    for measure in measures:
        for name in measure.spatial.types or ("",):
            found.setdefault(name, []).append(measure)
    return found


def _read(text: str) -> list[Area]:
    """Districts and quarters whose name is exactly one of the text's parts; a park or museum that only bears it is none.

    The city itself is not read: a text that lists it beside others does not say that it is meant as a whole.
    """
    parts = {part.strip().casefold() for part in PARTS.split(text)}
    known = [area for kind in (PlaceKind.DISTRICT, PlaceKind.QUARTER) for area in places.list_areas(kind)]
    return [area for area in known if area.name.casefold() in parts]
