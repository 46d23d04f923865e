"""Tables with recognised headings, GeoJSON and JSON lines, as rows of texts with two coordinates."""

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid
from stadt.hub.places.models import SpotKind
from stadt.hub.places.spot_words import fold_words

Given = tuple[int, float, float, dict[str, str], SpotKind | None]

# Headings as `fold_words` spells them → what they hold. `x`/`y` may be degrees or metres.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "street": ("str", "strassenname", "strname", "stn", "street", "addr street", "strassen name"),
    "number": ("hausnummer", "hausnr", "haus nr", "hnr", "hsnr", "nr", "housenumber", "house number", "addr housenumber"),
    "suffix": ("zusatz", "hausnummerzusatz", "hausnummernzusatz", "adz", "hausnrzusatz", "hnrzusatz"),
    "postcode": ("plz", "postleitzahl", "postcode", "zip", "addr postcode"),
    "town": ("ort", "ortsname", "onm", "gemeinde", "stadt", "city", "town", "addr city"),
    "name": ("name", "bezeichnung", "haltestelle", "title", "titel"),
    "kind": ("art", "kind", "type", "typ"),
    "id": ("id", "oid", "oi", "objectid", "kennung", "external id", "nummer"),
    "x": ("lon", "lng", "long", "longitude", "laengengrad", "ostwert", "rechtswert", "easting", "east", "utm ost", "x"),
    "y": ("lat", "latitude", "breitengrad", "nordwert", "hochwert", "northing", "north", "utm nord", "y"),
}  # fmt: skip
KINDS: Mapping[str, SpotKind] = {
    **{str(kind): kind for kind in SpotKind},
    "adresse": SpotKind.ADDRESS,
    "str": SpotKind.STREET,
    "haltestelle": SpotKind.STOP,
    "station": SpotKind.STOP,
    "standort": SpotKind.SITE,
}


def refused(line: int, reason: str) -> Invalid:
    """The refusal of one line."""
    message = gettext("Zeile %(line)s: %(reason)s") % {"line": line, "reason": reason}
    return Invalid(message, fields=(FieldError(f"rows[{line}]", reason),))


def looks_like_json(first_line: str) -> bool:
    """Whether a file begins like a JSON document or JSON lines."""
    return first_line.lstrip().startswith("{")


def from_table(text: str, name: str) -> Iterator[Given]:
    """Rows of a CSV file; its separator is the one the heading has most of."""
    heading = text.partition("\n")[0]
    delimiter = max(";,\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(reader, []), name)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            values = {key: cells[at] for key, at in columns.items() if at < len(cells)}
            yield _given(reader.line_num, values)
    except csv.Error:
        message = gettext("%(name)s ist ab Zeile %(line)s keine lesbare Tabelle.")
        raise Invalid(message % {"name": name, "line": reader.line_num}) from None


def from_json(text: str, name: str) -> Iterator[Given]:
    """Points of a GeoJSON document, or of JSON lines that are features or objects with a location."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        features = document.get("features")
        for number, item in enumerate(features if isinstance(features, list) else [], start=1):
            yield _from_object(number, item)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError):
            raise refused(number, gettext("ist kein JSON")) from None
        yield _from_object(number, item)


def _columns(heading: list[str], name: str) -> dict[str, int]:
    folded = [fold_words(cell.replace("_", " ").replace(":", " ")) for cell in heading]
    columns = {
        key: next(folded.index(wanted) for wanted in names if wanted in folded)
        for key, names in HEADINGS.items()
        if set(names) & set(folded)
    }
    if not {"x", "y"} <= set(columns) or not {"street", "name"} & set(columns):
        message = gettext(
            "%(name)s braucht in der ersten Zeile Überschriften: Straße oder Name, und Ostwert und Nordwert oder "
            "Längengrad und Breitengrad."
        ) % {"name": name}
        raise Invalid(message, fields=(FieldError("rows[1]", message),))
    return columns


def _from_object(number: int, item: Any) -> Given:
    if not isinstance(item, dict):
        raise refused(number, gettext("ist kein Objekt"))
    if item.get("type") == "Feature":
        geometry = item.get("geometry")
        properties = item.get("properties")
        position = geometry.get("coordinates") if isinstance(geometry, dict) else None
        if (
            not isinstance(geometry, dict)
            or geometry.get("type") != "Point"
            or not isinstance(position, list)
        ):
            raise refused(number, gettext("ist kein Punkt"))
        told = {**(properties if isinstance(properties, dict) else {})}
        told.setdefault("id", item.get("id", ""))
        x, y = (*position, None, None)[:2]
    else:
        location = item.get("location")
        told = {**(location if isinstance(location, dict) else {}), **item}
        x, y = None, None
    values: dict[str, str] = {}
    for key, names in HEADINGS.items():
        for spelled, value in told.items():
            if fold_words(str(spelled).replace("_", " ").replace(":", " ")) in names and isinstance(
                value, (str, int, float)
            ):
                values.setdefault(key, str(value))
    if x is not None and y is not None:
        values |= {"x": str(x), "y": str(y)}
    return _given(number, values)


def _given(line: int, values: Mapping[str, str]) -> Given:
    try:
        x, y = (float(values[key].strip().replace(",", ".")) for key in ("x", "y"))
    except (KeyError, ValueError):
        raise refused(line, gettext("hat keine lesbaren Koordinaten")) from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise refused(line, gettext("hat keine lesbaren Koordinaten"))
    texts = {
        "street": values.get("street", ""),
        "house_number": f"{values.get('number', '')} {values.get('suffix', '')}".strip(),
        "postcode": values.get("postcode", ""),
        "town": values.get("town", ""),
        "name": values.get("name", ""),
        "external_id": values.get("id", ""),
    }
    return line, x, y, texts, KINDS.get(fold_words(values.get("kind", "")))
