"""Prepares a running city for the soak of reports, or counts what it kept. Prints JSON.

Run as a module from the checkout, with the city's STADT_HOME and `prepare` or `count`.
"""

import json
import os
import sys
from datetime import timedelta

import django


def prepare() -> dict[str, object]:
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
    return {"secret": secret, "centre": current().centre, "bbox": current().bbox}


def count() -> dict[str, object]:
    """References of all cases, and for how many of them a photo is kept."""
    from stadt.civic.cases.models import Case
    from stadt.civic.files.models import StoredFile
    from stadt.civic.files.queries import path_of

    kept = StoredFile.objects.filter(subject__startswith="case:")
    return {
        "references": list(Case.objects.values_list("reference", flat=True)),
        "photos": kept.values("subject").distinct().count(),
        "missing": [one.key for one in kept if not path_of(one).is_file()],
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
    django.setup()
    print(json.dumps({"prepare": prepare, "count": count}[sys.argv[1]]()))
