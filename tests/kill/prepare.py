"""Prepares a running city for the kill test: datastreams, a source, outlines, and tokens that may write. Prints them as JSON.

Run as a script with the city's STADT_HOME, by the same interpreter.
"""

import json
import os
from datetime import timedelta

import django

DATASTREAMS = 4


def prepare() -> dict[str, object]:
    """Make everything through the services of the house."""
    from django.utils import timezone

    from stadt.core.people.actor import Actor
    from stadt.core.people.models import Organisation
    from stadt.core.tokens import issue_token
    from stadt.hub.ingest.services import (
        ProfileDraft,
        RowDraft,
        create_profile,
        create_source,
        issue_source_token,
    )
    from stadt.hub.observations.services import (
        WRITE,
        DatastreamSpec,
        PropertySpec,
        SensorSpec,
        ThingSpec,
        Unit,
        register_thing,
    )

    actor = Actor.system("test")
    organisation = Organisation.objects.get(key="stadt")
    observed = PropertySpec("test.count", "Zähler", "urn:test:count")
    streams = tuple(
        DatastreamSpec(
            f"kill/{n}",
            f"Zähler {n}",
            observed,
            Unit("", "", "1"),
            SensorSpec("counter", "Zähler"),
            is_public=True,
        )
        for n in range(DATASTREAMS)
    )
    spec = ThingSpec(
        "kill", "Zähler", lon=7.1, lat=51.5, organisation_id=organisation.pk, datastreams=streams
    )
    thing = register_thing(actor, spec)
    tomorrow = timezone.now() + timedelta(days=1)
    _, secret = issue_token(actor, "Test", [WRITE], expires_at=tomorrow, organisation=organisation)
    rows = (RowDraft("count", "test-count", "Zähler", "1"),)
    profile = create_profile(
        actor, ProfileDraft(key="counter", title="Zähler", category="counter", rows=rows)
    )
    source = create_source(
        actor, slug="kill", title="Netz", organisation=organisation, default_profile=profile
    )
    _, pushing = issue_source_token(actor, source, title="Test", expires_at=tomorrow)
    return {"datastreams": list(thing.datastreams.values()), "secret": secret, "pushing": pushing}


def prepare_reporting() -> dict[str, object]:
    """Outlines of the city, and a key that may hand in reports."""
    from django.utils import timezone

    from stadt.apps.open311.posting import WRITE
    from stadt.core.city import current
    from stadt.core.people.actor import Actor
    from stadt.core.people.models import Organisation
    from stadt.core.tokens import issue_token
    from stadt.hub.places.services import seed_city_areas

    actor = Actor.system("test")
    seed_city_areas(actor)
    tomorrow = timezone.now() + timedelta(days=1)
    organisation = Organisation.objects.get(key="stadt")
    _, secret = issue_token(actor, "Test", [WRITE], expires_at=tomorrow, organisation=organisation)
    return {"reporting": secret, "centre": current().centre}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
    django.setup()
    print(json.dumps(prepare() | prepare_reporting()))
