"""Who did what: one row for every write, ids only."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stadt.core.people.models import AuditEntry

if TYPE_CHECKING:
    from stadt.core.people.actor import Actor


def record(actor: "Actor", verb: str, subject: str, changes: Mapping[str, Any] | None = None) -> None:
    """Keep that `actor` did `verb` to `subject`, in the caller's transaction.

    Args:
        verb: name of the function in services.py, such as `create_source`.
        subject: kind and id of what was changed, such as `source:12`.
        changes: what changed, as ids, keys, numbers and states; never personal text or secrets.
    """
    AuditEntry.objects.create(
        actor_kind=actor.kind,
        actor_id=actor.identifier,
        origin=actor.origin,
        verb=verb,
        subject=subject,
        changes=dict(changes or {}),
    )
