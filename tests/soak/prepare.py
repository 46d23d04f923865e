"""Prepares a running city for the soak: public datastreams and a token that may write. Prints them as JSON.

Run as a module from the checkout, with the city's STADT_HOME and the number of datastreams.
"""

import json
import os
import sys
from datetime import timedelta

import django


def prepare(count: int) -> dict[str, object]:
    """Make everything through the services of the house."""
    from benchmarks.streams import ACTOR, make_streams
    from django.utils import timezone

    from stadt.core.people.models import Organisation
    from stadt.core.tokens import issue_token
    from stadt.hub.observations.services import WRITE

    streams = make_streams("soak", count)
    tomorrow = timezone.now() + timedelta(days=1)
    organisation = Organisation.objects.get(key="stadt")
    _, secret = issue_token(ACTOR, "Test", [WRITE], expires_at=tomorrow, organisation=organisation)
    return {"datastreams": streams, "secret": secret}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
    django.setup()
    print(json.dumps(prepare(int(sys.argv[1]))))
