"""One verb on many cases, each in a transaction of its own: what is refused says why and harms no other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from stadt.civic.cases.people import wrong
from stadt.civic.cases.placeholders import no_such_placeholder, unknown_placeholders
from stadt.civic.cases.rights import BULK
from stadt.civic.cases.services.changing import change_category
from stadt.civic.cases.services.handling import assign_case, hand_to_contractor, note_case, set_priority
from stadt.civic.cases.services.moving import move_case
from stadt.core.audit import record
from stadt.core.errors import StadtError
from stadt.core.people.actor import Actor

MOST = 500
VERBS: Mapping[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (move_case, assign_case, hand_to_contractor, set_priority, change_category, note_case)
}


@dataclass(frozen=True, slots=True)
class BulkResult:
    """Ids that were changed, and id → sentence why not."""

    done: tuple[int, ...]
    refused: dict[int, str]


def bulk(actor: Actor, ids: Sequence[int], verb: str, **arguments: Any) -> BulkResult:
    """Do `move_case`, `assign_case`, `hand_to_contractor`, `set_priority`, `change_category` or `note_case` to each.

    Each case is a transaction of its own, and the verb asks for its own right there.

    Raises:
        Forbidden: without `cases.bulk`.
        Invalid: naming `verb`, `ids` with more than 500, or `text` with a placeholder that there is not.
    """
    actor.require(BULK)
    run = VERBS.get(verb)
    if run is None:
        raise wrong("verb", gettext("gibt es nicht"))
    if not ids or len(ids) > MOST:
        raise wrong("ids", gettext("müssen 1 bis %(most)d sein") % {"most": MOST})
    if verb == move_case.__name__ and (unknown := unknown_placeholders(arguments.get("text", ""))):
        raise wrong("text", no_such_placeholder(unknown[0]))
    done, refused = [], {}
    for pk in sorted({*ids}):  # as everywhere by rising id, should a caller hold them in one transaction
        try:
            with transaction.atomic():
                run(actor, pk, **arguments)
            done.append(pk)
        except StadtError as error:
            refused[pk] = "; ".join([error.detail, *(f"{one.field}: {one.message}" for one in error.fields)])
    record(actor, "bulk", "cases", {"verb": verb, "done": len(done), "refused": len(refused)})
    return BulkResult(tuple(done), refused)
