"""The forms about people: who gets which role where, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.people.presentation import areas
from stadt.core.people.actor import Actor
from stadt.core.people.models import Role
from stadt.core.people.reach import Reach
from stadt.core.people.tree import branches
from stadt.web.refusals import DayField

INDENT = "\u2003"  # a wide space for each step down the tree; the name stands behind


def organisation_choices(within: frozenset[int]) -> list[tuple[str, str]]:
    """Organisations in the order of the tree, each further in than the one above."""
    return [(one.organisation.key, INDENT * one.depth + one.organisation.name) for one in branches(within)]


def role_choices(actor: Actor, reach: Reach) -> list[tuple[str, str]]:
    """The roles that the actor could give somewhere."""
    return [
        (role.key, role.title)
        for role in Role.objects.order_by("title")
        if any(all(actor.can_give(key, place) for key in role.permissions) for place in reach.organisations)
    ]


class SearchForm(forms.Form):
    """What the list of people is narrowed to."""

    q = forms.CharField(label=_("Name oder E-Mail-Adresse"), required=False, max_length=100)
    organisation = forms.ChoiceField(label=_("Organisation, mit allen darunter"), required=False)
    rolle = forms.ChoiceField(label=_("Rolle"), required=False)
    konto = forms.ChoiceField(
        label=_("Konto"),
        required=False,
        choices=(("", _("alle")), ("active", _("in Gebrauch")), ("inactive", _("stillgelegt"))),
    )

    def __init__(self, reach: Reach, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        everything = ("", gettext("alle"))
        organisation: Any = self.fields["organisation"]
        organisation.choices = [everything, *organisation_choices(reach.organisations)]
        role: Any = self.fields["rolle"]
        role.choices = [everything, *Role.objects.order_by("title").values_list("key", "title")]


class RoleGrantForm(forms.Form):
    """A role in an organisation, for a time."""

    role = forms.ChoiceField(label=_("Rolle"))
    organisation = forms.ChoiceField(
        label=_("Organisation"), help_text=_("Die Rolle gilt hier und in allen darunter.")
    )
    until = DayField(
        label=_("Gilt bis einschließlich"),
        required=False,
        help_text=_("Leer lassen, wenn sie kein Ende hat."),
    )

    def __init__(self, actor: Actor, reach: Reach, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        role: Any = self.fields["role"]
        role.choices = role_choices(actor, reach)
        organisation: Any = self.fields["organisation"]
        organisation.choices = organisation_choices(reach.organisations)


class InvitationForm(RoleGrantForm):
    """Whom to invite, for which role."""

    email = forms.EmailField(label=_("E-Mail-Adresse"))
    field_order = ("email", "role", "organisation", "until")


class DeputyForm(forms.Form):
    """Who acts for somebody, where, and until when."""

    deputy = forms.EmailField(
        label=_("E-Mail-Adresse der Vertretung"),
        help_text=_("Jemand, der selbst eine Rolle in dieser Stadt hat."),
    )
    organisation = forms.ChoiceField(label=_("Wo"), help_text=_("Hier und in allen Organisationen darunter."))
    since = DayField(label=_("Von"), required=False, help_text=_("Leer lassen für ab sofort."))
    until = DayField(label=_("Bis einschließlich"), help_text=_("Höchstens ein Jahr."))

    def __init__(self, places: frozenset[int], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        organisation: Any = self.fields["organisation"]
        organisation.choices = organisation_choices(places)


class NameForm(forms.Form):
    """An organisation's name."""

    name = forms.CharField(label=_("Name"), max_length=200)


class MoveForm(forms.Form):
    """Where an organisation hangs."""

    parent = forms.ChoiceField(
        label=_("Steht unter"), help_text=_("Rechte von weiter oben gelten danach auch hier.")
    )

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        parent: Any = self.fields["parent"]
        parent.choices = choices


class _Permissions(forms.Form):
    """Boxes for permissions, one field for each area."""

    def add_areas(self, allowed: Iterable[str], checked: Iterable[str] = ()) -> None:
        """Add the areas that have one of the allowed permissions."""
        known, ticked = frozenset(allowed), frozenset(checked)
        for area in areas():
            choices = [(one.key, gettext(one.title)) for one in area.permissions if one.key in known]
            if choices:
                self.fields[f"area_{area.key}"] = forms.MultipleChoiceField(
                    label=area.title,
                    choices=choices,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    initial=[key for key, _title in choices if key in ticked],
                )

    def permissions(self) -> list[str]:
        """The keys that were ticked."""
        names = [name for name in self.fields if name.startswith("area_")]
        return [key for name in names for key in self.cleaned_data[name]]


class RoleForm(_Permissions):
    """A role's name and what it allows."""

    title = forms.CharField(label=_("Name der Rolle"), max_length=200)

    def __init__(self, allowed: Iterable[str], checked: Iterable[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.add_areas(allowed, checked)


class TokenForm(_Permissions):
    """What a token is for, where it counts, until when, and what it may."""

    title = forms.CharField(
        label=_("Wofür ist das Token?"),
        max_length=200,
        help_text=_("Zum Beispiel: Prometheus, oder Auszug für das Dashboard"),
    )
    organisation = forms.ChoiceField(
        label=_("Organisation"), help_text=_("Das Token gilt hier und in allen darunter.")
    )
    expires_on = DayField(label=_("Gültig bis einschließlich"), help_text=_("Höchstens zwei Jahre."))

    def __init__(self, allowed: Iterable[str], places: frozenset[int], *args: Any, **more: Any) -> None:
        more.setdefault("initial", {"expires_on": timezone.localdate() + timedelta(days=365)})
        super().__init__(*args, **more)
        organisation: Any = self.fields["organisation"]
        organisation.choices = organisation_choices(places)
        self.add_areas(allowed)
