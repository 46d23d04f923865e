"""Containers with readings of their own."""

from datetime import datetime

from django.utils import timezone

from stadt.apps.waste.demo import FLEET, PROFILE
from stadt.apps.waste.models import Container
from stadt.apps.waste.services import ContainerDraft, add_containers
from stadt.core.people.models import Organisation
from stadt.hub.ingest import services
from stadt.hub.ingest.demo import ACTOR
from stadt.hub.ingest.intake import accept_uplinks
from stadt.hub.ingest.models import DeviceProfile, Source
from stadt.hub.ingest.tts import Uplink


def make_source() -> Source:
    """A source whose devices measure fill levels."""
    organisation = Organisation.objects.get_or_create(key="stadt", defaults={"name": "Stadt"})[0]
    profile = DeviceProfile.objects.filter(key=PROFILE.key).first() or services.create_profile(ACTOR, PROFILE)
    return services.create_source(
        ACTOR, slug=FLEET.key, title="Netz", organisation=organisation, default_profile=profile
    )


def draft(number: int = 0, *, thing_key: str | None = None, is_simulated: bool = False) -> ContainerDraft:
    """A container for the device with this number."""
    return ContainerDraft(
        number=f"P-{number + 1}", kind="paper", title=f"Platz {number + 1}", lon=7.06 + number / 1000, lat=51.55,
        capacity_l=3200, thing_key=FLEET.thing_key(number) if thing_key is None else thing_key,
        is_simulated=is_simulated,
    )  # fmt: skip


def make_container(number: int = 0, *, thing_key: str | None = None, is_simulated: bool = False) -> Container:
    """See `draft`."""
    return add_containers(ACTOR, [draft(number, thing_key=thing_key, is_simulated=is_simulated)])[0]


def send(
    source: Source, fill: float, at: datetime | None = None, number: int = 0, *, simulated: bool = False
) -> None:
    """Have a device report a fill level."""
    moment = at or timezone.now()
    uplink = Uplink(
        device_id=FLEET.device_id(number), dev_eui="", key=f"{number}/{moment.isoformat()}", received_at=moment,
        time=moment, f_port=1, f_cnt=0, payload=b"", decoded={"fill_level": fill}, simulated=simulated,
    )  # fmt: skip
    [outcome] = accept_uplinks(source, [uplink])
    assert not isinstance(outcome, Exception), outcome
