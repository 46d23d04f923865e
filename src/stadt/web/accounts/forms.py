"""Forms of the pages about signing in."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stadt.core.people.factors import LONGEST_GRACE_DAYS, Audience


class PolicyForm(forms.Form):
    """From whom a second factor is demanded."""

    audience = forms.ChoiceField(
        label=_("Wer braucht einen zweiten Faktor?"),
        choices=(
            (Audience.NOBODY.value, _("Niemand; wer mag, richtet einen ein")),
            (Audience.STAFF.value, _("Alle, die eine Rolle haben")),
            (Audience.EVERYBODY.value, _("Alle mit einem Konto")),
        ),
        widget=forms.RadioSelect,
    )
    counts_from = forms.DateField(
        label=_("Ab wann?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Vorher werden die Betroffenen nach dem Anmelden daran erinnert."),
    )
    grace_days = forms.IntegerField(
        label=_("Frist in Tagen"),
        min_value=0,
        max_value=LONGEST_GRACE_DAYS,
        initial=14,
        required=False,
        help_text=_(
            "So lange darf, wer neu dazukommt oder noch keinen hat, weiterarbeiten. 0 für gar nicht."
        ),
    )

    def clean_grace_days(self) -> int:
        """No entry is no grace."""
        return self.cleaned_data["grace_days"] or 0

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        if not self.initial.get("counts_from"):
            self.initial["counts_from"] = timezone.localdate()


def show_refusal(form: forms.Form, fields: tuple[object, ...], detail: str) -> None:
    """Write a verb's refusal beside the fields it names, else above the form."""
    shown = False
    for item in fields:
        name = getattr(item, "field", "")
        if name in form.fields:
            form.add_error(name, getattr(item, "message", detail))
            shown = True
    if not shown:
        form.add_error(None, detail)
