"""The forms of the bodies' pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stadt.apps.governance.kinds import SeatRole
from stadt.web.refusals import DayField, RefusableForm


class SeatForm(RefusableForm):
    """Give somebody a seat."""

    user = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=254,
        help_text=_("Die Adresse, mit der sich dieser Mensch anmeldet"),
    )
    role = forms.ChoiceField(label=_("Rolle im Gremium"), choices=SeatRole.choices, initial=SeatRole.MEMBER)
    since = DayField(label=_("ab"), required=False, help_text=_("Ohne Angabe ab heute"))
    until = DayField(label=_("bis einschließlich"), required=False, help_text=_("Ohne Angabe ohne Ende"))
