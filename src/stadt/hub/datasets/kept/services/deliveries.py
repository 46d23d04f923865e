"""Writes to deliveries: received, read, corrected, prepared."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from django.db import DataError, transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from stadt.core import condition
from stadt.core.audit import record
from stadt.core.condition import Store, require_writable
from stadt.core.errors import Conflict, FieldError, Invalid, StadtError
from stadt.core.people.actor import Actor
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.kept import files, seam
from stadt.hub.datasets.kept.drift import drift_between, sentences_of
from stadt.hub.datasets.kept.finding import find_delivery, find_for, locked
from stadt.hub.datasets.kept.states import OPEN, DeliveryState, Kind, Step, next_state, require_step
from stadt.hub.datasets.kept.who import who_is
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.publication import finish_part
from stadt.hub.datasets.rights import KEEP
from stadt.hub.datasets.shape import describe_columns
from stadt.hub.intake.errors import ReaderBroken

logger = logging.getLogger("stadt.datasets")


def receive_delivery(actor: Actor, key: str, filename: str, chunks: Iterable[bytes]) -> Delivery:
    """Take a file in: streamed to the lake, at most two gigabytes. It replaces one that was not published yet.

    Raises:
        NotFound, SignInNeeded, Forbidden: unless the actor keeps datasets in the organisation.
        Conflict: the dataset is a link, or in review.
        TooLarge, Invalid: the file is too large or empty; nothing is left of it.
        ReadOnly: there is no room.
    """
    kept = find_for(actor, key, KEEP)
    _require_receiving(kept)
    require_writable(Store.LAKE)
    require_writable()
    with files.received(key, filename, chunks) as file, transaction.atomic():
        kept = locked(kept)
        _require_receiving(kept)
        old = list(kept.deliveries.filter(state__in=OPEN))
        number = (kept.deliveries.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        delivery = Delivery.objects.create(
            dataset=kept,
            number=number,
            filename=file.filename,
            original=file.path,
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            received_by=who_is(actor),
        )
        for one in old:
            files.supersede(one)
        kept.state = next_state("change", kept.state)
        kept.save(update_fields=("state",))
        record(
            actor,
            "receive_delivery",
            f"dataset:{key}",
            {"delivery": delivery.pk, "number": number, "sha256": file.sha256, "size": file.size_bytes},
        )
    return delivery


def read_delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Understand the file, with what a person said of it, else what was recorded for the delivery before.

    What is hostile or unreadable is `refused`.

    Raises:
        Conflict: the delivery is published or replaced, or the dataset in review.
        Gone: the file was erased.
    """
    delivery = _begun(actor, delivery_id, "read", Step.READING)
    path, answer = files.path_of(delivery.original), _answer_for(delivery)
    reading = _tried(delivery, lambda: seam.recognise(path, delivery.filename, answer))
    if reading is None:
        return _refreshed(delivery)
    with _ending(delivery, "read") as found:
        found.reading, found.problems, found.state = reading, [], DeliveryState.READ
        _forget_prepared(found)
        record(actor, "read_delivery", _subject(found), {"delivery": found.pk})
    return found


def correct_reading(actor: Actor, delivery_id: int, changes: Mapping[str, Any]) -> Delivery:
    """Say what was understood wrongly; it has to be prepared again.

    Raises:
        Invalid: naming the field.
        Conflict: the delivery was not read yet, is published or replaced, or the dataset is in review.
    """
    delivery = find_delivery(actor, delivery_id, KEEP)
    with transaction.atomic():
        kept = locked(delivery.dataset)
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        delivery.dataset = kept
        _require_open(delivery, "correct")
        if delivery.reading is None:
            raise Conflict(gettext("Die Datei wurde noch nicht gelesen."))
        delivery.reading = seam.correct(delivery.reading, changes)
        delivery.problems, delivery.state = [], DeliveryState.READ
        delivery.corrected_by = who_is(actor)
        _forget_prepared(delivery)
        delivery.save()
        record(actor, "correct_reading", _subject(delivery), {"delivery": delivery.pk})
    return delivery


def prepare_delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Make what would be published: typed rows, their digest and profile, and how the columns differ from the accepted.

    Raises:
        Conflict: the file was not read, the delivery is published or replaced, or the dataset in review.
        Gone: the file was erased.
    """
    delivery = _begun(actor, delivery_id, "prepare", Step.PREPARING)
    if delivery.reading is None:
        _step(delivery, Step.NONE)
        raise Conflict(gettext("Die Datei wurde noch nicht gelesen."))
    reading, name = delivery.reading, files.new_path(delivery.dataset.key, ".parquet")
    target, raw = files.path_of(name), files.path_of(name + ".raw")

    def work() -> dict[str, Any]:
        try:
            rows = seam.prepare(files.path_of(delivery.original), reading, raw)
            _require_rows(rows)
            part = finish_part(raw, rows.columns, target)
        finally:
            raw.unlink(missing_ok=True)
        return {
            "columns": describe_columns(rows.columns),
            "row_count": part.row_count,
            "problems": _problems(rows),
            "part": {
                "sha256": part.sha256,
                "digest": part.digest,
                "size_bytes": part.size_bytes,
                "profile": msgspec.to_builtins(part.profile),
                "report": rows.report,
            },
        }

    made = _tried(delivery, work)
    if made is None:
        files.drop(name)
        return _refreshed(delivery)
    try:
        with _ending(delivery, "prepare") as found:
            if found.reading != reading:
                raise Conflict(
                    gettext("Die Lesart wurde inzwischen geändert. Bitte noch einmal vorbereiten.")
                )
            _forget_prepared(found)
            _take_prepared(found, name, made)
            record(
                actor,
                "prepare_delivery",
                _subject(found),
                {"delivery": found.pk, "rows": found.row_count, "has_drift": bool(found.drift)},
            )
    except BaseException:
        files.drop(name)
        raise
    return found


def accept_drift(actor: Actor, delivery_id: int) -> Delivery:
    """Say that the columns are right although they differ from those that were accepted before.

    Raises:
        Conflict: the delivery is not prepared, or the dataset in review.
    """
    delivery = find_delivery(actor, delivery_id, KEEP)
    with transaction.atomic():
        kept = locked(delivery.dataset)
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        delivery.dataset = kept
        _require_open(delivery, "accept_drift")
        if delivery.has_open_drift:
            delivery.drift_accepted_by = who_is(actor)
            delivery.save(update_fields=("drift_accepted_by",))
            KeptDataset.objects.filter(pk=kept.pk).update(revision=kept.revision + 1)
            record(actor, "accept_drift", _subject(delivery), {"delivery": delivery.pk})
    return delivery


def erase_delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Delete the delivered file for good, and what was prepared from it unless that is published.

    Raises:
        Conflict: the dataset is in review.
    """
    delivery = find_delivery(actor, delivery_id, KEEP)
    with transaction.atomic():
        kept = locked(delivery.dataset)
        next_state("change", kept.state)
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        delivery.dataset = kept
        paths = [delivery.original]
        if delivery.state in OPEN:
            paths.append(delivery.prepared)
            delivery.state, delivery.prepared = DeliveryState.SUPERSEDED, ""
        delivery.original, delivery.reading, delivery.erased_at = "", None, timezone.now()
        delivery.save()
        record(actor, "erase_delivery", _subject(delivery), {"delivery": delivery.pk})
        transaction.on_commit(lambda: files.erase(*paths))
    return delivery


def _answer_for(delivery: Delivery) -> Mapping[str, Any] | None:
    """What is known of how to read it: what somebody corrected in this delivery, else what was recorded of the last."""
    recorded: Mapping[str, Any] | None = delivery.dataset.reading
    if delivery.reading is None or not delivery.corrected_by:
        return recorded
    try:
        answer = seam.answer_of(delivery.reading)
    except Conflict:  # written by an older edition: read as if nobody had said anything
        return recorded
    return answer if recorded is not None else seam.only_said(answer)


def _require_receiving(kept: KeptDataset) -> None:
    if kept.kind != Kind.UPLOAD:
        raise Conflict(gettext("Dieser Datensatz ist verlinkt; er nimmt keine Dateien an."))
    next_state("change", kept.state)


def _require_open(delivery: Delivery, verb: str) -> None:
    next_state("change", delivery.dataset.state)
    require_step(verb, delivery.state)


def _begun(actor: Actor, delivery_id: int, verb: str, step: Step) -> Delivery:
    """The delivery, with what is done with it now written down for whoever waits."""
    delivery = find_delivery(actor, delivery_id, KEEP)
    _require_open(delivery, verb)
    require_writable(Store.LAKE)
    require_writable()
    if not delivery.original or not files.path_of(delivery.original).is_file():
        raise Gone(gettext("Die gelieferte Datei wurde gelöscht."))
    _step(delivery, step)
    return delivery


def _step(delivery: Delivery, step: Step) -> None:
    since = timezone.now() if step else None
    Delivery.objects.filter(pk=delivery.pk).update(step=step, step_since=since)


def _tried(delivery: Delivery, work: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """The work's result, or None when the file is to blame: then the delivery says why.

    What the city cannot do right now is no fault of the file: it is raised, and a job tries again.
    """
    try:
        return work()
    except Exception as error:
        if condition.refusal_for(error) is not None or (
            isinstance(error, StadtError) and error.status == 503
        ):
            _step(delivery, Step.NONE)
            raise
        if isinstance(error, StadtError) and error.status < 500:
            state, problems = DeliveryState.REFUSED, _told(error)
        else:
            logger.exception("delivery %d of %s failed", delivery.pk, delivery.dataset.key)
            state, problems = DeliveryState.FAILED, [_fault(error)]
    rows = Delivery.objects.filter(pk=delivery.pk, state__in=OPEN)
    rows.update(state=state, problems=problems, step=Step.NONE, step_since=None)
    return None


def _fault(error: BaseException) -> str:
    """What whoever delivered is told of an error that is not the file's."""
    if isinstance(error, ReaderBroken):
        return error.detail
    return gettext("Die Datei konnte nicht verarbeitet werden.")


def _told(error: StadtError) -> list[str]:
    more = (f"{item.field}: {item.message}" for item in error.fields if item.message != error.detail)
    return [error.detail, *more]


class _ending:  # noqa: N801 - read as a block: `with _ending(delivery, "read") as found:`
    """The last step of long work: the delivery for this transaction alone, if it still may be treated so; saved after."""

    def __init__(self, delivery: Delivery, verb: str) -> None:
        self.delivery, self.verb, self.atomic = delivery, verb, transaction.atomic()

    def __enter__(self) -> Delivery:
        self.atomic.__enter__()
        try:
            kept = locked(self.delivery.dataset)
            self.found = Delivery.objects.select_for_update().get(pk=self.delivery.pk)
            self.found.dataset = kept
            self.found.step, self.found.step_since = Step.NONE, None
            _require_open(self.found, self.verb)
        except BaseException as error:
            self.atomic.__exit__(type(error), error, error.__traceback__)
            _step(self.delivery, Step.NONE)
            raise
        return self.found

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            if error is None:
                self.found.save()
        except BaseException as failure:
            self.atomic.__exit__(type(failure), failure, failure.__traceback__)
            self._give_up(failure)
            raise
        self.atomic.__exit__(kind, error, trace)
        if error is not None:
            self._give_up(error)

    def _give_up(self, error: BaseException) -> None:
        """Nobody waits for it any more; what the database will never take has failed."""
        _step(self.delivery, Step.NONE)
        if isinstance(error, DataError):
            rows = Delivery.objects.filter(pk=self.delivery.pk, state__in=OPEN)
            rows.update(state=DeliveryState.FAILED, problems=[_fault(error)])


def _refreshed(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_related("dataset__organisation").get(pk=delivery.pk)


def _subject(delivery: Delivery) -> str:
    return f"dataset:{delivery.dataset.key}"


def _forget_prepared(delivery: Delivery) -> None:
    path = delivery.prepared
    delivery.prepared, delivery.part, delivery.columns, delivery.row_count = "", {}, [], None
    delivery.drift, delivery.drift_accepted_by = {}, ""
    if path:
        transaction.on_commit(lambda: files.erase(path))


def _take_prepared(delivery: Delivery, name: str, made: Mapping[str, Any]) -> None:
    kept = delivery.dataset
    delivery.prepared, delivery.part, delivery.columns = name, made["part"], made["columns"]
    delivery.row_count, delivery.state = made["row_count"], DeliveryState.PREPARED
    if kept.approved_at:
        delivery.drift = drift_between(kept.columns, made["columns"])
    else:
        kept.columns = made["columns"]
    delivery.problems = [*sentences_of(delivery.drift), *made["problems"]]
    if delivery.reading is not None:
        kept.reading = seam.answer_of(delivery.reading)
    kept.save(update_fields=("columns", "reading"))


def _require_rows(rows: seam.PreparedRows) -> None:
    if not rows.columns or not rows.row_count:
        message = gettext("hat keine Zeilen")
        raise Invalid(gettext("Die Datei enthält keine Zeilen."), fields=(FieldError("file", message),))


def _problems(rows: seam.PreparedRows) -> list[str]:
    if not rows.refused_count:
        return list(rows.told)
    words = {"count": rows.refused_count}
    return [
        *rows.told,
        ngettext(
            "%(count)s Zelle war nicht lesbar und bleibt leer.",
            "%(count)s Zellen waren nicht lesbar und bleiben leer.",
            rows.refused_count,
        )
        % words,
    ]
