"""A source that delivered before and says nothing for longer than it may is silent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stadt.core.people.models import Organisation
from stadt.hub.ingest.models import Source, SourceState
from stadt.hub.ingest.queries import check_silent_sources


def make_source(slug: str, *, hours: float | None, enabled: bool = True, silent_after: int = 24) -> None:
    organisation, _ = Organisation.objects.get_or_create(key="stadt", defaults={"name": "Stadt"})
    source = Source.objects.create(
        slug=slug,
        title=slug.title(),
        organisation=organisation,
        enabled=enabled,
        silent_after_hours=silent_after,
    )
    last = None if hours is None else timezone.now() - timedelta(hours=hours)
    SourceState.objects.create(source=source, last_message_at=last)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "enabled", "silent_after", "is_told"),
    [
        (23, True, 24, False),
        (25, True, 24, True),
        (25, True, 48, False),
        (2, True, 1, True),
        (25, False, 24, False),
        (None, True, 24, False),
    ],
)
def test_silence_is_held_against_what_the_source_may(
    hours: float | None, enabled: bool, silent_after: int, is_told: bool
) -> None:
    make_source("rathaus", hours=hours, enabled=enabled, silent_after=silent_after)
    assert bool(check_silent_sources()) is is_told


@pytest.mark.django_db
def test_the_silent_ones_are_named() -> None:
    for slug in ("hafen", "zoo"):
        make_source(slug, hours=100)
    make_source("rathaus", hours=0)
    assert check_silent_sources() == (
        "2 Datenquellen sind verstummt (Hafen, Zoo). Bitte das Netz, den Webhook und sein Token prüfen."
    )
