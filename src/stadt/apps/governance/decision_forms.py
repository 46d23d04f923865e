"""The form a decision is worded in, and the one it is taken in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadt.apps.governance.kinds import DecisionKind
from stadt.apps.governance.models import Body, Draft
from stadt.apps.governance.services.decisions import Wording
from stadt.web.refusals import DayField, RefusableForm


class WordingForm(RefusableForm):
    """A decision as it is to be put before a body."""

    body = forms.ChoiceField(label=_("Gremium"))
    kind = forms.ChoiceField(label=_("Art"), choices=DecisionKind.choices)
    subjects = forms.CharField(
        label=_("Worum es geht"), required=False, max_length=4000, widget=forms.Textarea({"rows": 2}),
        help_text=_("Nummern von Maßnahmen, Kennzahlen oder Handlungsfeldern, durch Leerzeichen oder Komma getrennt"),
    )  # fmt: skip
    title = forms.CharField(label=_("Titel"), max_length=200, help_text=_("Alle können ihn lesen."))
    public_text = forms.CharField(
        label=_("Was beschlossen wird"), required=False, max_length=1500, widget=forms.Textarea({"rows": 4}),
        help_text=_("Alle können es lesen."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Begründung"),
        max_length=10_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Bleibt intern."),
    )
    paper_number = forms.CharField(label=_("Nummer der Drucksache"), required=False, max_length=60)
    paper_url = forms.CharField(label=_("Adresse der Drucksache"), required=False, max_length=500)
    oparl_id = forms.CharField(
        label=_("Adresse im Ratsinformationssystem (OParl)"), required=False, max_length=500
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Body.objects.filter(is_planned=False).order_by("pk")
        self.fields["body"].choices = [(body.key, body.name) for body in bodies]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(draft: Draft) -> dict[str, str]:
        """What the form shows of a draft."""
        plain = ("kind", "title", "public_text", "reason", "paper_number", "paper_url", "oparl_id")
        return {
            "body": draft.body.key,
            "subjects": " ".join(draft.subjects),
            **{name: getattr(draft, name) for name in plain},
        }

    def as_wording(self) -> Wording:
        """The wording as the service takes it."""
        data = dict(self.cleaned_data)
        data["subjects"] = data["subjects"].replace(",", " ").split()
        return Wording(**data)


class DecideForm(RefusableForm):
    """Take the decision."""

    decided_on = DayField(label=_("Beschlossen am"), required=False, help_text=_("Ohne Angabe heute"))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
