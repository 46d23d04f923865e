"""What the list of datasets can be narrowed to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.catalogue.finding import FacetValue, Found


class CatalogueFilter(forms.Form):
    """Words, theme and format; each choice says how many datasets it leaves."""

    q = forms.CharField(label=_("Suchwörter"), required=False, max_length=100)
    thema = forms.ChoiceField(label=_("Thema"), required=False)
    format = forms.ChoiceField(label=_("Format"), required=False)

    def __init__(self, found: Found, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("thema", gettext("Alle Themen"), found.themes)
        self._choices("format", gettext("Alle Formate"), found.formats)

    def _choices(self, name: str, everything: str, values: Sequence[FacetValue]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", everything),
                *((value.key, f"{value.title} ({value.count})") for value in values),
            ]
