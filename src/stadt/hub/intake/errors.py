"""Why a file is refused: each a code, with a sentence for whoever brought it."""

from collections.abc import Mapping

from django.utils.translation import gettext, ngettext

from stadt.core.errors import FieldError, Invalid, StadtError


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for translation; Django's own needs settings, which the reading process has not."""
    return sentence


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    """Marks a sentence that counts."""
    return one, many


FIELD = "file"
SENTENCES = {
    "empty": gettext_noop("Die Datei ist leer."),
    "no_table": gettext_noop("Die Datei enthält keine Tabelle."),
    "unknown_format": gettext_noop(
        "Die Datei ist keine CSV-, Excel-, ODS-, JSON-, GeoJSON-, GeoPackage-, Shapefile- oder Parquet-Datei."
    ),
    "is_pdf": gettext_noop(
        "Das ist eine PDF-Datei. Aus ihr lässt sich keine Tabelle lesen; senden Sie die Tabelle, aus der sie entstand, als Excel-, ODS- oder CSV-Datei."
    ),
    "is_document": gettext_noop(
        "Das ist ein Textdokument oder eine Präsentation. Kopieren Sie die Tabelle in Excel oder LibreOffice und senden Sie sie als .xlsx, .ods oder .csv."
    ),
    "is_picture": gettext_noop(
        "Das ist ein Bild. Aus ihm lässt sich keine Tabelle lesen; senden Sie die Daten als Excel-, ODS- oder CSV-Datei, Karten als GeoJSON oder GeoPackage."
    ),
    "is_recording": gettext_noop(
        "Das ist eine Ton- oder Filmdatei. Senden Sie die Daten als Excel-, ODS- oder CSV-Datei."
    ),
    "is_program": gettext_noop(
        "Das ist ein Programm, keine Tabelle. Es wurde nicht ausgeführt. Senden Sie die Daten als Excel-, ODS- oder CSV-Datei."
    ),
    "is_page": gettext_noop(
        "Das ist eine Webseite (HTML), auch wenn die Datei anders heißt. Öffnen Sie sie in Excel oder LibreOffice und speichern Sie sie als .xlsx oder .csv."
    ),
    "is_xml": gettext_noop(
        "Das ist eine XML-Datei. Senden Sie Tabellen als CSV-, Excel- oder ODS-Datei, Karten als GeoJSON oder GeoPackage."
    ),
    "is_xml_excel": gettext_noop(
        "Das ist eine Excel-Tabelle im alten XML-Format. Speichern Sie sie in Excel oder LibreOffice als .xlsx."
    ),
    "is_binary_excel": gettext_noop(
        "Das ist eine binäre Excel-Datei (.xlsb). Speichern Sie sie in Excel oder LibreOffice als .xlsx."
    ),
    "is_archive": gettext_noop(
        "Das ist ein Archiv, das hier nicht ausgepackt wird. Senden Sie die Tabelle selbst oder packen Sie sie als ZIP."
    ),
    "is_database": gettext_noop(
        "Das ist eine Datenbankdatei. Senden Sie die Tabelle als CSV-, Excel- oder Parquet-Datei, Karten als GeoPackage."
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
    "no_places": gettext_noop(
        "In „{column}“ ist keine Geometrie, die auf der Erde liegt. Prüfen Sie das Koordinatensystem, oder lassen Sie die Spalte weg."
    ),
    "json_invalid": gettext_noop("Die JSON-Datei ist nicht lesbar: {problem}."),
    "json_no_rows": gettext_noop("Die JSON-Datei enthält keine Liste von Objekten."),
    "too_deep": gettext_noop("Die Datei ist zu tief verschachtelt."),
    "too_slow": gettext_noop("Die Datei war nach {seconds} Sekunden nicht gelesen."),
    "too_much_memory": gettext_noop("Die Datei braucht beim Lesen zu viel Speicher."),
    "quote_open": gettext_noop("Ein Anführungszeichen wird nicht geschlossen; Zeile {line} oder davor."),
}


COUNTED = {
    "rows_malformed": ngettext_noop(
        "{count} Zeile passt nicht in die Tabelle, Zeile {line}: {problem}.",
        "{count} Zeilen passen nicht in die Tabelle, die erste ist Zeile {line}: {problem}.",
    )
}
"""Sentences that count, for one and for more."""


class ReaderBroken(StadtError):
    """The program that reads files does not run here: a fault of the installation, and not of the file."""

    code = "reader-broken"


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
    template = (
        ngettext(*COUNTED[code], int(values["count"]))
        if code in COUNTED
        else gettext(SENTENCES.get(code, SENTENCES["damaged"]))
    )
    sentence = template.format_map(values)
    return Unreadable(sentence, fields=(FieldError(FIELD, sentence),))


def broken() -> ReaderBroken:
    """The error to raise when the reading process cannot run, in the language of the moment."""
    return ReaderBroken(
        gettext(
            "Die Datei konnte nicht gelesen werden, weil der Plattform ein Programmteil fehlt. An der Datei liegt es nicht; "
            "bitte sagen Sie es denen, die die Plattform betreiben."
        )
    )
