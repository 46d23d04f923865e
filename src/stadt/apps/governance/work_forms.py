"""The forms of meetings, ideas, sector strategies and statements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import AlignmentState, IdeaKind, IdeaState, ItemKind
from stadt.apps.governance.models import Body
from stadt.core.people.tree import branches
from stadt.web.refusals import DayField, RefusableForm

INDENT = "\u2003"  # a wide space for each step down the tree; the name stands behind


class MeetingForm(RefusableForm):
    """Plan a meeting."""

    body = forms.ChoiceField(label=_("Gremium"))
    held_on = DayField(label=_("am"))
    title = forms.CharField(label=_("Titel"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Body.objects.filter(is_planned=False).order_by("pk")
        self.fields["body"].choices = [(body.key, body.name) for body in bodies]  # type: ignore[attr-defined]


class ItemForm(RefusableForm):
    """Put something on the agenda."""

    kind = forms.ChoiceField(label=_("Art"), choices=ItemKind.choices)
    subject = forms.CharField(
        label=_("Nummer"), required=False, max_length=40, help_text=_("Bei einer Maßnahme ihre Nummer")
    )
    title = forms.CharField(label=_("Titel"), max_length=200)


class IdeaForm(RefusableForm):
    """Tell an idea or an obstacle."""

    kind = forms.ChoiceField(label=_("Art"), choices=IdeaKind.choices)
    title = forms.CharField(label=_("Titel"), max_length=120)
    text = forms.CharField(label=_("Worum es geht"), max_length=2000, widget=forms.Textarea({"rows": 5}))
    code = forms.CharField(
        label=_("Nummer der Maßnahme oder des Handlungsfelds"), required=False, max_length=40
    )


class IdeaAnswerForm(RefusableForm):
    """Answer it."""

    state = forms.ChoiceField(
        label=_("Was daraus wird"),
        choices=[(one.value, one.label) for one in (IdeaState.TAKEN_UP, IdeaState.ANSWERED)],
    )
    answer = forms.CharField(label=_("Antwort"), max_length=2000, widget=forms.Textarea({"rows": 5}))


class SectorForm(RefusableForm):
    """Link a sector strategy."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    title = forms.CharField(label=_("Titel"), max_length=200)
    codes = forms.CharField(
        label=_("Handlungsfelder und Maßnahmen"), max_length=4000, widget=forms.Textarea({"rows": 2}),
        help_text=_("Nummern, durch Leerzeichen oder Komma getrennt"),
    )  # fmt: skip
    url = forms.CharField(label=_("Adresse im Netz"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.organisation.key, INDENT * one.depth + one.organisation.name) for one in branches()]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]


class AlignmentForm(RefusableForm):
    """Say how a sector strategy goes with one code."""

    code = forms.CharField(label=_("Nummer"), max_length=40)
    state = forms.ChoiceField(label=_("Stand"), choices=AlignmentState.choices)
    note = forms.CharField(
        label=_("Begründung"), required=False, max_length=1000, help_text=_("Nötig bei einem Widerspruch")
    )


class StatementForm(RefusableForm):
    """Give a statement on an edition."""

    edition = forms.ChoiceField(label=_("Fassung der Strategie"))
    title = forms.CharField(label=_("Titel"), max_length=200)
    text = forms.CharField(label=_("Stellungnahme"), max_length=20_000, widget=forms.Textarea({"rows": 8}))
    given_on = DayField(label=_("am"), required=False, help_text=_("Ohne Angabe heute"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].choices = [(name, name) for name in strategy.editions()]  # type: ignore[attr-defined]
