"""Takes the printed strategy over as the first edition."""

from django.db import transaction
from django.utils.translation import gettext

from stadt.apps.strategy.record import store
from stadt.apps.strategy.record.models import Edition, ItemVersion
from stadt.apps.strategy.record.printed import printed_content, printed_council, printed_since
from stadt.apps.strategy.record.states import EditionState
from stadt.core.audit import record
from stadt.core.errors import Forbidden
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept.who import who_is

FIRST = "1.0"


@transaction.atomic
def import_printed(actor: Actor) -> bool:
    """Record what the city's files say as edition 1.0, unchanged, unless something is recorded already.

    Every item is true from the first day of the year the document names, and known from now on. Only the platform itself
    does this: after every migration, and before the first change.

    Returns:
        Whether anything was recorded.

    Raises:
        Forbidden: somebody else than the platform asks.
        StrategyError: the files contradict themselves.
    """
    _require_platform(actor)
    moment = store.lock()
    if ItemVersion.objects.exists():
        return False
    content = printed_content()
    if not len(content):
        return False
    since, council = printed_since(), printed_council()
    store.add(content, since, store.Mark(moment, who_is(actor), reason="import"))
    Edition.objects.create(
        name=FIRST,
        state=EditionState.ADOPTED,
        valid_on=since,
        known_at=moment,
        note=content.head.note,
        council_paper=council.paper,
        council_date=council.date,
        council_link=council.link,
        drafted_by=who_is(actor),
        adopted_by=who_is(actor),
        adopted_at=moment,
    )
    record(actor, "import_printed", f"edition:{FIRST}", {"items": len(content)})
    return True


def ensure_imported() -> None:
    """Before the first change in a fresh database, record what the pages show from the files."""
    if not ItemVersion.objects.exists():
        import_printed(Actor.system("strategy:import"))


def _require_platform(actor: Actor) -> None:
    if actor.kind != "system":
        raise Forbidden(gettext("Die gedruckte Strategie übernimmt nur die Plattform selbst."))
