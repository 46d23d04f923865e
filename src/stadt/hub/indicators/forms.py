"""The form that narrows the public list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stadt.core.unseen import UNSEEN

ARTS = (
    ("", _("alle")),
    ("berechnet", _("von der Plattform berechnet")),
    ("gefuehrt", _("von der Stadt geführt")),
)
STATES = (
    ("", _("alle")),
    ("mit", _("mit Wert")),
    ("ohne", _("ohne Wert")),
    ("simuliert", _("simuliert oder Beispiel")),
)


class FilterForm(forms.Form):
    """Words, where figures come from, and whether there is one."""

    suche = forms.CharField(label=_("Suche"), required=False, max_length=100)
    art = forms.ChoiceField(label=_("Herkunft"), required=False, choices=ARTS)
    status = forms.ChoiceField(label=_("Stand"), required=False, choices=STATES)

    def clean_suche(self) -> str:
        """Signs that nobody sees find nothing, and no database keeps."""
        return UNSEEN.sub("", self.cleaned_data["suche"])
