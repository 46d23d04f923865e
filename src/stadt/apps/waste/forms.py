"""The form of a container."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadt.apps.waste.models import Container, ContainerKind
from stadt.apps.waste.queries import free_things
from stadt.apps.waste.services import LARGEST_L, ContainerDraft
from stadt.web.refusals import RefusableForm


class ContainerForm(RefusableForm):
    """A container of the inventory. The number is asked for once."""

    number = forms.SlugField(
        label=_("Nummer"), max_length=40, help_text=_("Steht auf dem Behälter, zum Beispiel P-0815")
    )
    kind = forms.ChoiceField(label=_("Art"), choices=ContainerKind.choices)
    title = forms.CharField(
        label=_("Standort"), max_length=120, help_text=_("Zum Beispiel: Marktplatz, Nordseite")
    )
    lat = forms.FloatField(
        label=_("Geografische Breite"), min_value=-90, max_value=90, help_text=_("WGS 84, z. B. 51,55")
    )
    lon = forms.FloatField(
        label=_("Geografische Länge"), min_value=-180, max_value=180, help_text=_("WGS 84, z. B. 7,06")
    )
    capacity_l = forms.IntegerField(
        label=_("Fassungsvermögen (Liter)"), required=False, min_value=1, max_value=LARGEST_L
    )
    thing_key = forms.ChoiceField(
        label=_("Sensor"), required=False, help_text=_("Geräte, die einen öffentlichen Füllstand melden")
    )

    def __init__(self, *args: Any, container: Container | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        things: Any = self.fields["thing_key"]
        known = free_things(container.thing_key if container else "")
        if container and container.thing_key and container.thing_key not in dict(known):
            known.append((container.thing_key, container.thing_key))
        things.choices = [("", _("kein Sensor")), *((key, f"{name} ({key})") for key, name in known)]
        self.container = container
        if container:
            del self.fields["number"]

    def as_draft(self) -> ContainerDraft:
        """The container as the service takes it."""
        data = dict(self.cleaned_data)
        if self.container:
            data["number"] = self.container.number
            data["is_simulated"] = self.container.is_simulated
        return ContainerDraft(**data)
