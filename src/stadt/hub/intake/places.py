"""Places in a table: which columns are coordinates and of which system, and which name districts."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from stadt.hub.datasets.declaration import ColumnType
from stadt.hub.intake.reading import Position, ReadColumn, Role
from stadt.hub.intake.remarks import Remark, remark

# Ranges of Germany: degrees, UTM zone 32 (without and with the zone in front), Gauß-Krüger zones 2 and 3; in metres.
_EAST: Final = {
    "EPSG:4326": (5.5, 15.6), "EPSG:25832": (250_000.0, 950_000.0), "EPSG:4647": (32_250_000.0, 32_950_000.0),
    "EPSG:31466": (2_450_000.0, 2_650_000.0), "EPSG:31467": (3_350_000.0, 3_700_000.0),
}  # fmt: skip
_NORTH: Final = {"EPSG:4326": (47.0, 55.2)} | dict.fromkeys(
    ("EPSG:25832", "EPSG:4647", "EPSG:31466", "EPSG:31467"), (5_200_000.0, 6_150_000.0)
)
_EAST_HEADING = re.compile(
    r"(?<![a-z])(lon(gitude)?|lng|l(ä|ae)nge(ngrad)?|geo_?l(ä|ae)nge|x(_?(koord\w*|wert|coord\w*|utm\w*|25832|gk))?|utm_?(x|e|ost\w*|rechts\w*)|rechtswert|rw|ost(wert)?|east(ing)?|e)(?![a-z])",
    re.IGNORECASE,
)
_NORTH_HEADING = re.compile(
    r"(?<![a-z])(lat(itude)?|breite(ngrad)?|geo_?breite|y(_?(koord\w*|wert|coord\w*|utm\w*|25832|gk))?|utm_?(y|n|nord\w*|hoch\w*)|hochwert|hw|nord(wert)?|north(ing)?|n)(?![a-z])",
    re.IGNORECASE,
)
_DISTRICT_SHARE: Final = 0.6


def find_position(
    columns: Sequence[ReadColumn], ranges: Mapping[str, tuple[float, float]]
) -> tuple[Position | None, tuple[ReadColumn, ...], Remark | None]:
    """The two columns that give a place, those columns with their roles, and what to say about it.

    Args:
        columns: all columns.
        ranges: lowest and highest value of each column of numbers, by name.
    """
    if any(column.type is ColumnType.GEOMETRY and column.keep for column in columns):
        return None, tuple(columns), None
    numbers = [column for column in columns if column.name in ranges]
    for crs in _EAST:
        easts = [column for column in numbers if _within(ranges[column.name], _EAST[crs])]
        norths = [column for column in numbers if _within(ranges[column.name], _NORTH[crs])]
        named = [
            (east, north)
            for east in easts
            for north in norths
            if _EAST_HEADING.search(_spaced(east.source)) and _NORTH_HEADING.search(_spaced(north.source))
        ]
        if named:
            east, north = named[0]
            note = remark("position_found", east=east.source, north=north.source, crs=crs)
            return (
                Position(east=east.name, north=north.name, crs=crs),
                _with_roles(columns, east, north, crs),
                note,
            )
        fractions = [c for c in (*easts, *norths) if c.type is ColumnType.NUMBER]
        if (
            len(easts) == 1
            and len(norths) == 1
            and easts != norths
            and (len(fractions) == 2 or crs != "EPSG:4326")
        ):
            note = remark("position_possible", east=easts[0].source, north=norths[0].source, crs=crs)
            return None, tuple(columns), note
    return None, tuple(columns), None


def _spaced(heading: str) -> str:
    return re.sub(r"[_\-]+", " ", heading)


def _within(found: tuple[float, float], allowed: tuple[float, float]) -> bool:
    return allowed[0] <= found[0] and found[1] <= allowed[1]


def _with_roles(
    columns: Sequence[ReadColumn], east: ReadColumn, north: ReadColumn, crs: str
) -> tuple[ReadColumn, ...]:
    roles = (Role.LON, Role.LAT) if crs == "EPSG:4326" else (Role.EAST, Role.NORTH)
    unit = "deg" if crs == "EPSG:4326" else "m"
    given = {east.name: roles[0], north.name: roles[1]}
    return tuple(
        msgspec.structs.replace(column, role=given[column.name], unit=column.unit or unit)
        if column.name in given
        else column
        for column in columns
    )


def crs_of_ranges(east: tuple[float, float], north: tuple[float, float]) -> str:
    """The system in which all coordinates lie in Germany; empty where there is none."""
    return next((crs for crs in _EAST if _within(east, _EAST[crs]) and _within(north, _NORTH[crs])), "")


def plain_district(name: str) -> str:
    """A district's name for comparison: small letters, `Musterstadt-Nord` as `musterstadtnord`, without blanks and hyphens."""
    return re.sub(r"[\s\-–/.]+", "", name.lower().replace("st.", "sankt").replace("ß", "ss"))


def share_of_districts(counts: Mapping[str, int], districts: Sequence[str]) -> int:
    """How many of the values name a district of the city; 0 where they are too few to tell."""
    known = {plain_district(name) for name in districts}
    if not known:
        return 0
    fits = sum(
        1
        for text in counts
        if plain_district(text) in known or plain_district(text.split("-", 1)[-1]) in known
    )
    return fits if fits >= 2 and fits >= _DISTRICT_SHARE * len(counts) else 0
