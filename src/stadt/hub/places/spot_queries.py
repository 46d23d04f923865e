"""Reads of spots: by the words people write, and by nearness to a point."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from stadt.hub.places.models import PlaceKind, Spot, SpotKind
from stadt.hub.places.outline_index import Area, current_index
from stadt.hub.places.queries import area_names, find_areas_by_words, list_areas
from stadt.hub.places.spot_words import LONGEST_WORDS, fold_words, number_first

MOST_SPOTS = 50
LOOKED_AT = 200
MOST_WORDS = 8
METRES_PER_DEGREE = 111_320.0
EARTH_METRES = 6_371_008.8

COLUMNS = "kind, name, street, house_number, postcode, town, lon, lat, district_id, quarter_id, source, licence, is_simulated, folded, id"
BEGINNING = f"SELECT {COLUMNS} FROM places_spot WHERE folded LIKE %s ORDER BY folded LIMIT %s"  # noqa: S608 - constants
# 0.5: „Hauptsrasse“ still finds „Hauptstr“, while unrelated names of the same length stay away.
ALIKE = f"""SELECT {COLUMNS} FROM places_spot WHERE kind <> 'address' AND %s <%% folded
ORDER BY word_similarity(%s, folded) DESC, folded LIMIT %s"""  # noqa: S608 - constants
NEAR = f"""SELECT {COLUMNS}, (lon - %s) ^ 2 * %s + (lat - %s) ^ 2 AS far FROM places_spot
WHERE lat BETWEEN %s AND %s AND lon BETWEEN %s AND %s {{kinds}} ORDER BY far, kind = 'street', id LIMIT 1"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class FoundSpot:
    """A place that was found. `kind` is one of `SpotKind`, `district` or `quarter`; the area names may be empty.

    `metres` is the distance to the point asked for, None for a search by words.
    """

    kind: str
    name: str
    street: str
    house_number: str
    postcode: str
    town: str
    lon: float
    lat: float
    district_id: int | None
    district: str
    quarter_id: int | None
    quarter: str
    source: str
    licence: str
    is_simulated: bool = False
    metres: float | None = None

    @property
    def asset(self) -> str:
        """What a report calls the thing that stands here; empty for addresses, streets and areas, which are no things."""
        return self.name if self.kind in {SpotKind.SITE, SpotKind.STOP} else ""

    @property
    def line(self) -> str:
        """The one line by which people tell it from others: name, postcode and quarter."""
        where = " ".join(part for part in (self.postcode, self.quarter or self.district) if part)
        return f"{self.name}, {where}" if where and where != self.name else self.name


def find_spots(words: str, limit: int = 10) -> list[FoundSpot]:
    """Places for what somebody wrote, the best first: streets, addresses, stops, sites, quarters and districts.

    Case, umlauts, ß, „Str.“ and punctuation make no difference; words may be cut short and stand in any order, and a
    misspelled street is found when nothing else is. Empty for words that hold no letter or digit.
    """
    folded = fold_words(words[:LONGEST_WORDS].replace("\x00", " "))
    limit = max(1, min(limit, MOST_SPOTS))
    tokens = folded.split()[:MOST_WORDS]
    if not tokens:
        return []
    rows = _rows(BEGINNING, [f"{folded}%", limit * 2])
    # Whoever wrote several words that a name begins with has found it; a single word may stand anywhere in a name.
    if (not rows or len(tokens) == 1) and len(rows) < limit and len(folded) > 2:
        rows += _containing(tokens)
    if not rows and len(folded) >= 4:
        rows = _misspelled(tokens, limit)
    once = {row[-1]: row for row in rows}
    ordered = sorted(once.values(), key=lambda row: _rank(tokens, folded, row))
    spots = _found(ordered[:limit])
    areas = _of_areas(find_areas_by_words(words[:LONGEST_WORDS], limit))
    return (areas + spots)[:limit] if areas and len(tokens) == 1 else (spots + areas)[:limit]


def has_addresses() -> bool:
    """Whether somebody imported addresses or streets."""
    return Spot.objects.filter(kind__in=[SpotKind.ADDRESS, SpotKind.STREET]).exists()


def area_spots(kind: PlaceKind = PlaceKind.QUARTER) -> list[FoundSpot]:
    """The areas of a kind as places to choose from, in German order; their point is surely inside."""
    return _of_areas(list_areas(kind))


def nearest_spot(
    lon: float, lat: float, within_metres: float = 100.0, kinds: Iterable[SpotKind] = ()
) -> FoundSpot | None:
    """The spot nearest to a point (WGS 84 degrees), None when there is none so near; of a kind, where kinds are named.

    A house number stands before the street whose point it is.
    """
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lat) < 89 and abs(lon) <= 180):
        return None
    narrow = math.cos(math.radians(lat))
    high = within_metres / METRES_PER_DEGREE
    wide = high / narrow
    wanted = [str(kind) for kind in kinds]
    statement = NEAR.format(kinds="AND kind = ANY(%s)" if wanted else "")
    values: list[Any] = [lon, narrow**2, lat, lat - high, lat + high, lon - wide, lon + wide]
    rows = _rows(statement, [*values, *([wanted] if wanted else [])])
    if not rows:
        return None
    found = _found([rows[0][:-1]])[0]
    metres = distance(lon, lat, found.lon, found.lat)
    return replace(found, metres=round(metres, 1)) if metres <= within_metres else None


def distance(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two points on the sphere (haversine)."""
    phi, other = math.radians(lat), math.radians(other_lat)
    half = (
        math.sin((other - phi) / 2) ** 2
        + math.cos(phi) * math.cos(other) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))


def _containing(tokens: Sequence[str]) -> list[tuple[Any, ...]]:
    """Rows in which every word begins a word. Numbers and words of two signs are in too many rows: they only sift the rest.

    Without any other word only a post code is looked for.
    """
    rare = [token for token in tokens if len(token) > 2 and not token[0].isdigit()]
    common = [token for token in tokens if token not in rare]
    if not rare and not all(token.isdigit() for token in tokens):
        rare, common = [max(tokens, key=len)], []
    tests = ["' ' || folded LIKE %s"] * len(rare) + ["strpos(' ' || folded, %s) > 0"] * len(common)
    values = [*(f"% {token}%" for token in rare), *(f" {token}" for token in common)]
    if not rare:
        tests, values = ["postcode = %s"], [tokens[0]]
    statement = f"SELECT {COLUMNS} FROM places_spot WHERE {' AND '.join(tests)} LIMIT %s"  # noqa: S608 - constants
    return _rows(statement, [*values, LOOKED_AT])


def _misspelled(tokens: Sequence[str], limit: int) -> list[tuple[Any, ...]]:
    """Names that look alike; with a number behind, the addresses of the best street that begin with it."""
    name = " ".join(token for token in tokens if not token[0].isdigit())
    numbers = [token for token in tokens if token[0].isdigit()]
    if len(name) < 4:
        return []
    alike = _rows(ALIKE, [name, name, limit])
    street = next((row for row in alike if row[0] == SpotKind.STREET), None)
    if street and numbers:
        addresses = _rows(BEGINNING, [f"{fold_words(street[1])} {numbers[0]}%", limit])
        return addresses or alike
    return alike


def _rank(tokens: Sequence[str], folded: str, row: tuple[Any, ...]) -> tuple[Any, ...]:
    words = row[13].split()
    whole = sum(token in words for token in tokens)
    return (not row[13].startswith(folded), -whole, row[0] == SpotKind.ADDRESS, *number_first(row[13]))


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _found(rows: Sequence[Any]) -> list[FoundSpot]:
    names = area_names([number for row in rows for number in row[8:10] if number])
    return [
        FoundSpot(*(*row[:9], names.get(row[8], ""), row[9], names.get(row[9], ""), *row[10:13]))
        for row in rows
    ]


def _of_areas(areas: Sequence[Area]) -> list[FoundSpot]:
    known = current_index().areas if areas else {}
    return [_of_area(area, known.get(area.parent_id or 0)) for area in areas]


def _of_area(area: Area, above: Area | None) -> FoundSpot:
    is_quarter = area.kind == PlaceKind.QUARTER
    district = area if area.kind == PlaceKind.DISTRICT else above if is_quarter else None
    return FoundSpot(
        kind=str(area.kind),
        name=area.name,
        street="",
        house_number="",
        postcode="",
        town="",
        lon=area.point[0],
        lat=area.point[1],
        district_id=district.id if district else None,
        district=district.name if district else "",
        quarter_id=area.id if is_quarter else None,
        quarter=area.name if is_quarter else "",
        source=area.source,
        licence=area.licence,
    )
