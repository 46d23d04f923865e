"""Why a file is refused: each a code, with a sentence for whoever brought it."""

from collections.abc import Mapping

from django.utils.translation import gettext

from stadt.core.errors import FieldError, Invalid


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for translation; Django's own needs settings, which the reading process has not."""
    return sentence


FIELD = "file"
SENTENCES = {
    "empty": gettext_noop("Die Datei ist leer."),
    "no_table": gettext_noop("Die Datei enthält keine Tabelle."),
    "unknown_format": gettext_noop(
        "Die Datei ist keine CSV-, Excel-, ODS-, JSON-, GeoJSON-, GeoPackage-, Shapefile- oder Parquet-Datei."
    ),
    "too_large": gettext_noop("Die Datei ist größer als {limit}."),
    "too_many_columns": gettext_noop("Die Tabelle hat {count} Spalten; höchstens {limit} sind möglich."),
    "line_too_long": gettext_noop("Zeile {line} ist länger als {limit}; das ist keine Tabelle in Zeilen."),
    "nul_bytes": gettext_noop(
        "Zeile {line} enthält Null-Bytes; die Datei ist beschädigt oder keine Textdatei."
    ),
    "mixed_encodings": gettext_noop(
        "Die Datei mischt zwei Zeichenkodierungen: Zeile {first} ist UTF-8, Zeile {second} nicht. "
        "Speichern Sie sie einheitlich als UTF-8."
    ),
    "undecodable": gettext_noop("Zeile {line} ist nicht in {encoding} geschrieben."),
    "bad_encoding": gettext_noop("Die Zeichenkodierung „{encoding}“ gibt es hier nicht."),
    "password": gettext_noop("Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne Kennwort."),
    "old_excel": gettext_noop(
        "Das ist eine alte Excel-Datei (.xls). Speichern Sie sie in Excel oder LibreOffice als .xlsx."
    ),
    "damaged": gettext_noop("Die Datei ist beschädigt oder nicht lesbar."),
    "archive_damaged": gettext_noop("Das ZIP-Archiv ist beschädigt."),
    "archive_encrypted": gettext_noop("Das ZIP-Archiv ist verschlüsselt."),
    "archive_bomb": gettext_noop(
        "Das ZIP-Archiv ist ausgepackt größer als {limit} oder ungewöhnlich stark gepackt."
    ),
    "archive_members": gettext_noop(
        "Das ZIP-Archiv enthält {count} Dateien; höchstens {limit} sind möglich."
    ),
    "archive_path": gettext_noop("Das ZIP-Archiv enthält „{member}“ mit einem Pfad, der nicht erlaubt ist."),
    "archive_nested": gettext_noop("Das ZIP-Archiv enthält ein weiteres Archiv: „{member}“."),
    "archive_empty": gettext_noop("Das ZIP-Archiv enthält keine Datei, die sich lesen lässt."),
    "shapefile_parts": gettext_noop("Zum Shapefile „{member}“ fehlt die Datei mit der Endung {part}."),
    "xml_entities": gettext_noop("Die Datei enthält XML-Definitionen („{member}“), die nicht erlaubt sind."),
    "no_such_part": gettext_noop("„{part}“ gibt es in der Datei nicht; es gibt: {choices}."),
    "crs_unknown": gettext_noop("Das Koordinatensystem „{crs}“ ist nicht bekannt."),
    "crs_missing": gettext_noop(
        "Die Datei nennt kein Koordinatensystem (bei Shapefiles: die .prj-Datei fehlt)."
    ),
    "json_invalid": gettext_noop("Die JSON-Datei ist nicht lesbar: {problem}."),
    "json_no_rows": gettext_noop("Die JSON-Datei enthält keine Liste von Objekten."),
    "too_deep": gettext_noop("Die Datei ist zu tief verschachtelt."),
    "too_slow": gettext_noop("Die Datei war nach {seconds} Sekunden nicht gelesen."),
    "too_much_memory": gettext_noop("Die Datei braucht beim Lesen zu viel Speicher."),
    "rows_malformed": gettext_noop(
        "{count} Zeilen passen nicht in die Tabelle, die erste ist Zeile {line}: {problem}."
    ),
    "quote_open": gettext_noop("Ein Anführungszeichen wird nicht geschlossen; Zeile {line} oder davor."),
}


class Unreadable(Invalid):
    """The file cannot be read; the sentence says why and, where there is one, the way out."""

    code = "unreadable"


class Refusal(Exception):
    """Inside the reading process: a code and its values; `refused` makes the sentence of it where people are."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = {name: str(value)[:200] for name, value in values.items()}


def refused(code: str, values: Mapping[str, str]) -> Unreadable:
    """The error to raise, in the language of the moment."""
    sentence = gettext(SENTENCES.get(code, SENTENCES["damaged"])).format_map(values)
    return Unreadable(sentence, fields=(FieldError(FIELD, sentence),))
