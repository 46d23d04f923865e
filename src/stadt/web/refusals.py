"""Forms whose fields are judged by a service: its refusal stands beside the fields it names. And the field for a day."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.errors import StadtError

FURTHEST_YEARS = 50


class RefusableForm(forms.Form):
    """A form that shows a refusal beside the fields it names."""

    def show(self, error: StadtError) -> None:
        """Write the refusal into the form; what it says of no field of the form stands above it."""
        for item in error.fields:
            self.add_error(item.field if item.field in self.fields else None, item.message)
        if not error.fields:
            self.add_error(None, error.detail)


class DayField(forms.DateField):
    """A day, chosen from a calendar where the browser has one; a day of another century is a slip of the hand."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)

    def clean(self, value: Any) -> Any:
        """Refuse days that lie too far away."""
        found = super().clean(value)
        if found is not None and abs(found.year - timezone.localdate().year) > FURTHEST_YEARS:
            raise forms.ValidationError(gettext("Dieser Tag liegt zu weit weg."))
        return found
