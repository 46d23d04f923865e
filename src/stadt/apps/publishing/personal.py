"""Columns that seem to tell about persons, by their headings and by the values of the first rows: a question, no verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext

from stadt.hub.intake import ReadColumn, Reading

HEADINGS = {
    "name": re.compile(
        r"\b(vor|nach|familien|geburts|zu)name[n]?\b|^name,? vorname|ansprechpartner|eigent(ü|ue)mer|antragsteller"
    ),
    "birth": re.compile(r"geburts(datum|tag)|\bgeb\.?(datum)?\b|birth"),
    "email": re.compile(r"e-?mail|mailadresse"),
    "phone": re.compile(r"telefon|\btel\b|handy|mobil(nummer|funk)|\bfax\b|phone"),
    "address": re.compile(r"wohn(ort|adresse|anschrift)|privatanschrift|^anschrift$|hausnummer"),
    "number": re.compile(
        r"\biban\b|steuer-?(id|nummer)|personal(ausweis)?nummer|versicherungsnummer|kennzeichen"
    ),
}
VALUES = {
    "email": re.compile(r"^[^@\s]{1,64}@[^@\s]+\.[a-z]{2,}$", re.IGNORECASE),
    "phone": re.compile(r"^(\+49[\d\s/().-]{6,20}|\(?0\d{2,5}\)?[\s/-]+\d[\d\s-]{3,14})$"),
    "number": re.compile(r"^DE\d{2}( ?\d{4}){4} ?\d{2}$"),
}
FEWEST = 3
"""So many of the first rows must look like it."""


def find_personal(reading: Reading) -> dict[str, str]:
    """Name of the column → why it may tell about persons, as a sentence."""
    found: dict[str, str] = {}
    kept = [column for column in reading.columns if column.keep]
    for column in kept:
        kind = _by_heading(column) or _by_values(
            row.cells[column.at] for row in reading.sample if column.at < len(row.cells)
        )
        if kind:
            found[column.name] = sentence(kind)
    return found


def sentence(kind: str) -> str:
    """What the column seems to hold."""
    return {
        "name": gettext("Die Spalte scheint Namen von Menschen zu enthalten."),
        "birth": gettext("Die Spalte scheint Geburtsdaten zu enthalten."),
        "email": gettext("Die Spalte scheint E-Mail-Adressen zu enthalten."),
        "phone": gettext("Die Spalte scheint Telefonnummern zu enthalten."),
        "address": gettext("Die Spalte scheint Anschriften zu enthalten. Sind es Wohnungen von Menschen?"),
        "number": gettext("Die Spalte scheint Nummern zu enthalten, die zu einzelnen Menschen gehören."),
    }[kind]


def _by_heading(column: ReadColumn) -> str:
    heading = f"{column.source} {column.title}".casefold()
    return next((kind for kind, pattern in HEADINGS.items() if pattern.search(heading)), "")


def _by_values(cells: Iterable[str]) -> str:
    filled = [cell.strip() for cell in cells if cell.strip()]
    for kind, pattern in VALUES.items():
        if sum(bool(pattern.match(cell)) for cell in filled) >= min(FEWEST, len(filled) or 1):
            return kind
    return ""
