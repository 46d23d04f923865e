"""Values to offer for what is missing, told from title, rows and the city's folder; nobody has to take them."""

import re
from collections.abc import Callable
from datetime import date

from stadt.core.city import current
from stadt.hub.datasets.declaration import ColumnType, Licence, Theme
from stadt.hub.opendata.records import Record

Value = str | tuple[str, ...] | None

MOST_KEYWORDS = 5
_WORD = re.compile(r"[A-ZÄÖÜ][\w-]{3,}")
_PLAIN = "Anzahl Liste Daten Datensatz Stand Jahr Jahre Monat Übersicht Gesamt Stadt Zeit Name Nummer Wert"
_WEAK = frozenset(_PLAIN.split())
# Beginnings of words that a theme's titles are full of; the first that fits decides.
_STEMS = (
    (Theme.TRAN, ("verkehr", "rad", "fahr", "bus", "bahn", "parken", "park+", "straße", "ampel", "lade")),
    (
        Theme.ENVI,
        ("umwelt", "abfall", "baum", "bäume", "luft", "wasser", "grün", "klima", "lärm", "wetter", "pegel"),
    ),
    (Theme.EDUC, ("schul", "kita", "bildung", "sport", "museum", "bücher", "kultur", "theater", "spielpl")),
    (Theme.HEAL, ("gesund", "arzt", "ärzt", "krank", "apothek", "pflege", "impf")),
    (Theme.ENER, ("energie", "strom", "gas", "solar", "photovoltaik", "wärme")),
    (Theme.JUST, ("polizei", "feuerwehr", "unfall", "sicherheit", "gericht", "rettung")),
    (Theme.ECON, ("haushalt", "wirtschaft", "gewerbe", "steuer", "arbeit", "markt", "tourismus")),
    (Theme.SOCI, ("einwohner", "bevölker", "sozial", "geburt", "haushalte", "alter", "wohn")),
    (Theme.REGI, ("bebauung", "flurstück", "grenze", "stadtteil", "quartier", "adress", "boden")),
    (Theme.GOVE, ("wahl", "rat", "verwaltung", "bürger", "amt")),
)


def suggest(record: Record, field: str) -> Value:
    """A value for a field of the card; None where nothing can be told."""
    maker = MAKERS.get(field)
    return maker(record) if maker else None


def _keywords(record: Record) -> Value:
    """Nouns of the title, then of the description."""
    found = dict.fromkeys(_WORD.findall(record.title) + _WORD.findall(record.description))
    words = tuple(word for word in found if word not in _WEAK)
    return words[:MOST_KEYWORDS] or None


def _theme(record: Record) -> Value:
    words = re.findall(r"\w+", f"{record.title} {' '.join(record.keywords)}".casefold())
    for theme, stems in _STEMS:
        if any(stem in word if len(stem) > 3 else word.startswith(stem) for stem in stems for word in words):
            return theme.name
    return None


def _municipality(record: Record) -> Value:
    return current().ags or None


def _email(record: Record) -> Value:
    return current().contact.get("email") or None


def _organisation(record: Record) -> Value:
    return current().contact.get("organisation") or current().name


def _licence(record: Record) -> Value:
    """The licence the house publishes under where nobody decides otherwise."""
    return Licence.DL_DE_BY_2.name


def _end(name: str) -> Callable[[Record], Value]:
    """The first or last day in the rows, by the first column of days, times or years."""

    def told(record: Record) -> Value:
        if record.snapshot is None:
            return None
        profile = record.snapshot.profile.get("columns", {})
        for column in record.snapshot.columns:
            value = profile.get(column.name, {}).get(name)
            if value is None:
                continue
            if column.type in {ColumnType.DATE, ColumnType.TIME}:
                return str(value)[:10]
            if column.type is ColumnType.INTEGER and "jahr" in f"{column.name} {column.heading}".casefold():
                is_start = name == "minimum"
                if 1000 <= int(value) <= 2999:
                    return date(int(value), 1 if is_start else 12, 1 if is_start else 31).isoformat()
        return None

    return told


MAKERS: dict[str, Callable[[Record], Value]] = {
    "keywords": _keywords,
    "theme": _theme,
    "spatial": _municipality,
    "contact": _email,
    "publisher": _organisation,
    "licence": _licence,
    "temporal_start": _end("minimum"),
    "temporal_end": _end("maximum"),
}
