"""The review of a kept dataset: submitted, returned, approved by somebody else, withdrawn."""

import logging
import shutil
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.condition import Store, require_writable
from stadt.core.errors import Conflict, FieldError, Forbidden, Invalid
from stadt.core.events import publish
from stadt.core.people.actor import Actor
from stadt.hub.datasets.events import DatasetChanged, DatasetWithdrawn, SnapshotPublished
from stadt.hub.datasets.kept import files
from stadt.hub.datasets.kept.card import live_of, require_complete
from stadt.hub.datasets.kept.finding import find_for, locked
from stadt.hub.datasets.kept.links import find_problem
from stadt.hub.datasets.kept.states import OPEN, AccessClass, DeliveryState, Kind, State, next_state, refusal
from stadt.hub.datasets.kept.who import eyes_of, who_is
from stadt.hub.datasets.models import Delivery, KeptDataset, Snapshot
from stadt.hub.datasets.publication import FinishedPart, lock, path_of_whole, publish_finished
from stadt.hub.datasets.rights import APPROVE, KEEP
from stadt.hub.datasets.shape import remembered_columns
from stadt.hub.lake.layout import layout

logger = logging.getLogger("stadt.datasets")

LONGEST_REASON = 1000


def submit_for_review(actor: Actor, key: str, revision: int) -> KeptDataset:
    """Give a draft to somebody else to check; until then it cannot be changed.

    Raises:
        Invalid: naming what is missing on the card, a linked address that does not answer, or `access` for what is
            about persons.
        Conflict: somebody changed it meanwhile, there is nothing prepared to publish, or the columns differ and nobody
            accepted that.
    """
    kept = find_for(actor, key, KEEP)
    problem = find_problem(kept.link_url) if kept.kind == Kind.LINK and kept.link_url else ""
    with transaction.atomic():
        kept = locked(kept, revision)
        kept.state = next_state("submit", kept.state)
        require_complete(kept)
        if kept.kind == Kind.LINK:
            kept.link_checked_at, kept.link_problem = timezone.now(), problem
        if problem:
            raise Invalid(problem, fields=(FieldError("link_url", problem),))
        delivery = _candidate(kept)
        kept.submitted_by, kept.submitted_at = who_is(actor), timezone.now()
        kept.revision, kept.returned_reason = kept.revision + 1, ""
        kept.save()
        record(actor, "submit_for_review", f"dataset:{key}", _what(kept, delivery))
    return kept


def return_to_draft(actor: Actor, key: str, reason: str) -> KeptDataset:
    """Give a dataset back that was submitted: whoever checks it, or whoever submitted it and saw something.

    Raises:
        Invalid: naming `reason`.
        Conflict: it is not in review.
    """
    kept = find_for(actor, key, APPROVE, KEEP)
    text = _reason(reason)
    with transaction.atomic():
        kept = locked(kept)
        kept.state = next_state("return", kept.state)
        kept.returned_reason, kept.revision = text, kept.revision + 1
        kept.save()
        record(actor, "return_to_draft", f"dataset:{key}", {"revision": kept.revision})
    return kept


def approve(actor: Actor, key: str, revision: int) -> KeptDataset:
    """Publish what is in review: card, columns and rows at once, for everybody or inside.

    Raises:
        Forbidden: unless the actor may approve there, is a person, and is nobody who submitted it, changed it last or
            delivered it (four eyes).
        Conflict: somebody changed it meanwhile, or it is not in review.
        Invalid: it is about persons, or its card is not complete.
    """
    kept = find_for(actor, key, APPROVE)
    require_writable(Store.LAKE)
    require_writable()
    with transaction.atomic():
        kept = locked(kept, revision)
        state = next_state("approve", kept.state)
        require_complete(kept)
        delivery = _candidate(kept)
        _require_other_eyes(actor, kept, delivery)
        before = kept.live_access, kept.live
        snapshot = _publish_rows(kept, delivery) if delivery else None
        if kept.live_access == AccessClass.INTERNAL and kept.access == AccessClass.PUBLIC:
            lock(key)
            _withdraw_snapshots(key, but_newest=True)
        kept.state, kept.live_access = state, kept.access
        kept.live = live_of(kept, kept.columns)
        kept.was_public = kept.was_public or kept.access == AccessClass.PUBLIC
        kept.approved_by, kept.approved_at = who_is(actor), timezone.now()
        kept.revision, kept.withdrawn_reason, kept.withdrawn_note = kept.revision + 1, "", ""
        kept.save()
        told = {**_what(kept, delivery), "number": snapshot.number if snapshot else None}
        record(actor, "approve_kept", f"dataset:{key}", told)
        _tell(kept, before, snapshot)
    logger.info("%s approved as revision %d", key, kept.revision)
    return kept


def withdraw(actor: Actor, key: str, reason: str, note: str = "") -> KeptDataset:
    """Take a published dataset back at once: its page, files and rows answer that they are gone.

    One pair of eyes is enough. It can be published again only by a new review, and then under a new number.

    Args:
        reason: for colleagues.
        note: what everybody reads at its address; may be empty.

    Raises:
        Invalid: naming `reason` or `note`.
        Conflict: it is not published.
    """
    kept = find_for(actor, key, KEEP, APPROVE)
    text, told = _reason(reason), _note(note)
    with transaction.atomic():
        kept = locked(kept)
        if not kept.is_live:
            raise Conflict(refusal("withdraw", kept.state))
        was_public = kept.live_access == AccessClass.PUBLIC
        lock(key)
        count = _withdraw_snapshots(key)
        kept.state, kept.live_access, kept.live = State.WITHDRAWN, "", {}
        kept.withdrawn_reason, kept.withdrawn_note = text, told
        kept.withdrawn_by, kept.withdrawn_at = who_is(actor), timezone.now()
        kept.revision += 1
        kept.save()
        record(actor, "withdraw_kept", f"dataset:{key}", {"snapshots": count, "was_public": was_public})
        publish(DatasetWithdrawn(key))
    return kept


def _candidate(kept: KeptDataset) -> Delivery | None:
    """The delivery whose rows would be published; None for a link, or when only the card is another.

    Raises:
        Conflict: there is none that could be.
    """
    if kept.kind == Kind.LINK:
        return None
    delivery = kept.deliveries.filter(state__in=OPEN).order_by("-number").first()
    if delivery is None and kept.is_live:
        return None
    if delivery is not None and delivery.state != DeliveryState.PREPARED:
        raise Conflict(
            gettext(
                "Die neueste Lieferung ist noch nicht vorbereitet. Bereiten Sie sie vor, oder löschen Sie sie."
            )
        )
    if delivery is None:  # withdrawn: what was published last comes back as long as its file is there
        delivery = kept.deliveries.filter(state=DeliveryState.PUBLISHED).order_by("-number").first()
    if delivery is None or not _path_of(kept, delivery).is_file():
        raise Conflict(gettext("Es wurde noch keine Datei geliefert, die veröffentlicht werden kann."))
    if delivery.has_open_drift:
        raise Conflict(
            gettext("Die Spalten der Lieferung sind andere als bisher; das muss erst jemand annehmen.")
        )
    return delivery


def _path_of(kept: KeptDataset, delivery: Delivery) -> Path:
    """The Parquet of a delivery: prepared, or published already."""
    if delivery.prepared:
        return files.path_of(delivery.prepared)
    return layout().parts / path_of_whole(kept.key, delivery.part["sha256"])


def _require_other_eyes(actor: Actor, kept: KeptDataset, delivery: Delivery | None) -> None:
    if actor.kind == "token":
        raise Forbidden(gettext("Freigeben kann nur ein Mensch."))
    involved = {kept.submitted_by, kept.changed_by}
    if delivery is not None and delivery.state in OPEN:
        involved |= {delivery.received_by, delivery.corrected_by, delivery.drift_accepted_by}
    if eyes_of(actor) & involved:
        raise Forbidden(
            gettext(
                "Freigeben muss jemand anderes als wer den Datensatz zuletzt geändert, geliefert oder zur Prüfung "
                "gegeben hat."
            )
        )


def _publish_rows(kept: KeptDataset, delivery: Delivery) -> Snapshot | None:
    """The delivery's rows as the next snapshot; None when they are those that are published."""
    part = FinishedPart(
        path=_path_of(kept, delivery),
        sha256=delivery.part["sha256"],
        digest=delivery.part["digest"],
        row_count=delivery.row_count or 0,
        size_bytes=delivery.part["size_bytes"],
        profile=delivery.part["profile"],
    )
    columns = remembered_columns(delivery.columns)
    snapshot = publish_finished(kept.key, columns, part, simulated=kept.is_simulated)
    newest = snapshot or Snapshot.objects.newest_of(kept.key)
    path, delivery.prepared = delivery.prepared, ""
    delivery.state, delivery.published_number = DeliveryState.PUBLISHED, newest.number if newest else None
    delivery.save(update_fields=("state", "published_number", "prepared"))
    transaction.on_commit(lambda: files.erase(path))
    kept.columns = delivery.columns
    return snapshot


def _withdraw_snapshots(key: str, *, but_newest: bool = False) -> int:
    """Nobody reads them from now on, and the downloads made of them go. Returns how many."""
    rows = Snapshot.objects.readable().filter(dataset=key)
    newest = Snapshot.objects.newest_of(key) if but_newest else None
    if newest is not None:
        rows = rows.exclude(pk=newest.pk)
    numbers = list(rows.values_list("number", flat=True))
    rows.update(withdrawn_at=timezone.now())
    transaction.on_commit(lambda: _remove_downloads(key, numbers))
    return len(numbers)


def _remove_downloads(key: str, numbers: list[int]) -> None:
    for number in numbers:
        shutil.rmtree(layout().files / key / str(number), ignore_errors=True)


def _tell(kept: KeptDataset, before: tuple[str, object], snapshot: Snapshot | None) -> None:
    if snapshot is not None:
        publish(SnapshotPublished(kept.key, snapshot.number))
    if before != (kept.live_access, kept.live):
        publish(DatasetChanged(kept.key))
    if before[0] == AccessClass.PUBLIC and kept.live_access != AccessClass.PUBLIC:
        publish(DatasetWithdrawn(kept.key))


def _what(kept: KeptDataset, delivery: Delivery | None) -> dict[str, object]:
    return {
        "revision": kept.revision,
        "access": kept.access,
        "delivery": delivery.pk if delivery else None,
    }


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason or len(reason) > LONGEST_REASON or "\0" in reason:
        message = gettext("braucht 1 bis %(most)s Zeichen") % {"most": LONGEST_REASON}
        raise Invalid(gettext("Bitte nennen Sie den Grund."), fields=(FieldError("reason", message),))
    return reason


def _note(text: str) -> str:
    note = text.strip()
    if len(note) > LONGEST_REASON or "\0" in note:
        message = gettext("braucht höchstens %(most)s Zeichen") % {"most": LONGEST_REASON}
        raise Invalid(
            gettext("Der Hinweis kann so nicht gezeigt werden."), fields=(FieldError("note", message),)
        )
    return note
