"""The forms of change requests: one is built for each kind of change from the fields it may set."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.strategy.record.changes import ChangeDraft
from stadt.apps.strategy.record.content import Content, Dependency, IndicatorLink, Item, Measure, Spatial
from stadt.apps.strategy.record.kinds import ChangeKind
from stadt.apps.strategy.record.lifecycle import START, STEPS, state_word
from stadt.apps.strategy.record.wording import TAGS, field_word
from stadt.apps.strategy.teams.forms import INDENT
from stadt.apps.strategy.words.indicators import direction_word, kind_word
from stadt.core.people.tree import branches
from stadt.web.refusals import DayField, RefusableForm

TYPES: Final = (("virtual", _("virtuell")), ("sectoral", _("sektoral")), ("physical", _("physisch")))
LEVELS: Final = (
    ("", _("nicht festgelegt")),
    ("site", _("Standort")),
    ("quarter", _("Quartier")),
    ("district", _("Stadtteil")),
    ("borough", _("Stadtbezirk")),
    ("city", _("ganze Stadt")),
    ("region", _("Region")),
    ("country", _("Land oder Bund")),
    ("international", _("international")),
)
INTERVALS: Final = (
    ("", _("nicht festgelegt")),
    ("P1D", _("täglich")),
    ("P1M", _("monatlich")),
    ("P3M", _("vierteljährlich")),
    ("P1Y", _("jährlich")),
    ("P2Y", _("alle zwei Jahre")),
    ("P5Y", _("alle fünf Jahre")),
)
CHAIN: Final = (
    ("", _("nicht festgelegt")),
    ("input", _("Mittel")),
    ("output", _("Leistung")),
    ("outcome", _("Wirkung")),
    ("impact", _("langfristige Wirkung")),
)
DIRECTIONS: Final = ("higher better", "lower better", "neutral")
KINDS_OF_INDICATOR: Final = ("share", "rate", "count", "index", "ratio", "duration")
LONG: Final = frozenset({"text", "summary", "note", "formula"})
NOT_IN_FORMS: Final = frozenset({"partners", "repeats", "is_summary", "slug", "theme", "field"})
"""Set by import or with the code, not by hand."""


class RequestForm(RefusableForm):
    """What a new change request is about."""

    title = forms.CharField(label=_("Worum geht es?"), max_length=150)
    reason = forms.CharField(label=_("Begründung"), max_length=2000, widget=forms.Textarea({"rows": 5}))


class EditionForm(RefusableForm):
    """A named edition that is being prepared."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("Zum Beispiel 2.0"))
    valid_on = DayField(label=_("Inhalt gilt am"))
    note = forms.CharField(
        label=_("Anmerkung"),
        max_length=300,
        required=False,
        help_text=_("Was diese Fassung ist. Sobald sie beschlossen ist, lesen das alle."),
    )


class CouncilForm(RefusableForm):
    """Where the council decided."""

    paper = forms.CharField(label=_("Nummer der Drucksache"), max_length=100)
    date = DayField(label=_("Tag des Beschlusses"))
    link = forms.CharField(
        label=_("Adresse der Drucksache"),
        max_length=500,
        required=False,
        help_text=_("Beginnt mit https:// und darf fehlen."),
    )


class CommentForm(RefusableForm):
    """A contribution to the discussion."""

    text = forms.CharField(
        label=_("Ihr Beitrag"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Nur für Menschen, die an der Strategie arbeiten"),
    )


class ApproveForm(RefusableForm):
    """The decision, and from when it holds."""

    valid_from = DayField(label=_("gilt ab"))
    decision_reference = forms.CharField(
        label=_("Beschluss"),
        max_length=200,
        help_text=_("Zum Beispiel die Nummer der Drucksache. Diese Angabe ist öffentlich."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class RejectForm(RefusableForm):
    """Why not."""

    reason = forms.CharField(label=_("Begründung"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class ChooseForm(RefusableForm):
    """Which kind of change, about what."""

    art = forms.ChoiceField(label=_("Art der Änderung"))
    code = forms.CharField(
        label=_("Nummer"),
        required=False,
        max_length=20,
        help_text=_("Die Nummer der Maßnahme oder Kennzahl; für Neues die des Handlungsfelds"),
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["art"].choices = kinds  # type: ignore[attr-defined]


class ChangeForm(RefusableForm):
    """The fields of one kind of change, filled with what stands in the strategy now."""

    def __init__(
        self, data: Any, *, kind: ChangeKind, item: Item | None, code: str, content: Content
    ) -> None:
        super().__init__(data)
        self.kind, self.item, self.code = kind, item, code
        self.content = content
        for name in kind.fields:
            if name not in NOT_IN_FORMS and (item is None or hasattr(item, name)) and kind.key != "strike":
                self.fields[name] = self._field(name)
                self.initial[name] = shown(name, getattr(item, name)) if item else None
                if name != "state":
                    keep_choice(self.fields[name], self.initial[name])
        self.fields["reason"] = forms.CharField(
            label=_("Begründung"),
            max_length=2000,
            required=kind.needs_reason,
            widget=forms.Textarea({"rows": 3}),
        )

    def as_draft(self) -> ChangeDraft:
        """What was changed in the form."""
        fields = {}
        for name in self.fields:
            if name == "reason":
                continue
            value = self.cleaned_data[name]
            if isinstance(value, str):
                value = value.replace("\r\n", "\n")  # browsers end the lines of a form so
            if self.item is None and value in (None, "", [], False):
                continue
            if self.item is None or value != clean(self.fields[name], self.initial.get(name)):
                fields[name] = self._value(name, value)
        code = self.code
        if self.kind.adds and code.startswith("HF-"):
            fields["field"], code = code, ""
        return ChangeDraft(self.kind.key, code, fields, self.cleaned_data["reason"])

    def _field(self, name: str) -> forms.Field:
        make = FIELDS.get(name)
        if make is not None:
            found = make(self)
        elif name in LONG:
            found = forms.CharField(max_length=4000, widget=forms.Textarea({"rows": 4}))
        else:
            found = forms.CharField(max_length=300)
        found.label = field_word(name)
        found.required = name in {"title", "name", "about"} or (
            self.kind.key == "reschedule" and name == "period"
        )
        return found

    def _value(self, name: str, value: Any) -> Any:
        """The cleaned value as the item's JSON has it; entries that stay keep what was said about them."""
        item = self.item
        if name == "sdgs":
            return [int(part) if part.isdecimal() else part for part in listed(value)]
        if name == "checks":
            return [line.strip() for line in value.splitlines() if line.strip()]
        if name == "challenges":
            return listed(value)
        if name in {"dependencies", "indicators"}:
            known = {one.code: one for one in getattr(item, name)} if isinstance(item, Measure) else {}
            struct = Dependency if name == "dependencies" else IndicatorLink
            return [plain_part(known.get(code) or struct(code)) for code in listed(value)]
        if name == "spatial":
            old = item.spatial if isinstance(item, Measure) else Spatial()
            return {**plain_part(old), "types": value}
        if name == "evaluate_on":
            return value.isoformat() if value else None
        return value


def plain_part(part: Any) -> dict[str, Any]:
    """A part of an item as its JSON has it."""
    found: dict[str, Any] = msgspec.to_builtins(part)
    return found


def listed(text: str) -> list[str]:
    """`M-1.1.1, M-1.1.2` or one code a line."""
    return [part.strip() for part in text.replace("\n", ",").replace(";", ",").split(",") if part.strip()]


def shown(name: str, value: Any) -> Any:
    """An item's value as the form's field shows it."""
    if name in {"period", "funding"}:
        return value.text
    if name == "spatial":
        return list(value.types)
    if name in {"dependencies", "indicators"}:
        return ", ".join(one.code for one in value)
    if name == "checks":
        return "\n".join(value)
    if name in {"sdgs", "challenges"}:
        return ", ".join(str(one) for one in value)
    if name == "tags":
        return list(value)
    return value


def clean(field: forms.Field, value: Any) -> Any:
    """The initial value as the field cleans what a browser sends back unchanged."""
    if isinstance(field, forms.CharField):
        return "" if value is None else str(value).strip()
    return [] if value is None and isinstance(field, forms.MultipleChoiceField) else value


def keep_choice(field: forms.Field, value: Any) -> None:
    """Offer what stands in the item also where the list does not have it, so that saving another field does not empty it."""
    if isinstance(field, forms.ChoiceField) and isinstance(value, str) and not field.valid_value(value):
        field.choices = [*field.choices, (value, value)]  # type: ignore[misc]


def _states(form: ChangeForm) -> forms.Field:
    steps: tuple[str, ...] = START if form.kind.adds else ()
    if isinstance(form.item, Measure):
        steps = STEPS.get(form.item.state, ())
    first = [("", gettext("nicht festgelegt"))] if form.kind.adds else []
    return forms.ChoiceField(choices=[*first, *((step, state_word(step)) for step in steps)])


def _organisations(form: ChangeForm) -> forms.Field:
    tree = [(one.organisation.key, INDENT * one.depth + one.organisation.name) for one in branches()]
    return forms.ChoiceField(choices=[("", gettext("nicht festgelegt")), *tree])


def _choice(choices: Any) -> Callable[[ChangeForm], forms.Field]:
    return lambda _form: forms.ChoiceField(choices=choices)


def _boxes(choices: Any) -> Callable[[ChangeForm], forms.Field]:
    return lambda _form: forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)


def _codes(hint: Any) -> Callable[[ChangeForm], forms.Field]:
    return lambda _form: forms.CharField(max_length=2000, help_text=hint)


FIELDS: Final[Mapping[str, Callable[[ChangeForm], forms.Field]]] = {
    "period": lambda _form: forms.CharField(
        max_length=200, help_text=_("Wie „2027-2028“, „ab Q2.2027“, „laufend“")
    ),
    "funding": lambda _form: forms.CharField(max_length=300, help_text=_("Wie „Eigenmittel“ oder „offen“")),
    "state": _states,
    "owner": _organisations,
    "tags": _boxes([(key, _(word)) for key, word in TAGS.items()]),
    "spatial": _boxes(TYPES),
    "sdgs": _codes(_("Nummern von 1 bis 17, mit Komma getrennt")),
    "main_sdg": lambda _form: forms.IntegerField(min_value=1, max_value=17),
    "dependencies": _codes(_("Nummern von Maßnahmen, mit Komma getrennt")),
    "challenges": _codes(_("Wie C-3, mit Komma getrennt")),
    "indicators": _codes(_("Codes von Kennzahlen, mit Komma getrennt")),
    "checks": lambda _form: forms.CharField(
        max_length=2000, widget=forms.Textarea({"rows": 4}), help_text=_("Je Zeile eine Frage")
    ),
    "evaluate_on": lambda _form: DayField(),
    "direction": lambda _form: forms.ChoiceField(
        choices=[("", gettext("nicht festgelegt")), *((word, direction_word(word)) for word in DIRECTIONS)]
    ),
    "kind": lambda _form: forms.ChoiceField(
        choices=[("", gettext("nicht festgelegt")), *((word, kind_word(word)) for word in KINDS_OF_INDICATOR)]
    ),
    "interval": _choice(INTERVALS),
    "chain": _choice(CHAIN),
    "expected_delay_days": lambda _form: forms.IntegerField(min_value=0, max_value=3660),
    "is_active": lambda _form: forms.BooleanField(),
    "priority": lambda _form: forms.BooleanField(),
    "is_context": lambda _form: forms.BooleanField(),
    "about": _codes(_("Nummer des Teils, um den es geht; S für die ganze Strategie")),
}
