"""Who did what: one row for every write, ids only."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stadt.core.doors import Door, find_entrance, network_of
from stadt.core.people.models import AuditEntry

if TYPE_CHECKING:
    from stadt.core.people.actor import Actor

# Parts of the system that act outside a request, by the beginning of their name.
SYSTEM_DOORS = {"job": Door.JOB, "command": Door.COMMAND, "demo": Door.COMMAND, "ingest": Door.INGEST}


def record(actor: "Actor", verb: str, subject: str, changes: Mapping[str, Any] | None = None) -> None:
    """Keep that `actor` did `verb` to `subject`, in the caller's transaction.

    The door, the client's network (never its address) and the request's id come from `core.doors`.

    Args:
        verb: name of the function in services.py, such as `create_source`.
        subject: kind and id of what was changed, such as `source:12`.
        changes: what changed, as ids, keys, numbers and states; never personal text or secrets. Who acted as a deputy
            gets `on_behalf_of` added: the ids of the people represented.
    """
    entrance = find_entrance()
    part = actor.identifier.partition(":")[0] if actor.kind == "system" else ""
    door = entrance.door if entrance else SYSTEM_DOORS.get(part, Door.INSIDE)
    kept = dict(changes or {})
    if actor.on_behalf_of:
        kept["on_behalf_of"] = sorted(actor.on_behalf_of)
    AuditEntry.objects.create(
        actor_kind=actor.kind,
        actor_id=actor.identifier,
        origin=actor.origin or (entrance.request_id if entrance else ""),
        door=door,
        network=network_of(entrance.client) if entrance else "",
        verb=verb,
        subject=subject,
        changes=kept,
    )
