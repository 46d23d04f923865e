"""The form „So haben wir die Datei verstanden“: what was understood of a file, to be corrected by a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.publishing import words
from stadt.apps.publishing.forms import RefusableForm
from stadt.apps.publishing.personal import find_personal
from stadt.core.errors import StadtError
from stadt.hub.intake import ReadColumn, Reading
from stadt.hub.intake.scan import ENCODINGS

COLUMNS_ON_A_PAGE = 60
SEPARATORS = (
    (";", _("Semikolon")),
    (",", _("Komma")),
    ("\t", _("Tabulator")),
    ("|", _("senkrechter Strich")),
)
WHOLE = (
    "part",
    "skipped_rows",
    "header_rows",
    "footer_rows",
    "keep_totals",
    "total_words",
    "missing_words",
    "years_as_columns",
    "crs",
)
TEXT_ONLY = ("delimiter", "encoding")


class ReadingForm(RefusableForm):
    """How the file is to be read, and what each column is. Only what was changed becomes a correction."""

    part = forms.ChoiceField(label=_("Tabelle in der Datei"), required=False)
    skipped_rows = forms.IntegerField(
        label=_("Zeilen über der Überschrift"),
        min_value=0,
        max_value=1000,
        required=False,
        help_text=_("Titel und Hinweise, die nicht zur Tabelle gehören"),
    )
    header_rows = forms.IntegerField(
        label=_("Zeilen mit Überschriften"), min_value=0, max_value=20, required=False
    )
    footer_rows = forms.IntegerField(
        label=_("Zeilen unter der Tabelle"),
        min_value=0,
        max_value=1000,
        required=False,
        help_text=_("Fußnoten und Quellen"),
    )
    keep_totals = forms.BooleanField(
        label=_("Summenzeilen behalten"),
        required=False,
        help_text=_("Sonst werden sie weggelassen, damit niemand doppelt zählt."),
    )
    total_words = forms.CharField(
        label=_("Woran Sie weitere Summenzeilen erkennen"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Der ganze Inhalt einer Zelle, zum Beispiel: Stadt insgesamt. Jede Angabe steht in einer eigenen Zeile. Zeilen der Datei, in denen er steht, werden weggelassen."
        ),
    )
    missing_words = forms.CharField(
        label=_("Zeichen für fehlende Werte"),
        max_length=400,
        required=False,
        help_text=_("Durch Kommas getrennt, zum Beispiel: ., k. A., x"),
    )
    years_as_columns = forms.BooleanField(
        label=_("Jahre in den Überschriften werden zu Zeilen"),
        required=False,
        help_text=_(
            "Aus jeder Jahresspalte entsteht eine Zeile mit Jahr und Wert. So lassen sich Verläufe zeichnen."
        ),
    )
    crs = forms.CharField(
        label=_("Koordinatensystem"), max_length=60, required=False, help_text=_("Zum Beispiel EPSG:25832")
    )
    delimiter = forms.ChoiceField(label=_("Trennzeichen"), choices=SEPARATORS, required=False)
    encoding = forms.ChoiceField(label=_("Zeichenkodierung"), required=False)

    def __init__(self, reading: Reading, columns: Sequence[ReadColumn], *args: Any, **kwargs: Any) -> None:
        self.reading, self.shown = reading, list(columns)
        kwargs["initial"] = _initial(reading, self.shown)
        super().__init__(*args, **kwargs)
        for column in self.shown:
            self.fields |= _column_fields(column)
        self._offer()
        self.warned = find_personal(reading)

    def _offer(self) -> None:
        """Leave out what this file does not have, and say the choices of the others."""
        reading = self.reading
        part: Any = self.fields["part"]
        part.choices = [(name, name) for name in reading.choices]
        encoding: Any = self.fields["encoding"]
        known = dict.fromkeys([*ENCODINGS, *([reading.encoding] if reading.encoding else [])])
        encoding.choices = [(name, name.upper()) for name in known]
        needless = {
            "part": len(reading.choices) < 2,
            "skipped_rows": not reading.format.is_text,
            "header_rows": not reading.format.is_text,
            "footer_rows": not reading.format.is_text,
            "keep_totals": not reading.totals and not reading.keep_totals,
            "missing_words": not reading.format.is_text,
            "years_as_columns": not may_melt(reading),
            "crs": not reading.crs and reading.position is None,
            "delimiter": not reading.delimiter,
            "encoding": not reading.encoding,
        }
        for name in [name for name, is_needless in needless.items() if is_needless]:
            del self.fields[name]

    @property
    def whole(self) -> list[BoundField]:
        """The fields about the file."""
        return [self[name] for name in WHOLE if name in self.fields]

    @property
    def technical(self) -> list[BoundField]:
        """The fields about the text of the file that hardly anybody has to touch."""
        return [self[name] for name in TEXT_ONLY if name in self.fields]

    @property
    def columns(self) -> Iterator[ShownColumn]:
        """The columns with their fields."""
        for column in self.shown:
            fields = [self[name] for name in _column_fields(column)]
            yield ShownColumn(
                column,
                fields,
                column.remark.sentence if column.remark else "",
                self.warned.get(column.name, ""),
                is_corrected=any(
                    path.startswith(f"columns.{column.name}.") for path in self.reading.corrected
                ),
                is_open=bool(column.remark) or column.certainty < 1 or any(field.errors for field in fields),
            )

    def changes(self) -> dict[str, Any]:
        """What the person said otherwise than it was understood, as the verb takes it."""
        reading, given = self.reading, self.cleaned_data
        initial = self.initial
        changes: dict[str, Any] = {}
        for name in (*WHOLE, *TEXT_ONLY):
            value = given.get(name)
            if name not in self.fields or value is None or value == initial.get(name):
                continue
            if name == "part":
                changes[part_of(reading)] = value
            elif name == "missing_words":
                changes[name] = [word for word in (one.strip() for one in value.split(",")) if word]
            elif name == "total_words":
                words = [word for word in map(str.strip, value.splitlines()) if word]
                if words != list(reading.total_words):  # browsers end lines in their own way
                    changes[name] = words
            elif name == "crs" and reading.position is not None:
                place = reading.position
                changes["position"] = {"east": place.east, "north": place.north, "crs": value}
            else:
                changes[name] = value
        columns = {column.name: said for column in self.shown if (said := self._said_of(column))}
        return {**changes, "columns": columns} if columns else changes

    def _said_of(self, column: ReadColumn) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for part in ("keep", "title", "name", "type", "unit", "pattern"):
            field = f"c{column.at}-{part}"
            if field in self.fields and self.cleaned_data.get(field) != self.initial.get(field):
                said[part] = self.cleaned_data[field]
        return said

    def refuse(self, error: StadtError) -> None:
        """As of every form; a column's field is named `columns.<name>.<part>` by the verb."""
        shown = False
        for item in error.fields:
            name = self._own_name(item.field)
            if name:
                self.add_error(name, item.message)
                shown = True
        if not shown:
            self.add_error(None, error.detail)

    def _own_name(self, field: str) -> str:
        if field in self.fields:
            return field
        other = {part_of(self.reading): "part", "position": "crs", "position.crs": "crs"}.get(field, "")
        if other in self.fields:
            return other
        pieces = field.split(".")
        column = next((one for one in self.shown if len(pieces) > 1 and one.name == pieces[1]), None)
        own = f"c{column.at}-{pieces[-1]}" if column else ""
        return own if own in self.fields else ""


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column with its fields, the doubt about it, and why it may tell about persons."""

    column: ReadColumn
    fields: Sequence[BoundField]
    doubt: str
    personal: str
    is_corrected: bool
    is_open: bool

    @property
    def type_title(self) -> str:
        """The type in words."""
        return str(words.TYPES[self.column.type])


def part_of(reading: Reading) -> str:
    """Which of `sheet`, `layer` and `member` the choices of a file are."""
    if reading.sheet:
        return "sheet"
    return "layer" if reading.layer else "member"


def may_melt(reading: Reading) -> bool:
    """Whether headings name years, so that the columns can become rows."""
    codes = {remark.code for remark in reading.remarks}
    return reading.years_as_columns is not None or bool(codes & {"years_possible", "years_as_columns"})


def _initial(reading: Reading, columns: Sequence[ReadColumn]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "part": getattr(reading, part_of(reading)),
        "skipped_rows": reading.skipped_rows,
        "header_rows": reading.header_rows,
        "footer_rows": reading.footer_rows,
        "keep_totals": reading.keep_totals,
        "total_words": "\n".join(reading.total_words),
        "missing_words": ", ".join(reading.missing_words),
        "years_as_columns": reading.years_as_columns is not None,
        "crs": reading.position.crs if reading.position else reading.crs,
        "delimiter": reading.delimiter,
        "encoding": reading.encoding,
    }
    for column in columns:
        for part in ("keep", "title", "name", "unit", "pattern"):
            found[f"c{column.at}-{part}"] = getattr(column, part)
        found[f"c{column.at}-type"] = str(column.type)
    return found


def _column_fields(column: ReadColumn) -> dict[str, forms.Field]:
    at = f"c{column.at}"
    fields: dict[str, forms.Field] = {
        f"{at}-title": forms.CharField(label=gettext("Überschrift"), max_length=200, required=False),
        f"{at}-type": forms.ChoiceField(
            label=gettext("Art"), choices=[(str(kind), title) for kind, title in words.TYPES.items()]
        ),
        f"{at}-unit": forms.CharField(
            label=gettext("Einheit"),
            max_length=40,
            required=False,
            help_text=gettext("Zum Beispiel %, km, EUR, t/a"),
        ),
        f"{at}-name": forms.CharField(
            label=gettext("Name in den Dateien"),
            max_length=60,
            required=False,
            help_text=gettext("Kleine Buchstaben, Ziffern und Unterstriche"),
        ),
        f"{at}-keep": forms.BooleanField(label=gettext("Spalte übernehmen"), required=False),
    }
    if column.native:
        del fields[f"{at}-type"]
    if column.pattern:
        fields[f"{at}-pattern"] = forms.CharField(
            label=gettext("Schreibweise"),
            max_length=60,
            required=False,
            help_text=gettext("Zum Beispiel 1.234,5 oder TT.MM.JJJJ"),
        )
    return fields
