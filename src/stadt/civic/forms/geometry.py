"""Places and drawn areas as answers: points and GeoJSON inside the city, from a map, a search or typed coordinates."""

import json
import math
from collections.abc import Mapping
from typing import Any

import shapely
from django.utils.translation import gettext
from shapely.geometry import mapping, shape

from stadt.civic.forms.definition import FieldDefinition
from stadt.civic.forms.values import UnfitAnswerError, number_of, text_of
from stadt.core.city import current
from stadt.hub.places.queries import find_area

NEAR_DEGREES = 0.02
MOST_POSITIONS = 2000
MOST_AREAS = 40
LONGEST_GEOJSON = 200_000
TYPES = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
}


def read_place(field: FieldDefinition, sent: Any) -> dict[str, Any] | None:
    """`{"lon", "lat", "address"}`: WGS 84 degrees near the city; `address` may be empty."""
    if not isinstance(sent, Mapping):
        raise UnfitAnswerError(gettext("ist falsch aufgebaut"))
    found: dict[str, Any] = {"address": text_of(sent.get("address") or "", "address")}
    if chosen := sent.get("found"):  # a search result: `7.06,51.55,Ebertstraße 11`
        first, _, rest = text_of(chosen).partition(",")
        second, _, label = rest.partition(",")
        sent = {"lon": first, "lat": second}
        found = {"address": label.strip()}
    if sent.get("lon") in (None, "") and sent.get("lat") in (None, ""):
        if found["address"]:
            raise UnfitAnswerError(
                gettext("ist noch nicht auf der Karte gefunden: Bitte suchen und wählen Sie"), "address"
            )
        return None
    if len(found["address"]) > 300 or "\n" in found["address"]:
        raise UnfitAnswerError(gettext("hat mehr als %(most)s Zeichen") % {"most": 300}, "address")
    lon, lat = _degrees(sent.get("lon"), "lon"), _degrees(sent.get("lat"), "lat")
    _near_city(shapely.Point(lon, lat))
    return {**found, "lon": lon, "lat": lat}


def read_area(field: FieldDefinition, sent: Any) -> dict[str, Any] | None:
    """`{"geometry": GeoJSON or null, "areas": [keys]}`: drawn or pasted, or districts and quarters by key."""
    if not isinstance(sent, Mapping):
        raise UnfitAnswerError(gettext("ist falsch aufgebaut"))
    if "type" in sent:
        sent = {"geometry": dict(sent)}
    areas = _areas(sent.get("areas") or [])
    geometry = _geometry(sent.get("geometry"))
    accepts = field.accepts or ("polygon", "areas")
    if areas and "areas" not in accepts:
        raise UnfitAnswerError(gettext("nimmt keine Stadtteile"), "areas")
    if geometry and TYPES.get(geometry["type"]) not in accepts:
        raise UnfitAnswerError(gettext("nimmt keine Form dieser Art"), "geometry")
    return {"geometry": geometry, "areas": areas} if areas or geometry else None


def _areas(sent: Any) -> list[str]:
    if not isinstance(sent, list | tuple):
        sent = [sent]
    keys = [text_of(item, "areas") for item in sent[: MOST_AREAS + 1]]
    keys = sorted({key for key in keys if key})
    if len(keys) > MOST_AREAS or any(find_area(key) is None for key in keys):
        raise UnfitAnswerError(gettext("nennt ein Gebiet, das es nicht gibt"), "areas")
    return keys


def _geometry(sent: Any) -> dict[str, Any] | None:
    """GeoJSON of one geometry, six decimals; a text may also be lines of `lon, lat`, which close to an area."""
    if sent in (None, ""):
        return None
    unfit = UnfitAnswerError(gettext("ist kein GeoJSON und keine Liste von Koordinaten"), "geometry")
    if isinstance(sent, str):
        if len(sent) > LONGEST_GEOJSON:
            raise UnfitAnswerError(gettext("ist zu groß"), "geometry")
        sent = _pasted(sent, unfit)
    if isinstance(sent, Mapping) and sent.get("type") == "Feature":
        sent = sent.get("geometry")
    try:
        if not isinstance(sent, Mapping) or sent.get("type") not in TYPES:
            raise unfit
        found = shape({"type": sent["type"], "coordinates": sent["coordinates"]})
        if found.is_empty or not found.is_valid or found.has_z:
            raise unfit
        if shapely.get_num_coordinates(found) > MOST_POSITIONS:
            raise UnfitAnswerError(
                gettext("hat mehr als %(most)s Punkte") % {"most": MOST_POSITIONS}, "geometry"
            )
    except UnfitAnswerError:
        raise
    except (
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        AttributeError,
        OverflowError,
        RecursionError,
        shapely.errors.ShapelyError,
    ):
        raise unfit from None
    _near_city(found)
    rounded = shapely.transform(found, lambda points: points.round(6))
    data: dict[str, Any] = json.loads(json.dumps(mapping(rounded)))
    return data


def _pasted(text: str, unfit: UnfitAnswerError) -> Any:
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise unfit from None
    points = []
    for line in filter(str.strip, text.splitlines()):
        parts = line.replace(";", " ").replace(", ", " ").split()
        parts = line.strip().split(",") if len(parts) == 1 else parts
        if len(parts) != 2:
            raise unfit
        try:
            points.append([float(part.strip(",").replace(",", ".")) for part in parts])
        except ValueError:
            raise unfit from None
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    if len(points) == 2:
        return {"type": "LineString", "coordinates": points}
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def _degrees(sent: Any, part: str) -> float:
    if isinstance(sent, str):
        sent = sent.strip().replace(",", ".")
        try:
            number = float(sent)
        except ValueError:
            raise UnfitAnswerError(gettext("braucht Länge und Breite in Grad"), part) from None
    else:
        number = float(number_of(sent) or 0)
    if not math.isfinite(number) or abs(number) > 180:
        raise UnfitAnswerError(gettext("braucht Länge und Breite in Grad"), part)
    return round(number, 6)


def _near_city(found: Any) -> None:
    west, south, east, north = current().bbox
    near = shapely.box(west - NEAR_DEGREES, south - NEAR_DEGREES, east + NEAR_DEGREES, north + NEAR_DEGREES)
    if not near.covers(found):
        raise UnfitAnswerError(gettext("liegt nicht in %(city)s") % {"city": current().name})
