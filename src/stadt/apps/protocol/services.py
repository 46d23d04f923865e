"""The one write of the protocol: that somebody took rows away."""

from django.db import transaction

from stadt.apps.protocol.queries import Search
from stadt.apps.protocol.rights import require_reader
from stadt.core.audit import record
from stadt.core.people.actor import Actor


@transaction.atomic
def export_protocol(actor: Actor, search: Search, form: str) -> None:
    """Keep who exports which rows, before the first one leaves. Raises SignInNeeded or Forbidden."""
    require_reader(actor)
    record(actor, "export_protocol", "protocol", {"form": form, "search": search.named})
