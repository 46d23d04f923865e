"""The form of a station."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stadt.apps.environment.models import Station, Surroundings
from stadt.apps.environment.queries import free_things
from stadt.apps.environment.services import StationDraft
from stadt.web.refusals import RefusableForm


class StationForm(RefusableForm):
    """A station of the list. The number is asked for once."""

    number = forms.SlugField(label=_("Nummer"), max_length=40, help_text=_("Zum Beispiel U-12"))
    title = forms.CharField(
        label=_("Standort"), max_length=120, help_text=_("Zum Beispiel: Marktplatz, Nordseite")
    )
    surroundings = forms.ChoiceField(label=_("Umgebung"), choices=Surroundings.choices)
    lat = forms.FloatField(
        label=_("Geografische Breite"), min_value=-90, max_value=90, help_text=_("WGS 84, z. B. 51,55")
    )
    lon = forms.FloatField(
        label=_("Geografische Länge"), min_value=-180, max_value=180, help_text=_("WGS 84, z. B. 7,06")
    )
    thing_key = forms.ChoiceField(label=_("Sensor"), help_text=_("Geräte, die öffentlich Umweltwerte melden"))

    def __init__(self, *args: Any, station: Station | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        things: Any = self.fields["thing_key"]
        known = free_things(station.thing_key if station else "")
        if station and station.thing_key not in dict(known):
            known.append((station.thing_key, station.thing_key))
        things.choices = [(key, f"{name} ({key})") for key, name in known]
        self.station = station
        if station:
            del self.fields["number"]

    def as_draft(self) -> StationDraft:
        """The station as the service takes it."""
        data = dict(self.cleaned_data)
        if self.station:
            data["number"] = self.station.number
            data["is_simulated"] = self.station.is_simulated
        return StationDraft(**data)
