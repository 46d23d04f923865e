"""The forms of a team's page: take somebody in, name a partner, note the staff council."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadt.apps.strategy.teams.kinds import Consultation, MemberKind, PartnerRole
from stadt.core.people.tree import branches
from stadt.web.refusals import DayField, RefusableForm

INDENT = "\u2003"  # a wide space for each step down the tree; the name stands behind


class OrganisationForm(RefusableForm):
    """What needs an organisation of the city's tree, and days."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    since = DayField(label=_("ab"), required=False, help_text=_("Ohne Angabe ab heute"))
    until = DayField(label=_("bis einschließlich"), required=False, help_text=_("Ohne Angabe ohne Ende"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.organisation.key, INDENT * one.depth + one.organisation.name) for one in branches()]
        self.fields["organisation"].choices = choices  # type: ignore[attr-defined]


class MemberForm(OrganisationForm):
    """Take somebody into the team."""

    user = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=254,
        help_text=_("Die Adresse, mit der sich dieser Mensch anmeldet"),
    )
    kind = forms.ChoiceField(label=_("Aufgabe im Team"), choices=MemberKind.choices)
    field_order = ("user", "kind", "organisation", "since", "until")


class PartnerForm(OrganisationForm):
    """Say what an organisation does for the measure."""

    role = forms.ChoiceField(label=_("Beitrag"), choices=PartnerRole.choices)
    field_order = ("organisation", "role", "since", "until")


class StaffCouncilForm(RefusableForm):
    """How far the staff council was asked."""

    state = forms.ChoiceField(label=_("Stand"), choices=Consultation.choices, required=False)
    on = DayField(label=_("am"), required=False)
    note = forms.CharField(label=_("Hinweis"), required=False, max_length=500)
