"""Answers as people read them, in the words and the language of the form."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext

from stadt.civic.forms.definition import FILE_KINDS, FieldDefinition, Kind
from stadt.hub.places.queries import find_area


def part_titles() -> dict[str, str]:
    """The labels of the parts of groups."""
    return {
        "day": pgettext("Datum", "Tag"),
        "month": pgettext("Datum", "Monat"),
        "year": pgettext("Datum", "Jahr"),
        "street": gettext("Straße"),
        "house_number": gettext("Hausnummer"),
        "addition": gettext("Zusatz, zum Beispiel „bei Familie Beispiel“"),
        "postal_code": gettext("Postleitzahl"),
        "town": gettext("Stadt oder Gemeinde"),
        "given_name": gettext("Vorname"),
        "family_name": gettext("Nachname"),
        "name": gettext("Name der Organisation"),
        "contact": gettext("Ansprechperson"),
        "register_number": gettext("Registernummer"),
        "email": gettext("E-Mail-Adresse"),
        "phone": gettext("Telefonnummer"),
        "address": gettext("Adresse oder Ort"),
        "lon": gettext("Länge (Grad)"),
        "lat": gettext("Breite (Grad)"),
        "geometry": gettext("Fläche als Koordinaten oder GeoJSON"),
        "areas": gettext("Stadtbezirke und Stadtteile"),
    }


def answer_lines(
    item: FieldDefinition, answer: Any, language: str = "de", files: Mapping[int, str] | None = None
) -> list[str]:
    """An answer as lines of text; none when nothing was answered. `files` gives names of files by id."""
    if answer is None:
        return []
    if item.kind in {Kind.CHOICE, Kind.CHOICES}:
        chosen = answer if isinstance(answer, list) else [answer]
        return [_title(item, value, language) for value in chosen]
    if item.kind in {Kind.YES_NO, Kind.CONSENT}:
        return [gettext("Ja") if answer else gettext("Nein")]
    if item.kind is Kind.DATE:
        return [".".join(reversed(str(answer).split("-")))]
    if item.kind in {Kind.NUMBER, Kind.AMOUNT}:
        return [number_text(item, answer, language, with_unit=True)]
    if item.kind in FILE_KINDS:
        return [
            (files or {}).get(number) or gettext("Datei %(number)s") % {"number": number} for number in answer
        ]
    if item.kind is Kind.PLACE:
        return [line for line in (answer.get("address"), point_text(answer["lon"], answer["lat"])) if line]
    if item.kind is Kind.AREA:
        return _area_lines(answer)
    if item.all_parts:
        return _group_lines(item, answer)
    return str(answer).split("\n")


def number_text(
    item: FieldDefinition, answer: float, language: str = "de", *, with_unit: bool = False
) -> str:
    """A number as it is typed in this language: decimal comma in German."""
    decimals = 2 if item.kind is Kind.AMOUNT else item.decimals
    text = f"{answer:.{decimals}f}" if item.kind is Kind.AMOUNT else str(answer if decimals else int(answer))
    text = text.removesuffix(".0")
    unit = "€" if item.kind is Kind.AMOUNT else item.unit
    shown = text if language.startswith("en") else text.replace(".", ",")
    return f"{shown} {unit}".strip() if with_unit else shown


def point_text(lon: float, lat: float) -> str:
    """A point as maps print it, latitude first."""
    return f"{lat:.6f}, {lon:.6f}"


def geometry_text(geometry: Mapping[str, Any] | None) -> str:
    """GeoJSON in one line."""
    return json.dumps(geometry, separators=(",", ":")) if geometry else ""


def positions(geometry: Mapping[str, Any] | None) -> list[str]:
    """All points of a geometry in their order, as `point_text` says them; the corner that closes a ring is told once."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, list | tuple) and node and isinstance(node[0], int | float):
            found.append(point_text(node[0], node[1]))
        elif isinstance(node, list | tuple):
            is_ring = len(node) > 2 and node[0] == node[-1]
            for part in node[:-1] if is_ring else node:
                walk(part)

    walk((geometry or {}).get("coordinates", []))
    return found


def _title(item: FieldDefinition, value: str, language: str) -> str:
    choice = item.choice(value)
    return choice.words(language).title if choice else value


def _area_lines(answer: Mapping[str, Any]) -> list[str]:
    areas = [area.name for key in answer.get("areas", []) if (area := find_area(key))]
    drawn = positions(answer.get("geometry"))
    if drawn:
        areas.append(gettext("Eingezeichnet: %(count)s Punkte") % {"count": len(drawn)})
    return areas


def _group_lines(item: FieldDefinition, answer: Mapping[str, str]) -> list[str]:
    if item.kind is Kind.ADDRESS:
        rows = [("addition",), ("street", "house_number"), ("postal_code", "town")]
    elif item.kind is Kind.PERSON:
        rows = [("given_name", "family_name"), ("email",), ("phone",)]
    else:
        rows = [("name",), ("contact",), ("register_number",), ("email",), ("phone",)]
    lines = (" ".join(answer[part] for part in row if answer.get(part)) for row in rows)
    return [line for line in lines if line]
