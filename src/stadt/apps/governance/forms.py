"""The forms of the bodies' pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.governance.kinds import SeatRole
from stadt.core.errors import StadtError

FURTHEST_YEARS = 50


class DayField(forms.DateField):
    """A day, as browsers ask for it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)

    def clean(self, value: Any) -> Any:
        """Refuse days of other centuries."""
        found = super().clean(value)
        if found is not None and abs(found.year - timezone.localdate().year) > FURTHEST_YEARS:
            raise forms.ValidationError(gettext("Dieser Tag liegt zu weit weg."))
        return found


class TellingForm(forms.Form):
    """A form that shows a refusal beside the fields it names."""

    def show(self, error: StadtError) -> None:
        """Write the refusal into the form."""
        for item in error.fields:
            self.add_error(item.field if item.field in self.fields else None, item.message)
        if not error.fields:
            self.add_error(None, error.detail)


class SeatForm(TellingForm):
    """Give somebody a seat."""

    user = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=254,
        help_text=_("Die Adresse, mit der sich dieser Mensch anmeldet"),
    )
    role = forms.ChoiceField(label=_("Rolle im Gremium"), choices=SeatRole.choices, initial=SeatRole.MEMBER)
    since = DayField(label=_("ab"), required=False, help_text=_("Ohne Angabe ab heute"))
    until = DayField(label=_("bis einschließlich"), required=False, help_text=_("Ohne Angabe ohne Ende"))
