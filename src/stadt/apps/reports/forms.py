"""The forms of those who make reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.reports.services import LONGEST_PAPER, MOST_MONTHS
from stadt.apps.reports.workflow import KINDS
from stadt.web.refusals import RefusableForm


def _regular_kinds() -> list[tuple[str, Any]]:
    return [(kind.key, gettext(kind.title)) for kind in KINDS.values() if kind.is_regular]


class OrderForm(RefusableForm):
    """What a report needs beside what the platform knows."""

    kind = forms.ChoiceField(label=_("Art des Berichts"), choices=_regular_kinds)
    paper = forms.CharField(
        label=_("Nummer der Vorlage"),
        required=False,
        max_length=LONGEST_PAPER,
        help_text=_("Wenn sie schon vergeben ist. Sie steht auf der ersten Seite."),
    )
    asks = forms.CharField(
        label=_("Worüber der Rat entscheiden soll"),
        required=False,
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Jede Entscheidung in einer eigenen Zeile. Leer, wenn der Bericht nur zur Kenntnis geht. Keine Namen."
        ),
    )


class CalendarForm(RefusableForm):
    """How often, and when next."""

    kind = forms.ChoiceField(label=_("Art des Berichts"), choices=_regular_kinds)
    months = forms.IntegerField(label=_("Alle wie viele Monate"), min_value=1, max_value=MOST_MONTHS)
    next_due = forms.DateField(
        label=_("Nächster Bericht bis"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )
