"""A source with a profile, and somebody who may do everything with it."""

from datetime import timedelta

from django.utils import timezone

from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.ingest.models import DeviceProfile, Source
from stadt.hub.ingest.services import (
    ProfileDraft,
    RowDraft,
    create_profile,
    create_source,
    issue_source_token,
)

OPERATOR = Actor.system("test")

FILL = RowDraft("fill_level", "fill-level", "Füllstand", "%", minimum=0, maximum=100)
TEMPERATURE = RowDraft("temperature", "temperature", "Temperatur", "Cel", minimum=-40, maximum=85)


def organisation() -> Organisation:
    """The city itself."""
    return Organisation.objects.get_or_create(key="stadt", defaults={"name": "Stadt"})[0]


def make_profile(*rows: RowDraft, key: str = "fill-sensor", is_public: bool = True) -> DeviceProfile:
    """A profile with these rows; fill level and temperature when none are given."""
    draft = ProfileDraft(
        key=key, title="Füllstandssensor", category="container", rows=rows or (FILL, TEMPERATURE),
        battery_path="battery", is_public=is_public,
    )  # fmt: skip
    return create_profile(OPERATOR, draft)


def make_source(profile: DeviceProfile | None = None, slug: str = "rathaus") -> Source:
    """A source that takes on unknown devices with the profile, if there is one."""
    return create_source(
        OPERATOR, slug=slug, title="Netz der Stadt", organisation=organisation(), default_profile=profile
    )


def make_token(source: Source) -> str:
    """The secret of a token that may push to the source."""
    expires_at = timezone.now() + timedelta(days=1)
    return issue_source_token(OPERATOR, source, title="Test", expires_at=expires_at)[1]
