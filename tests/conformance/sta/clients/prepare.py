"""Prepares a running city for a client: prints a token that may read, write and manage.

Run as a script with the city's STADT_HOME, by the same interpreter.
"""

import os
import sys
from datetime import timedelta

import django


def prepare() -> str:
    """The token's secret."""
    from django.utils import timezone

    from stadt.core.people.actor import Actor
    from stadt.core.people.models import Organisation
    from stadt.core.tokens import issue_token
    from stadt.hub.observations.rights import MANAGE, READ, WRITE

    tomorrow = timezone.now() + timedelta(days=1)
    organisation = Organisation.objects.get(key="stadt")
    rights = [READ, WRITE, MANAGE]
    _, secret = issue_token(
        Actor.system("test"), "Test", rights, expires_at=tomorrow, organisation=organisation
    )
    return secret


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
    django.setup()
    sys.stdout.write(prepare())
