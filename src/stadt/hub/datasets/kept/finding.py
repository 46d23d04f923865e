"""Finds a kept dataset or a delivery for whoever asks; what may not be seen is not there."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext

from stadt.core.errors import Conflict, NotFound
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.rights import APPROVE, KEEP, SEE_INTERNAL
from stadt.hub.lake.layout import KEY


def may_see(actor: Actor, kept: KeptDataset) -> bool:
    """Who works on a dataset sees it in every state; who may see internal ones sees what is published."""
    if any(actor.can(permission, kept.organisation_id) for permission in (KEEP, APPROVE)):
        return True
    return kept.is_live and actor.can(SEE_INTERNAL, kept.organisation_id)


def find_seen(actor: Actor, key: str) -> KeptDataset:
    """A dataset that the actor may see. Raises NotFound."""
    known = KeptDataset.objects.select_related("organisation")
    kept = known.filter(key=key).first() if KEY.match(key) else None
    if kept is None or not may_see(actor, kept):
        raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": key[:101]})
    return kept


def require_any(actor: Actor, permissions: Iterable[Permission], organisation_id: int) -> None:
    """Raises SignInNeeded or Forbidden unless one of the permissions is held there."""
    wanted = list(permissions)
    held = next((item for item in wanted if actor.can(item, organisation_id)), wanted[0])
    actor.require(held, organisation_id)


def find_for(actor: Actor, key: str, *permissions: Permission) -> KeptDataset:
    """A dataset for a verb that asks for one of these rights. Raises NotFound, SignInNeeded or Forbidden."""
    kept = find_seen(actor, key)
    require_any(actor, permissions, kept.organisation_id)
    return kept


def locked(kept: KeptDataset, revision: int | None = None) -> KeptDataset:
    """The dataset as it is now, for this transaction alone.

    Raises:
        NotFound: it was deleted meanwhile.
        Conflict: it is not the one that was seen (`revision`).
    """
    rows: QuerySet[KeptDataset] = KeptDataset.objects.select_for_update(of=("self",))
    found = rows.select_related("organisation").filter(pk=kept.pk).first()
    if found is None:
        raise NotFound(gettext("Es gibt keinen Datensatz „%(key)s“.") % {"key": kept.key})
    if revision is not None and found.revision != revision:
        raise Conflict(
            gettext(
                "Der Datensatz „%(key)s“ wurde inzwischen geändert. Laden Sie die Seite neu und prüfen Sie, was sich "
                "geändert hat."
            )
            % {"key": kept.key}
        )
    return found


def find_delivery(actor: Actor, delivery_id: int, *permissions: Permission) -> Delivery:
    """A delivery with its dataset, for a verb that asks for one of these rights; without any for seeing it.

    Raises:
        NotFound: there is none, or it may not be seen.
        SignInNeeded, Forbidden: it may be seen, and this may not be done.
    """
    delivery = Delivery.objects.select_related("dataset__organisation").filter(pk=delivery_id).first()
    kept = delivery.dataset if delivery else None
    if (
        delivery is None
        or kept is None
        or not any(actor.can(p, kept.organisation_id) for p in (KEEP, APPROVE))
    ):
        raise NotFound(gettext("Diese Lieferung gibt es nicht."))
    if permissions:
        require_any(actor, permissions, kept.organisation_id)
    return delivery
