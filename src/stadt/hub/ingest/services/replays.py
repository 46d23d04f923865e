"""Asks for kept messages to be read again by a corrected profile."""

from django.db import transaction
from django.utils.translation import gettext as _

from stadt.core.audit import record
from stadt.core.errors import Conflict
from stadt.core.jobs import defer
from stadt.core.people.actor import Actor
from stadt.hub.ingest.models import Device, DeviceProfile, RawFrame, Replay
from stadt.hub.ingest.rights import MANAGE


@transaction.atomic
def request_replay(actor: Actor, profile: DeviceProfile, device: Device | None = None) -> Replay:
    """Have kept messages read again by the profile as it is now: of one device, or of all with this profile.

    Raises:
        Conflict: while such a run is under way.
    """
    actor.require(MANAGE, device.source.organisation_id if device else None)
    DeviceProfile.objects.select_for_update().get(pk=profile.pk)
    if profile.replays.exclude(state=Replay.State.DONE).exists():
        raise Conflict(_("Für dieses Profil läuft schon eine Neuauswertung."))
    frames = RawFrame.objects.filter(device__profile=profile)
    if device:
        frames = frames.filter(device=device)
    replay = Replay.objects.create(profile=profile, device=device, total=frames.count())
    record(actor, "request_replay", f"profile:{profile.pk}", {"replay": replay.pk, "frames": replay.total})
    defer("ingest.replay", replay_id=replay.pk)
    return replay
