"""Writes about devices."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid
from stadt.core.people.actor import Actor
from stadt.hub.ingest.models import Device, DeviceProfile, Source
from stadt.hub.ingest.rights import MANAGE
from stadt.hub.ingest.services.names import DEVICE_ID
from stadt.hub.ingest.things import register_devices


@dataclass(frozen=True, slots=True)
class DeviceDraft:
    """A device as somebody wants it; `lon`, `lat` in WGS 84 degrees, both or none."""

    device_id: str
    profile: DeviceProfile
    title: str = ""
    lon: float | None = None
    lat: float | None = None
    enabled: bool = True


@transaction.atomic
def add_device(actor: Actor, source: Source, draft: DeviceDraft) -> Device:
    """Make a device known before its first message. Raises Invalid, Conflict."""
    actor.require(MANAGE, source.organisation_id)
    if not DEVICE_ID.match(draft.device_id):
        text = _("Die Geräte-ID besteht aus Buchstaben, Ziffern, Punkt und Bindestrichen.")
        raise Invalid(text, fields=(FieldError("device_id", draft.device_id[:64]),))
    _require_position(draft)
    try:
        with transaction.atomic():
            device = Device.objects.create(
                source=source, device_id=draft.device_id, profile=draft.profile, title=draft.title.strip(),
                lon=draft.lon, lat=draft.lat, is_placed=draft.lon is not None, enabled=draft.enabled,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(
            _("Das Gerät „%(name)s“ gibt es in dieser Quelle schon.") % {"name": draft.device_id}
        ) from None
    record(actor, "add_device", f"device:{device.pk}", {"profile": draft.profile.pk})
    return device


@transaction.atomic
def change_device(actor: Actor, device: Device, draft: DeviceDraft) -> Device:
    """Change name, place, profile or whether its messages are taken; its Thing follows.

    Without `lon`/`lat` the device is where its network says. The profile of a device with readings can only be
    changed for one of the same category.
    """
    actor.require(MANAGE, device.source.organisation_id)
    _require_position(draft)
    if device.thing_id and draft.profile.category != device.profile.category:
        text = _("Dieses Gerät hat schon Werte einer anderen Art von Ding; legen Sie ein neues Gerät an.")
        raise Invalid(text, fields=(FieldError("profile", draft.profile.key),))
    device.title, device.profile, device.enabled = draft.title.strip(), draft.profile, draft.enabled
    device.is_placed = draft.lon is not None
    if device.is_placed:
        device.lon, device.lat = draft.lon, draft.lat
    device.save(update_fields=("title", "profile", "enabled", "is_placed", "lon", "lat"))
    record(
        actor, "change_device", f"device:{device.pk}", {"profile": draft.profile.pk, "enabled": draft.enabled}
    )
    if device.thing_id:
        register_devices([device])
    return device


def _require_position(draft: DeviceDraft) -> None:
    if (draft.lon is None) != (draft.lat is None):
        missing = "lon" if draft.lon is None else "lat"
        raise Invalid(_("Eine Lage braucht Länge und Breite."), fields=(FieldError(missing, _("fehlt")),))
    for name, value, limit in (("lon", draft.lon, 180), ("lat", draft.lat, 90)):
        if value is not None and not -limit <= value <= limit:
            raise Invalid(_("Diese Lage gibt es nicht."), fields=(FieldError(name, str(value)),))
