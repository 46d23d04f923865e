"""What the protocol calls this app's writes, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.apps.environment.models import Station
from stadt.core.manifest import Subject, Verb


def _station(pk: str) -> str | None:
    found = (
        Station.objects.filter(pk=int(pk)).values_list("number", flat=True).first() if pk.isdigit() else None
    )
    return reverse("environment:station", kwargs={"number": found}) if found else None


VERBS = (
    Verb("add_stations", _("Messstationen eingetragen")),
    Verb("change_station", _("Messstation geändert")),
    Verb("remove_station", _("Messstation entfernt")),
)
SUBJECTS = (
    Subject("station", _("Messstation"), _station),
    Subject("stations", _("Messstationen")),
)
