"""The forms of the workshop: define, enter, deliver, map, decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.core.errors import StadtError
from stadt.core.people.models import Organisation
from stadt.hub.indicators.declaration import Series
from stadt.hub.indicators.definitions import Definition
from stadt.hub.indicators.kept.drafts import DefinitionDraft, ValueDraft
from stadt.hub.indicators.kept.mapping import DIMENSION, read_number
from stadt.hub.indicators.periods import PeriodKind
from stadt.hub.indicators.states import QualityClass, ValueState
from stadt.hub.indicators.statistics import Method
from stadt.hub.indicators.wording import KINDS, plain_number
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import list_areas

INTERVALS = (
    (Method.NONE, _("keines: vollständig gezählt oder gemessen")),
    (Method.POISSON, _("seltene Ereignisse (Poisson)")),
    (Method.WILSON, _("Anteil aus einer Stichprobe (Wilson)")),
    (Method.MEAN, _("Mittelwert einer Stichprobe")),
)
MEANS = (
    ("", _("keines")),
    (PeriodKind.TWO_YEARS, _("über zwei Jahre")),
    (PeriodKind.THREE_YEARS, _("über drei Jahre")),
    (PeriodKind.FIVE_YEARS, _("über fünf Jahre")),
)


class RefusableForm(forms.Form):
    """A form that shows a verb's refusal beside the fields it names."""

    def refuse(self, error: StadtError) -> None:
        """Write a refusal beside the fields it names, else above the form."""
        for item in error.fields:
            name = item.field if item.field in self.fields else None
            self.add_error(name, item.message if name else f"{item.field}: {item.message}")
        if not error.fields:
            self.add_error(None, error.detail)


class NumberField(forms.CharField):
    """A number as people write it: with comma, or with a point and without groups."""

    def clean(self, value: Any) -> float | None:
        """The number, None where the field is empty."""
        text = super().clean(value).strip()
        if not text:
            return None
        found = read_number(text, ",")
        if found is None:
            found = read_number(text, ".")
        if found is None:
            raise forms.ValidationError(gettext("Bitte eine Zahl wie 1234,5 eintragen."))
        return found


def _number(label: Any, help_text: Any = "") -> NumberField:
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return NumberField(label=label, required=False, max_length=40, help_text=help_text, widget=widget)


def _area(
    label: Any, most: int, *, required: bool = True, rows: int = 3, help_text: Any = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}),
    )


class DefinitionForm(RefusableForm):
    """What an indicator is from a day on."""

    title = forms.CharField(label=_("Bezeichnung"), max_length=200)
    description = _area(_("Was die Zahl sagt"), 1500, help_text=_("In einem Satz, den alle verstehen"))
    unit = forms.CharField(
        label=_("Einheit (UCUM)"),
        max_length=40,
        help_text=_("Zum Beispiel %, 1 für eine Zahl, t, MW.h, ug/m3"),
    )
    formula = _area(_("Formel in Worten"), 1500)
    numerator = forms.CharField(
        label=_("Zähler"), max_length=300, required=False, help_text=_("Was oben steht, falls geteilt wird")
    )
    denominator = forms.CharField(label=_("Nenner"), max_length=300, required=False)
    per = _number(_("je wie viele"), _("100000 für „je 100.000 Einwohner“; sonst leer"))
    source = forms.CharField(label=_("Quelle"), max_length=300)
    method = forms.CharField(label=_("Verfahren oder Norm"), max_length=300, required=False)
    period = forms.ChoiceField(
        label=_("Ein Wert gilt für"),
        choices=[(kind.value, words) for kind, words in KINDS.items()],
        initial="year",
    )
    interval = forms.ChoiceField(label=_("Unsicherheit durch Zufall"), choices=INTERVALS, required=False)
    mean_of = forms.ChoiceField(
        label=_("Gleitendes Mittel"),
        choices=MEANS,
        required=False,
        help_text=_("Für seltene Ereignisse; die Plattform rechnet es aus Jahreswerten"),
    )
    digits = forms.IntegerField(label=_("Nachkommastellen"), min_value=0, max_value=8, required=False)
    valid_low = _number(_("Kleinster möglicher Wert"))
    valid_high = _number(_("Größter möglicher Wert"))
    series = _area(
        _("Weitere Reihen"), 1500, required=False, help_text=_("Je Zeile: schluessel; Bezeichnung; Einheit")
    )
    dimensions = _area(
        _("Aufgliederungen"),
        600,
        required=False,
        help_text=_("Je Zeile: schluessel; Bezeichnung, zum Beispiel „art; Verkehrsmittel“"),
    )
    additive = forms.BooleanField(
        label=_("Die Werte der Stadtteile ergeben zusammen den der Stadt"), required=False
    )
    protects_people = forms.BooleanField(
        label=_("Die Zahl zählt Menschen: kleine Zahlen geheim halten"), required=False
    )
    valid_from = forms.DateField(
        label=_("Gilt ab"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def as_draft(self) -> DefinitionDraft:
        """The definition as the service takes it."""
        data = self.cleaned_data
        return DefinitionDraft(
            title=data["title"],
            unit=data["unit"].strip(),
            description=data["description"],
            formula=data["formula"],
            source=data["source"],
            period=PeriodKind(data["period"]),
            numerator=data["numerator"],
            denominator=data["denominator"],
            method=data["method"],
            digits=data["digits"],
            series=tuple(Series(key, title, unit) for key, title, unit in _triples(data["series"])),
            dimensions={key: title for key, title, _unit in _triples(data["dimensions"])},
            interval=Method(data["interval"]),
            per=1.0 if data["per"] is None else data["per"],
            mean_of=PeriodKind(data["mean_of"]) if data["mean_of"] else None,
            protects_people=data["protects_people"],
            additive=data["additive"],
            valid_low=data["valid_low"],
            valid_high=data["valid_high"],
            is_break=data.get("is_break", False),
            reason=data.get("reason", ""),
        )

    @staticmethod
    def initial_of(definition: Definition) -> dict[str, Any]:
        """The fields as a definition fills them."""
        names = (
            "title",
            "description",
            "unit",
            "formula",
            "numerator",
            "denominator",
            "source",
            "method",
            "digits",
            "additive",
            "protects_people",
        )
        return {
            **{name: getattr(definition, name) for name in names},
            "period": definition.period.value,
            "interval": definition.interval.value,
            "mean_of": definition.mean_of.value if definition.mean_of else "",
            "per": "" if definition.per == 1 else plain_number(definition.per),
            "valid_low": "" if definition.valid_low is None else plain_number(definition.valid_low),
            "valid_high": "" if definition.valid_high is None else plain_number(definition.valid_high),
            "series": "\n".join(f"{one.key}; {one.title}; {one.unit}" for one in definition.series),
            "dimensions": "\n".join(f"{key}; {title}" for key, title in definition.dimensions.items()),
        }  # fmt: skip


class NewIndicatorForm(DefinitionForm):
    """A definition with its key, its printed code and whoever keeps it."""

    field_order = ("organisation", "key", "code", "title")

    organisation = forms.ModelChoiceField(label=_("Wer führt sie"), queryset=Organisation.objects.none())
    key = forms.CharField(
        label=_("Schlüssel"),
        max_length=101,
        help_text=_("Zum Beispiel city.strassenbaeume; bleibt für immer"),
    )
    code = forms.CharField(
        label=_("Nummer in der Strategie"),
        max_length=40,
        required=False,
        help_text=_("Wie sie gedruckt ist; leer, wenn sie dort nicht steht"),
    )

    def __init__(self, organisations: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class VersionForm(DefinitionForm):
    """Another version: why, and whether it breaks the series."""

    field_order = ("valid_from", "reason", "is_break", "title")

    reason = _area(_("Warum ändert sie sich?"), 1000, help_text=_("Wird veröffentlicht"))
    is_break = forms.BooleanField(label=_("Neue Werte sind mit den alten nicht vergleichbar"), required=False)


class ValueForm(RefusableForm):
    """One figure of an indicator; only the fields that its definition has."""

    period = forms.CharField(label=_("Zeitraum"), max_length=30)
    state = forms.ChoiceField(
        label=_("Gibt es einen Wert?"), choices=ValueState.choices, initial=ValueState.VALUE
    )
    value = _number(_("Wert"), _("Leer lassen, wenn Zähler und Nenner ihn ergeben"))
    numerator = _number(_("Zähler"))
    denominator = _number(_("Nenner"))
    deviation = _number(_("Standardabweichung der Stichprobe"))
    place = forms.ChoiceField(label=_("Ort"), required=False)
    series = forms.ChoiceField(label=_("Reihe"), required=False)
    quality_class = forms.ChoiceField(label=_("Wie gewonnen"), choices=QualityClass.choices)
    note = _area(_("Hinweis"), 1000, required=False, help_text=_("Wird mit dem Wert veröffentlicht"))

    def __init__(self, definition: Definition, example: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.fields["period"].help_text = gettext("Zum Beispiel %(example)s") % {"example": example}
        for name in ("numerator", "denominator"):
            if words := getattr(definition, name):
                self.fields[name].label = f"{self.fields[name].label}: {words}"
            elif name == "numerator" or definition.interval is not Method.MEAN:
                del self.fields[name]
        if definition.interval is not Method.MEAN:
            del self.fields["deviation"]
        self._offer("series", [(one.key, one.title) for one in definition.series], gettext("Hauptreihe"))
        areas = [
            (area.key, area.name)
            for kind in (PlaceKind.DISTRICT, PlaceKind.QUARTER)
            for area in list_areas(kind)
        ]
        self._offer("place", areas, gettext("ganze Stadt"))
        for key, words in definition.dimensions.items():
            self.fields[f"{DIMENSION}{key}"] = forms.CharField(label=words, max_length=80, required=False)

    def _offer(self, name: str, choices: Sequence[tuple[str, str]], empty: str) -> None:
        if not choices:
            del self.fields[name]
        else:
            self.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]

    def as_draft(self) -> ValueDraft:
        """The figure as the service takes it."""
        data = self.cleaned_data
        breakdown = {
            name.removeprefix(DIMENSION): said
            for name, said in data.items()
            if name.startswith(DIMENSION) and said
        }
        return ValueDraft(
            period=data["period"],
            value=data["value"],
            numerator=data.get("numerator"),
            denominator=data.get("denominator"),
            deviation=data.get("deviation"),
            state=ValueState(data["state"]),
            quality_class=QualityClass(data["quality_class"]),
            note=data["note"],
            place=data.get("place", ""),
            series=data.get("series", ""),
            dimensions=breakdown,
        )


class RevisionForm(ValueForm):
    """Another figure in place of one that stands."""

    field_order = ("reason",)
    reason = _area(_("Warum wird der Wert berichtigt?"), 1000, help_text=_("Wird veröffentlicht"))


class FileForm(RefusableForm):
    """A file with figures."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_("CSV, Excel oder OpenDocument, höchstens 5 MB. Sie bleibt unverändert aufbewahrt."),
        widget=forms.FileInput({"accept": ".csv,.txt,.xlsx,.ods"}),
    )
    source = forms.CharField(
        label=_("Bezogen aus"),
        max_length=300,
        required=False,
        help_text=_("Zum Beispiel Register und Tag der Abfrage; wird veröffentlicht"),
    )


class HeaderForm(RefusableForm):
    """Where the table of a file is."""

    sheet = forms.ChoiceField(label=_("Blatt"), required=False)
    header = forms.IntegerField(label=_("Zeile mit den Überschriften"), min_value=1, max_value=1000)

    def __init__(self, sheets: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sheets:
            self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        else:
            del self.fields["sheet"]


class MappingForm(RefusableForm):
    """Which column of a file is what."""

    def __init__(self, definition: Definition, headings: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("keine Spalte")), *((name, name) for name in dict.fromkeys(headings) if name)]
        for role, words in roles_of(definition):
            self.fields[role] = forms.ChoiceField(label=words, choices=choices, required=role == "period")
        self.fields["decimal"] = forms.ChoiceField(
            label=gettext("Dezimalzeichen"),
            choices=[(",", gettext("Komma")), (".", gettext("Punkt"))],
            required=False,
        )
        self.fields["quality_class"] = forms.ChoiceField(
            label=gettext("Wie gewonnen"), choices=QualityClass.choices
        )

    def as_mapping(self, header: int, sheet: str) -> dict[str, Any]:
        """The mapping as the service takes it."""
        data = self.cleaned_data
        other = ("decimal", "quality_class")
        columns = {role: heading for role, heading in data.items() if role not in other and heading}
        return {
            "header": header,
            "sheet": sheet,
            "columns": columns,
            "decimal": data["decimal"] or ",",
            "quality_class": data["quality_class"],
        }


def roles_of(definition: Definition) -> list[tuple[str, str]]:
    """What a column can be, in words."""
    found = [("period", gettext("Zeitraum")), ("value", gettext("Wert"))]
    if definition.numerator:
        found.append(("numerator", gettext("Zähler: %(words)s") % {"words": definition.numerator}))
    if definition.denominator:
        found.append(("denominator", gettext("Nenner: %(words)s") % {"words": definition.denominator}))
    if definition.interval is Method.MEAN:
        found.append(("deviation", gettext("Standardabweichung der Stichprobe")))
    found.append(("place", gettext("Stadtbezirk oder Stadtteil")))
    if definition.series:
        found.append(("series", gettext("Reihe (Schlüssel)")))
    found += [(f"{DIMENSION}{key}", words) for key, words in definition.dimensions.items()]
    return [*found, ("note", gettext("Hinweis"))]


class AnswerForm(RefusableForm):
    """A word of whoever decides."""

    answer = _area(_("Antwort auf die Rückfragen, oder Grund der Ablehnung"), 1000, required=False)

    def refuse(self, error: StadtError) -> None:
        """The reason of a refusal is written into the same field."""
        for item in error.fields:
            self.add_error("answer", item.message)
        if not error.fields:
            self.add_error(None, error.detail)


class ThresholdForm(RefusableForm):
    """From how many people on figures are shown."""

    threshold = forms.IntegerField(label=_("Kleinste Zahl, die gezeigt wird"), min_value=1, max_value=100)
    reason = _area(_("Grundlage"), 1000, help_text=_("Satzung, Erlass oder Entscheidung der Statistikstelle"))


def _triples(text: str) -> list[tuple[str, str, str]]:
    found = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split(";")]
        if any(parts):
            found.append((parts[0], parts[1] if len(parts) > 1 else "", parts[2] if len(parts) > 2 else ""))
    return found
