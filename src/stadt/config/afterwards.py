"""What a restored city still needs once its apps are loaded: current tables, rights, and a look at the audit chain."""

from django.db import connection

from stadt.config import data
from stadt.config.commands.migrate import bring_up_to_date
from stadt.core.database.grants import renew_grants
from stadt.core.environment import Environment
from stadt.core.sealing import verify
from stadt.hub.backup.restoring import Restored


def finish(environment: Environment, found: Restored) -> str | None:
    """Bring tables and rights up to this version; returns what is broken in the audit chain, or None."""
    names = found.facts["logins"]
    if names["owner"] == names["app"]:
        renew_grants(connection)
    if found.facts["fingerprint"] != data.fingerprint() or environment.database_url:
        bring_up_to_date(environment)
    return verify().broken
