"""Writes to the card of a kept dataset."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import Conflict, FieldError, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.core.registry import registry
from stadt.hub.datasets.kept import files
from stadt.hub.datasets.kept.card import read_card, require_order, take_live
from stadt.hub.datasets.kept.finding import find_for, locked
from stadt.hub.datasets.kept.links import find_problem
from stadt.hub.datasets.kept.states import OPEN, Kind, next_state
from stadt.hub.datasets.kept.who import who_is
from stadt.hub.datasets.models import KeptDataset, Snapshot
from stadt.hub.datasets.rights import APPROVE, KEEP
from stadt.hub.lake.layout import KEY

# In addresses the end of a key would be taken for the form that is wanted (`/dataset/<key>.rdf`).
FORMS = frozenset({"rdf", "ttl", "jsonld", "json", "xml", "csv", "html", "atom"})


def start_dataset(actor: Actor, organisation_id: int, card: Mapping[str, Any]) -> KeptDataset:
    """A new draft; `card` holds `key` and any of the fields of `kept.card.FIELDS`.

    Raises:
        SignInNeeded, Forbidden: unless the actor may keep datasets in that organisation.
        NotFound: there is no such organisation.
        Invalid: naming the fields that cannot be taken, `key` when it is no key or taken.
    """
    actor.require(KEEP, organisation_id)
    if not Organisation.objects.filter(pk=organisation_id).exists():
        raise NotFound(gettext("Diese Organisation gibt es nicht."))
    fields = read_card({name: value for name, value in card.items() if name != "key"})
    key = _free_key(card.get("key"))
    kept = KeptDataset(key=key, organisation_id=organisation_id, **fields)
    kept.created_by = kept.changed_by = who_is(actor)
    require_order(kept)
    try:
        with transaction.atomic():
            kept.save()
            record(
                actor, "start_dataset", f"dataset:{key}", {"organisation": organisation_id, "kind": kept.kind}
            )
    except IntegrityError:  # somebody took the key meanwhile
        raise _taken(key) from None
    return kept


def change_card(actor: Actor, key: str, revision: int, changes: Mapping[str, Any]) -> KeptDataset:
    """Change fields of the card. Readers of a published dataset see them once the draft was approved.

    Args:
        revision: the one that whoever changes has seen.

    Raises:
        Invalid: naming the fields that cannot be taken.
        Conflict: somebody changed it meanwhile, it is in review, or its kind is fixed by now.
    """
    kept = find_for(actor, key, KEEP)
    fields = read_card(changes)
    with transaction.atomic():
        kept = locked(kept, revision)
        changed = {name: value for name, value in fields.items() if getattr(kept, name) != value}
        if not changed:
            return kept
        state = next_state("change", kept.state)
        if "kind" in changed and (kept.approved_at or kept.deliveries.exists()):
            raise Conflict(gettext("Ob hochgeladen oder verlinkt, steht fest, sobald etwas geliefert wurde."))
        for name, value in changed.items():
            setattr(kept, name, value)
        require_order(kept)
        if "link_url" in changed:
            kept.link_checked_at, kept.link_problem = None, ""
        kept.state, kept.revision = state, kept.revision + 1
        kept.changed_by, kept.changed_at = who_is(actor), timezone.now()
        kept.save()
        record(actor, "change_card", f"dataset:{key}", {"fields": sorted(changed), "revision": kept.revision})
    return kept


def discard_changes(actor: Actor, key: str, revision: int) -> KeptDataset:
    """Give up a draft of a dataset that is published: the card is again what readers see, a new file is erased.

    Raises:
        Conflict: somebody changed it meanwhile, it is in review, or nothing of it is published.
    """
    kept = find_for(actor, key, KEEP)
    with transaction.atomic():
        kept = locked(kept, revision)
        kept.state = next_state("discard", kept.state)
        if not kept.is_live:
            raise Conflict(
                gettext(
                    "Von diesem Datensatz ist nichts veröffentlicht; der Entwurf kann nur gelöscht werden."
                )
            )
        take_live(kept)
        kept.revision, kept.returned_reason = kept.revision + 1, ""
        kept.save()
        for delivery in kept.deliveries.filter(state__in=OPEN):
            files.supersede(delivery)
        record(actor, "discard_changes", f"dataset:{key}", {"revision": kept.revision})
    return kept


def check_link(actor: Actor, key: str) -> KeptDataset:
    """Ask the linked address whether it is there; never one inside a private network.

    Raises:
        Conflict: the dataset is not a link.
    """
    kept = find_for(actor, key, KEEP, APPROVE)
    if kept.kind != Kind.LINK or not kept.link_url:
        raise Conflict(gettext("Dieser Datensatz hat keine verlinkte Adresse."))
    problem = find_problem(kept.link_url)
    with transaction.atomic():
        found = locked(kept)
        if found.link_url == kept.link_url:
            found.link_checked_at, found.link_problem = timezone.now(), problem
            found.save(update_fields=("link_checked_at", "link_problem"))
        record(actor, "check_link", f"dataset:{key}", {"answers": not problem})
    return found


def delete_draft(actor: Actor, key: str) -> None:
    """Delete a dataset that was never published, with everything that was delivered; its key is free again.

    Raises:
        Conflict: it was published once, or is in review.
    """
    kept = find_for(actor, key, KEEP)
    with transaction.atomic():
        kept = locked(kept)
        if kept.approved_at or Snapshot.objects.filter(dataset=key).exists():
            raise Conflict(gettext("Der Datensatz war veröffentlicht; er kann nur zurückgezogen werden."))
        next_state("change", kept.state)
        paths = [path for pair in kept.deliveries.values_list("original", "prepared") for path in pair]
        record(actor, "delete_draft", f"dataset:{key}", {"deliveries": kept.deliveries.count()})
        kept.delete()
        transaction.on_commit(lambda: files.erase(*paths))


def _free_key(key: Any) -> str:
    if not isinstance(key, str) or not KEY.match(key) or key.rpartition(".")[2] in FORMS:
        message = gettext("hat nicht die Form „bereich.name“ aus Kleinbuchstaben und Ziffern")
        raise Invalid(gettext("Der Datensatz braucht einen Schlüssel."), fields=(FieldError("key", message),))
    if key in registry.datasets or KeptDataset.objects.filter(key=key).exists():
        raise _taken(key)
    return key


def _taken(key: str) -> Invalid:
    return Invalid(
        gettext("Den Schlüssel „%(key)s“ gibt es schon.") % {"key": key},
        fields=(FieldError("key", gettext("ist vergeben")),),
    )
