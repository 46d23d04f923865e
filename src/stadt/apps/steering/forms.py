"""The forms of those who steer."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.steering.services.evaluations import Influence
from stadt.apps.steering.services.targets import TargetDraft
from stadt.apps.steering.states import AnswerKind, InfluenceEffect, InfluenceSide, Outcome, Rule
from stadt.apps.steering.targets import Measuring
from stadt.hub.indicators.kept.mapping import DECIMALS, read_number
from stadt.hub.indicators.wording import plain_number
from stadt.web.refusals import DayField, RefusableForm

DAY_FORMATS = ("%d.%m.%Y", "%Y-%m-%d")
MEASURING = (
    (Measuring.VALUE.value, _("den Wert selbst")),
    (Measuring.FROM_ONE.value, _("den Abstand des Verhältnisses von 1")),
)
INFLUENCE_ROWS = 3


class NumberField(forms.FloatField):
    """A number as people write it here: with a comma and groups of three ("10.000" is ten thousand), or with a point."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more)

    def to_python(self, value: Any) -> Any:
        """The number, None where the field is empty."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        return _number(value)

    def prepare_value(self, value: Any) -> Any:
        """A number as the field reads it again."""
        return plain_number(value) if isinstance(value, float) else value


class TargetForm(RefusableForm):
    """A proposal for a SOLL."""

    code = forms.CharField(
        label=_("Kennzahl"), max_length=40, help_text=_("Code, wie er in der Strategie steht")
    )
    measure = forms.CharField(
        label=_("Maßnahme"), max_length=40, required=False,
        help_text=_("Leer für die ganze Strategie, sonst der Code einer Maßnahme"),
    )  # fmt: skip
    low = NumberField(
        label=_("Mindestens"), required=False, help_text=_("Leer heißt: nach unten offen. 0 ist erlaubt.")
    )
    high = NumberField(
        label=_("Höchstens"), required=False, help_text=_("Leer heißt: nach oben offen. 0 ist erlaubt.")
    )
    measuring = forms.ChoiceField(label=_("Die Grenzen gelten für"), choices=MEASURING)
    tolerance = NumberField(
        label=_("Toleranz"), required=False,
        help_text=_("Um so viel darf ein Wert die Grenze verfehlen und zählt noch als im Soll"),
    )  # fmt: skip
    due = DayField(label=_("Tag der Bewertung"), required=False)
    base_value = NumberField(
        label=_("Ausgangswert"), required=False, help_text=_("Der Wert, von dem aus gerechnet wird")
    )
    base_on = DayField(label=_("Tag des Ausgangswerts"), required=False)
    path = forms.CharField(
        label=_("Weg zum Soll"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text=_("Je Zeile Tag; mindestens; höchstens, zum Beispiel 31.12.2027; 20; oder 31.12.2027; ; 5. Dazwischen gilt die gerade Linie."),
    )  # fmt: skip
    valid_from = DayField(label=_("Gilt ab"))
    frame = forms.CharField(
        label=_("Wessen Soll"), required=False, max_length=60,
        help_text=_("Leer für das der Stadt, sonst zum Beispiel der Name des Fördergebers"),
    )  # fmt: skip
    ends = forms.BooleanField(label=_("Ab diesem Tag gibt es kein Soll mehr"), required=False)
    reason = forms.CharField(label=_("Begründung"), max_length=1000, widget=forms.Textarea({"rows": 3}))

    def clean_path(self) -> tuple[tuple[date, float | None, float | None], ...]:
        """The lines as days with bounds."""
        return tuple(_path_line(line) for line in self.cleaned_data["path"].splitlines() if line.strip())

    def as_draft(self, **fixed: Any) -> TargetDraft:
        """The proposal as the service takes it; `fixed` are fields that the form does not ask for."""
        data = self.cleaned_data
        return TargetDraft(
            code=data["code"].strip(),
            measure=data["measure"].strip(),
            low=data["low"],
            high=data["high"],
            measuring=Measuring(data["measuring"]),
            tolerance=data["tolerance"] or 0.0,
            due=data["due"],
            base_value=data["base_value"],
            base_on=data["base_on"],
            path=data["path"],
            valid_from=data["valid_from"],
            frame=data["frame"],
            ends=data["ends"],
            reason=data["reason"],
            **fixed,
        )


class DecisionForm(RefusableForm):
    """The decision on a proposal."""

    reference = forms.CharField(
        label=_("Beschluss"), max_length=200, required=False,
        help_text=_("Wo die Entscheidung steht, zum Beispiel Nummer und Datum der Vorlage; beim Ablehnen der Grund"),
    )  # fmt: skip


class RuleForm(RefusableForm):
    """How a measure's success is told from its indicators."""

    rule = forms.ChoiceField(label=_("Regel"), choices=Rule.choices)
    main = forms.CharField(
        label=_("Hauptkennzahlen"), required=False, max_length=600,
        help_text=_("Codes mit Komma getrennt; leer: die, die in der Strategie als Hauptkennzahl stehen"),
    )  # fmt: skip
    weights = forms.CharField(
        label=_("Gewichte"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Nur für die gewichtete Regel: je Zeile Code; Gewicht, sonst zählt jede Kennzahl 1"),
    )  # fmt: skip
    needed = NumberField(
        label=_("Nötiger Anteil in Prozent"), required=False,
        help_text=_("Nur für die gewichtete Regel; leer heißt 100"),
    )  # fmt: skip
    accepts_probable = forms.BooleanField(
        label=_("„Wahrscheinlich im Soll“ genügt"), required=False,
        help_text=_("Nötig bei einem Soll von 0: Die Unsicherheit einer Zählung reicht immer über 0 hinaus."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Begründung"), max_length=1000, widget=forms.Textarea({"rows": 3}))

    def clean_weights(self) -> dict[str, float]:
        """The lines as code and weight."""
        found = {}
        for line in self.cleaned_data["weights"].splitlines():
            if not line.strip():
                continue
            code, _semicolon, weight = line.partition(";")
            found[code.strip()] = _number(weight)
        return found

    def as_arguments(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        data = self.cleaned_data
        return {
            "main": [code.strip() for code in data["main"].split(",") if code.strip()],
            "weights": data["weights"],
            "needed": 1.0 if data["needed"] is None else data["needed"] / 100,
            "accepts_probable": data["accepts_probable"],
            "reason": data["reason"],
        }


class InfluenceForm(RefusableForm):
    """The influence check: up to three influences at once."""

    summary = forms.CharField(
        label=_("Ergebnis der Prüfung"), max_length=1500, widget=forms.Textarea({"rows": 4}),
        help_text=_("Was außer der Maßnahme die Kennzahlen bewegt haben kann, und wie stark"),
    )  # fmt: skip
    talked_with = forms.CharField(
        label=_("Gesprochen mit"), max_length=300, help_text=_("Organisationen, keine Namen von Menschen")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(INFLUENCE_ROWS):
            where = {"number": place + 1}
            needed = place == 0
            self.fields[f"side_{place}"] = forms.ChoiceField(
                label=gettext("%(number)s. Einfluss: Herkunft") % where,
                choices=InfluenceSide.choices,
                required=needed,
            )
            self.fields[f"what_{place}"] = forms.CharField(
                label=gettext("%(number)s. Einfluss: Was") % where, max_length=300, required=needed
            )
            self.fields[f"effect_{place}"] = forms.ChoiceField(
                label=gettext("%(number)s. Einfluss: Wirkung") % where,
                choices=InfluenceEffect.choices,
                required=needed,
            )
            self.fields[f"evidence_{place}"] = forms.CharField(
                label=gettext("%(number)s. Einfluss: Beleg") % where, max_length=500, required=needed
            )

    def as_influences(self) -> list[Influence]:
        """The influences that were named."""
        data = self.cleaned_data
        return [
            Influence(
                InfluenceSide(data[f"side_{place}"] or InfluenceSide.OUTSIDE),
                data[f"what_{place}"],
                InfluenceEffect(data[f"effect_{place}"] or InfluenceEffect.UNCLEAR),
                data[f"evidence_{place}"],
            )
            for place in range(INFLUENCE_ROWS)
            if data[f"what_{place}"]
        ]


class EvaluationForm(RefusableForm):
    """How a measure turned out."""

    outcome = forms.ChoiceField(label=_("Ergebnis"), choices=Outcome.choices)
    on = DayField(label=_("Tag der Bewertung"), help_text=_("Es zählt der Wert, der an diesem Tag gilt"))
    reason = forms.CharField(label=_("Begründung"), max_length=1500, widget=forms.Textarea({"rows": 4}))


class NoteForm(RefusableForm):
    """The second person's remark."""

    note = forms.CharField(
        label=_("Bemerkung"), required=False, max_length=1500, widget=forms.Textarea({"rows": 3}),
        help_text=_("Nötig, wenn Sie nicht bestätigen"),
    )  # fmt: skip


class AnswerForm(RefusableForm):
    """What is done about a warning."""

    kind = forms.ChoiceField(label=_("Was wird getan?"), choices=AnswerKind.choices)
    text = forms.CharField(
        label=_("Begründung"), max_length=1500, widget=forms.Textarea({"rows": 4}),
        help_text=_("Bleibt intern und wird nicht mehr geändert"),
    )  # fmt: skip
    until = DayField(
        label=_("Bis wann"), required=False,
        help_text=_("Besteht die Ursache danach noch, ist eine neue Antwort nötig"),
    )  # fmt: skip
    public_text = forms.CharField(
        label=_("Was alle lesen sollen"), required=False, max_length=600, widget=forms.Textarea({"rows": 3}),
        help_text=_("Ein bis zwei verständliche Sätze; leer heißt: nichts"),
    )  # fmt: skip


class OverviewFilter(forms.Form):
    """What the cockpit shows."""

    leitthema = forms.ChoiceField(label=_("Leitthema"), required=False)
    urteil = forms.ChoiceField(label=_("Urteil"), required=False)

    def __init__(
        self, data: Any, themes: Iterable[tuple[str, str]], steps: Iterable[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        for name, choices in (("leitthema", themes), ("urteil", steps)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", gettext("alle")), *choices]


def _path_line(line: str) -> tuple[date, float | None, float | None]:
    parts = [part.strip() for part in line.split(";")]
    if not 2 <= len(parts) <= 3:
        raise forms.ValidationError(
            gettext("„%(line)s“ ist nicht Tag; mindestens; höchstens.") % {"line": line[:60]}
        )
    low, high = (_number(part) if part else None for part in (*parts[1:], "")[:2])
    return _day(parts[0]), low, high


def _day(text: str) -> date:
    for form in DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise forms.ValidationError(gettext("„%(text)s“ ist kein Tag wie 31.12.2027.") % {"text": text[:30]})


def _number(text: str) -> float:
    """The number that a text says: "1.234,5", "1234.5" and "10.000" are read, and nothing is guessed."""
    for decimal in DECIMALS:
        found = read_number(text, decimal)
        if found is not None:
            return found
    raise forms.ValidationError(gettext("„%(text)s“ ist keine Zahl.") % {"text": text[:30].strip()})
