"""The tables of a strategy as data: one sheet for every kind of item, and one for every list inside an item.

A workbook has one sheet each, a CSV set one file each. Rows of a list stand in order and name the item they belong to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import msgspec

from stadt.apps.strategy.exchange import words
from stadt.apps.strategy.exchange.cells import (
    AMOUNT,
    CODE,
    DAY,
    FLAG,
    LONG,
    NUMBER,
    NUMBERS,
    TEXT,
    TEXTS,
    CellKind,
    choice,
    choices,
)
from stadt.apps.strategy.record.content import (
    ActionField,
    Annotation,
    Challenge,
    Dependency,
    FundingItem,
    Goal,
    Head,
    IndicatorLink,
    Item,
    Measure,
    Partner,
    Phase,
    Principle,
    PrintedIndicator,
    Theme,
    Vision,
)

MOST_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the path of the field in the struct, and the heading a person reads."""

    path: str
    heading: str
    kind: CellKind = TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. `name` is its file in a CSV set, `title` its tab in a workbook. `list_path` is the list of an item it holds."""

    name: str
    title: str
    struct: type[msgspec.Struct]
    columns: tuple[Column, ...]
    list_path: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)


_CODE: Final = Column("code", "Code", CODE)
_OF: Final = Column("", "Code der Maßnahme", CODE)
_TITLE: Final = Column("title", "Titel", LONG)
_TEXT: Final = Column("text", "Text", LONG)
_SECTION: Final = Column("section", "Abschnitt")
_SUMMARY: Final = Column("is_summary", "in eigenen Worten", FLAG)

ITEMS: Final[tuple[Sheet, ...]] = (
    Sheet(
        "strategie",
        "Strategie",
        Head,
        (_CODE, _TITLE, Column("as_of", "Stand"), Column("note", "Hinweis", LONG)),
    ),
    Sheet("visionen", "Visionen", Vision, (_CODE, _TITLE, _TEXT, _SECTION, _SUMMARY)),
    Sheet("ziele", "Ziele", Goal, (_CODE, _TITLE, _TEXT, _SECTION, _SUMMARY)),
    Sheet(
        "grundsaetze",
        "Grundsätze",
        Principle,
        (_CODE, _TITLE, _TEXT, Column("checks", "Prüffragen", TEXTS), _SECTION, _SUMMARY),
    ),
    Sheet(
        "herausforderungen",
        "Herausforderungen",
        Challenge,
        (_CODE, _TITLE, _TEXT, _SECTION, _SUMMARY),
    ),
    Sheet(
        "leitthemen",
        "Leitthemen",
        Theme,
        (_CODE, _TITLE, _TEXT, _SECTION, Column("slug", "Adresse"), _SUMMARY),
    ),
    Sheet(
        "handlungsfelder",
        "Handlungsfelder",
        ActionField,
        (
            _CODE,
            _TITLE,
            Column("theme", "Leitthema", CODE),
            _TEXT,
            _SECTION,
            Column("slug", "Adresse"),
            _SUMMARY,
        ),
    ),
    Sheet(
        "massnahmen",
        "Maßnahmen",
        Measure,
        (
            _CODE,
            _TITLE,
            Column("field", "Handlungsfeld", CODE),
            Column("summary", "Kurzbeschreibung", LONG),
            Column("period.text", "Laufzeit"),
            Column("period.start", "Beginn", DAY),
            Column("period.end", "Ende", DAY),
            Column("period.precision", "Genauigkeit", choice(words.PRECISIONS)),
            Column("period.open_start", "Beginn offen", FLAG),
            Column("period.open_end", "Ende offen", FLAG),
            Column("period.is_ongoing", "laufend", FLAG),
            Column("period.is_undated", "ohne Datum", FLAG),
            Column("period.depends_on", "wartet auf"),
            Column("period.edtf", "EDTF"),
            Column("period.is_understood", "Laufzeit verstanden", FLAG),
            Column("funding.text", "Finanzierung"),
            Column("funding.is_understood", "Finanzierung verstanden", FLAG),
            Column("sdgs", "SDGs", NUMBERS),
            Column("main_sdg", "wichtigstes SDG", NUMBER),
            Column("spatial.text", "Raumbezug"),
            Column("spatial.types", "Art des Raums", choices(words.SPACES)),
            Column("spatial.level", "Ebene", choice(words.LEVELS)),
            Column("spatial.areas", "Gebiete", TEXTS),
            Column("spatial.user_group", "Nutzergruppe"),
            Column("challenges", "Herausforderungen", TEXTS),
            Column("owner", "verantwortlich"),
            Column("tags", "Kennzeichen", choices(words.TAGS)),
            Column("state", "Stand", choice(words.STATES)),
            Column("state_note", "Hinweis zum Stand"),
            Column("software", "Software"),
            Column("evaluate_on", "Auswertung am", DAY),
        ),
    ),
    Sheet(
        "kennzahlen",
        "Kennzahlen",
        PrintedIndicator,
        (
            _CODE,
            Column("name", "Name", LONG),
            Column("field", "Handlungsfeld", CODE),
            Column("unit", "Einheit"),
            Column("direction", "Richtung"),
            Column("kind", "Art"),
            Column("formula", "Formel", LONG),
            Column("standard", "Standard"),
            Column("source", "Quelle"),
            Column("is_active", "aktiv", FLAG),
            Column("repeats", "wiederholt", CODE),
            Column("priority", "vorrangig", FLAG),
            Column("is_context", "Kontext", FLAG),
            Column("interval", "Abstand"),
            Column("expected_delay_days", "Verzug in Tagen", NUMBER),
            Column("owner", "verantwortlich"),
            Column("chain", "Wirkungsstufe", choice(words.CHAIN)),
        ),
    ),
    Sheet(
        "anmerkungen",
        "Anmerkungen",
        Annotation,
        (_CODE, Column("about", "zu", CODE), _TEXT, Column("source", "Quelle")),
    ),
)
LISTS: Final[tuple[Sheet, ...]] = (
    Sheet(
        "phasen",
        "Phasen",
        Phase,
        (
            _OF,
            _TITLE,
            Column("start", "Beginn", DAY),
            Column("end", "Ende", DAY),
            Column("precision", "Genauigkeit", choice(words.PRECISIONS)),
            Column("text", "Laufzeit"),
        ),
        "period.phases",
    ),
    Sheet(
        "mittel",
        "Mittel",
        FundingItem,
        (
            _OF,
            Column("source", "Quelle"),
            Column("source_class", "Art der Quelle", choice(words.CLASSES)),
            Column("programme", "Programm"),
            Column("phase", "Phase"),
            Column("state", "Stand der Mittel", choice(words.MONEY)),
            Column("amount", "Betrag in Euro", AMOUNT),
        ),
        "funding.items",
    ),
    Sheet(
        "abhaengigkeiten",
        "Abhängigkeiten",
        Dependency,
        (
            _OF,
            Column("kind", "Art", choice(words.DEPENDENCIES)),
            Column("code", "andere Maßnahme", CODE),
            Column("stated", "steht im Dokument", FLAG),
            Column("reference", "Fundstelle"),
        ),
        "dependencies",
    ),
    Sheet(
        "wirkungen",
        "Wirkungen",
        IndicatorLink,
        (
            _OF,
            Column("code", "Kennzahl", CODE),
            Column("role", "Rolle", choice(words.ROLES)),
            Column("effect", "Wirkung", choice(words.EFFECTS)),
        ),
        "indicators",
    ),
    Sheet(
        "partner",
        "Partner",
        Partner,
        (_OF, Column("organisation", "Organisation"), Column("role", "Rolle")),
        "partners",
    ),
)
ABOUT: Final = "austausch"
ABOUT_TITLE: Final = "Austausch"
ABOUT_HEADINGS: Final = ("Angabe", "Wert")
ALL: Final = (*ITEMS, *LISTS)
BY_NAME: Final[Mapping[str, Sheet]] = MappingProxyType({sheet.name: sheet for sheet in ALL})
OF_STRUCT: Final[Mapping[type[msgspec.Struct], Sheet]] = MappingProxyType(
    {sheet.struct: sheet for sheet in ALL}
)


def value_at(part: Any, path: str) -> Any:
    """The value of a field by its path, such as `period.start`."""
    for name in path.split("."):
        part = getattr(part, name)
    return part


def item_sheet(item: Item) -> Sheet:
    """The sheet that an item's row stands in."""
    return OF_STRUCT[type(item)]
