"""Prepares a running city for the soak: public datastreams and a token that may write. Prints them as JSON.

Run as a script with the city's STADT_HOME and the number of datastreams, by the same interpreter.
"""

import json
import os
import sys
from datetime import timedelta

import django


def prepare(count: int) -> dict[str, object]:
    """Make everything through the services of the house."""
    from django.utils import timezone

    from stadt.core.people.actor import Actor
    from stadt.core.people.models import Organisation
    from stadt.core.tokens import issue_token
    from stadt.hub.observations.services import (
        WRITE,
        DatastreamSpec,
        PropertySpec,
        SensorSpec,
        ThingSpec,
        Unit,
        register_things,
    )

    actor = Actor.system("test")
    organisation = Organisation.objects.get(key="stadt")
    observed = PropertySpec("test.level", "Pegel", "urn:test:level")
    unit, sensor = Unit("Meter", "m", "m"), SensorSpec("gauge", "Pegel")
    specs = [
        ThingSpec(
            f"soak/{n}",
            f"Pegel {n}",
            lon=7.1,
            lat=51.5,
            organisation_id=organisation.pk,
            datastreams=(DatastreamSpec(f"soak/{n}/level", "Pegel", observed, unit, sensor, is_public=True),),
        )
        for n in range(count)
    ]
    things = register_things(actor, specs)
    tomorrow = timezone.now() + timedelta(days=1)
    _, secret = issue_token(actor, "Test", [WRITE], expires_at=tomorrow, organisation=organisation)
    streams = [number for thing in things for number in thing.datastreams.values()]
    return {"datastreams": streams, "secret": secret}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
    django.setup()
    print(json.dumps(prepare(int(sys.argv[1]))))
