"""The catalogue of the tests takes the place of the city's, and a key may hand in requests."""

from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
def catalogue(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The services of `data/`, kept as a city keeps them."""
    from stadt.civic.cases import reading
    from stadt.civic.cases.versions import import_types
    from stadt.civic.forms.reading import read_definition
    from stadt.civic.forms.services import keep_form
    from stadt.core.people.actor import Actor
    from stadt.hub.places.services import seed_city_areas

    from . import world  # as all of these: models can be imported only after the settings

    actor = Actor.system("test")
    types = reading.read_types(world.DATA)
    monkeypatch.setattr(reading, "types", lambda: types)
    keep_form(actor, read_definition(world.QUESTIONS))
    import_types(actor)
    seed_city_areas(actor)


@pytest.fixture
def key(catalogue: None) -> str:
    """A key that may hand in requests and nothing else."""
    return issue_key()


def issue_key(*more: Any) -> str:
    """A token for `open311.write` and what is named."""
    from django.utils import timezone

    from stadt.apps.open311.posting import WRITE
    from stadt.core.people.actor import Actor
    from stadt.core.people.models import Organisation
    from stadt.core.tokens import issue_token

    expires_at = timezone.now() + timedelta(days=1)
    city, _ = Organisation.objects.get_or_create(key="stadt", defaults={"name": "Stadt"})
    return issue_token(
        Actor.system("test"), "Probe", [WRITE, *more], expires_at=expires_at, organisation=city
    )[1]
