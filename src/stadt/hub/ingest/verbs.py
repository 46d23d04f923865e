"""What the protocol calls this app's writes, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb
from stadt.hub.ingest.models import Device, DeviceProfile, Source


def _source(pk: str) -> str | None:
    slug = Source.objects.filter(pk=int(pk)).values_list("slug", flat=True).first() if pk.isdigit() else None
    return reverse("ingest:source", kwargs={"slug": slug}) if slug else None


def _profile(pk: str) -> str | None:
    key = (
        DeviceProfile.objects.filter(pk=int(pk)).values_list("key", flat=True).first()
        if pk.isdigit()
        else None
    )
    return reverse("ingest:profile", kwargs={"key": key}) if key else None


def _device(pk: str) -> str | None:
    found = (
        Device.objects.filter(pk=int(pk)).values_list("source__slug", "pk").first() if pk.isdigit() else None
    )
    return reverse("ingest:device", kwargs={"slug": found[0], "device_id": found[1]}) if found else None


VERBS = (
    Verb("add_device", _("Gerät angelegt")),
    Verb("change_device", _("Gerät geändert")),
    Verb("change_profile", _("Geräteprofil geändert")),
    Verb("change_source", _("Datenquelle geändert")),
    Verb("create_profile", _("Geräteprofil angelegt")),
    Verb("create_source", _("Datenquelle angelegt")),
    Verb("remove_source", _("Datenquelle entfernt")),
    Verb("request_replay", _("Neuauswertung verlangt")),
)
SUBJECTS = (
    Subject("device", _("Gerät"), _device),
    Subject("profile", _("Geräteprofil"), _profile),
    Subject("source", _("Datenquelle"), _source),
)
