"""What is doubtful about a file, told by code and values; the sentence is made where a person reads it."""

import msgspec
from django.utils.translation import gettext, ngettext


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for translation; Django's own needs settings, which the reading process has not."""
    return sentence


def ngettext_noop(singular: str, plural: str) -> tuple[str, str]:
    """The same for a sentence that counts."""
    return singular, plural


SENTENCES = {
    "encoding_alternative": gettext_noop(
        "Die Zeichenkodierung ist nicht sicher: gelesen als {encoding}; möglich ist auch {other}."
    ),
    "no_header": gettext_noop("Die Datei hat keine Überschriften; die Spalten wurden durchgezählt."),
    "header_joined": gettext_noop("{rows} Zeilen mit Überschriften wurden zusammengefügt."),
    "totals_differ": gettext_noop(
        "Zeile {row} nennt sich „{text}“, ihre Zahlen sind aber nicht die Summe der Zeilen darüber."
    ),
    "duplicate_heading": gettext_noop("Die Überschrift „{heading}“ kommt mehrmals vor; die Spalten wurden nummeriert."),
    "heading_missing": gettext_noop("Spalte {number} hat keine Überschrift."),
    "no_values": gettext_noop("Die Spalte hat keine Werte; sie gilt als Text, bis welche kommen."),
    "kind_number": gettext_noop("Zahlen"),
    "kind_date": gettext_noop("Datumsangaben"),
    "thousands_or_decimal": gettext_noop(
        "Nicht sicher, ob „{example}“ {first} oder {second} bedeutet; gelesen als {first}."
    ),
    "day_or_month_first": gettext_noop(
        "Nicht sicher, ob in „{example}“ der Tag oder der Monat vorn steht; gelesen mit dem Tag vorn."
    ),
    "two_digit_year": gettext_noop("Jahre sind zweistellig: 00 bis 68 gelten als 2000 bis 2068, 69 bis 99 als 1969 bis 1999."),
    "compact_date": gettext_noop("Achtstellige Zahlen wurden als Datum gelesen, „{example}“ also als Jahr, Monat, Tag."),
    "leading_zeros": gettext_noop("Bleibt Text, weil führende Nullen zum Wert gehören, zum Beispiel „{example}“."),
    "zeros_lost": gettext_noop(
        "Der Gemeindeschlüssel hat stellenweise 7 statt 8 Stellen; die führende Null wird ergänzt."
    ),
    "dash_may_be_zero": gettext_noop(
        "„{word}“ gilt als fehlender Wert. In der amtlichen Statistik kann es „genau null“ bedeuten."
    ),
    "sentinel": gettext_noop("„{word}“ könnte „kein Wert“ bedeuten; tragen Sie es dann bei den Wörtern für fehlende Werte ein."),
    "unit_unknown": gettext_noop("Die Einheit „{unit}“ ist nicht bekannt und bleibt in der Überschrift."),
    "currency": gettext_noop("Beträge in {unit}."),
    "years_as_columns": gettext_noop(
        "Die Spalten „{first}“ bis „{last}“ sind Jahre: aus jeder wird eine eigene Zeile mit Jahr und Wert."
    ),
    "years_possible": gettext_noop(
        "Die Überschriften „{first}“ bis „{last}“ nennen Jahre. Sie können zu Zeilen mit Jahr und Wert werden."
    ),
    "position_found": gettext_noop("„{east}“ und „{north}“ geben Orte an, Koordinatensystem {crs}."),
    "position_possible": gettext_noop(
        "„{east}“ und „{north}“ könnten Orte angeben, Koordinatensystem {crs}. Die Überschriften sagen es nicht."
    ),
    "crs_missing": gettext_noop("Die Datei nennt kein Koordinatensystem; nach den Werten ist es {crs}."),
    "datum_shift": gettext_noop("Gauß-Krüger-Koordinaten werden auf einige Meter genau umgerechnet."),
    "other_parts": gettext_noop("Gelesen wird „{chosen}“; die Datei enthält auch: {others}."),
    "wrong_extension": gettext_noop("Die Datei heißt „{filename}“, ist dem Inhalt nach aber {format}."),
    "nested": gettext_noop("„{column}“ enthält verschachtelte Angaben und bleibt Text (JSON)."),
    "sample_only": gettext_noop("Die Datei ist groß; geprüft wurden {rows} Zeilen von Anfang, Mitte und Ende."),
    "zone_said": gettext_noop("Die Überschrift „{heading}“ nennt die Zeitzone: alle Zeiten gelten als {zone}."),
    "new_column": gettext_noop("Die Spalte „{column}“ gab es in der letzten Lieferung nicht."),
    "column_gone": gettext_noop("Die Spalte „{column}“ aus der letzten Lieferung fehlt."),
}  # fmt: skip
COUNTED = {
    "titles_skipped": ("rows", ngettext_noop(
        "{rows} Zeile über der Tabelle wird nicht gelesen: „{text}“.",
        "{rows} Zeilen über der Tabelle werden nicht gelesen, die erste: „{text}“.",
    )),
    "footer_skipped": ("rows", ngettext_noop(
        "{rows} Zeile unter der Tabelle wird nicht gelesen: „{text}“.",
        "{rows} Zeilen unter der Tabelle werden nicht gelesen, die erste: „{text}“.",
    )),
    "totals_dropped": ("rows", ngettext_noop(
        "{rows} Summenzeile wird weggelassen, Zeile {first}: „{text}“.",
        "{rows} Summenzeilen werden weggelassen, die erste in Zeile {first}: „{text}“.",
    )),
    "totals_kept": ("rows", ngettext_noop(
        "„{text}“ steht in {rows} Zeile und gilt als Wert, nicht als Summenzeile. Ist es eine Summe, tragen Sie „{text}“ unten bei den Summenzeilen ein.",
        "„{text}“ steht in {rows} Zeilen und gilt als Wert, nicht als Summenzeile. Sind es Summen, tragen Sie „{text}“ unten bei den Summenzeilen ein.",
    )),
    "empty_columns": ("count", ngettext_noop(
        "{count} Spalte ohne Überschrift und ohne Werte wird weggelassen.",
        "{count} Spalten ohne Überschrift und ohne Werte werden weggelassen.",
    )),
    "not_all_fit": ("count", ngettext_noop(
        "{count} von {of} geprüften Werten passt nicht: „{example}“.",
        "{count} von {of} geprüften Werten passen nicht, zum Beispiel „{example}“.",
    )),
    "nearly": ("count", ngettext_noop(
        "Bleibt Text, weil {count} von {of} geprüften Werten nicht zu den {kind} gehört: „{example}“.",
        "Bleibt Text, weil {count} von {of} geprüften Werten keine {kind} sind, zum Beispiel „{example}“.",
    )),
    "districts": ("count", ngettext_noop(
        "{count} von {of} Werten ist ein Stadtteil oder Stadtbezirk.",
        "{count} von {of} Werten sind Stadtteile oder Stadtbezirke.",
    )),
    "formulas": ("count", ngettext_noop(
        "{count} Zelle mit einer Formel hat keinen gespeicherten Wert und ist leer.",
        "{count} Zellen mit Formeln haben keinen gespeicherten Wert und sind leer.",
    )),
    "ambiguous_hour": ("count", ngettext_noop(
        "{count} Zeitangabe liegt in der Stunde, die es bei der Umstellung auf Winterzeit zweimal gibt; sie gilt als Sommerzeit, wenn die Reihenfolge der Zeilen nichts anderes sagt.",
        "{count} Zeitangaben liegen in der Stunde, die es bei der Umstellung auf Winterzeit zweimal gibt; sie gelten als Sommerzeit, wo die Reihenfolge der Zeilen nichts anderes sagt.",
    )),
    "skipped_hour": ("count", ngettext_noop(
        "{count} Zeitangabe liegt in der Stunde, die es bei der Umstellung auf Sommerzeit nicht gibt; sie fehlt in der Tabelle.",
        "{count} Zeitangaben liegen in der Stunde, die es bei der Umstellung auf Sommerzeit nicht gibt; sie fehlen in der Tabelle.",
    )),
    "repaired": ("count", ngettext_noop(
        "{count} ungültige Geometrie wurde repariert, in Zeile {row}.",
        "{count} ungültige Geometrien wurden repariert, die erste in Zeile {row}.",
    )),
    "rows_malformed": ("count", ngettext_noop(
        "{count} Zeile passt nicht in die Tabelle und fehlt: Zeile {line}.",
        "{count} Zeilen passen nicht in die Tabelle und fehlen, die erste ist Zeile {line}.",
    )),
}  # fmt: skip
"""Sentences that count: which value is the count, and the sentence for one and for more."""


class Remark(msgspec.Struct, frozen=True):
    """Something to know: a code, what fills its sentence, and the name of the column it is about (empty: the file)."""

    code: str
    values: dict[str, str] = {}
    column: str = ""

    @property
    def sentence(self) -> str:
        """For people, in the language of the moment."""
        template = self._template()
        if template is None:
            return self.code
        values = {
            name: gettext(SENTENCES[v[1:]]) if v.startswith("§") and v[1:] in SENTENCES else v
            for name, v in self.values.items()
        }
        return template.format_map(values)

    def _template(self) -> str | None:
        if self.code in COUNTED:
            name, forms = COUNTED[self.code]
            return ngettext(*forms, int(self.values[name]))
        return gettext(SENTENCES[self.code]) if self.code in SENTENCES else None


def remark(code: str, column: str = "", **values: object) -> Remark:
    """A remark with its values as text; a value `§kind_number` is itself translated."""
    return Remark(code, {name: str(value)[:120] for name, value in values.items()}, column)
