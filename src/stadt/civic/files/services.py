"""Writes of files: take, attach, redact, publish, erase.

Who may do it to what, the part knows that a file belongs to: it asks for the right in its own subject before it calls.
What changes a file that somebody else may see needs an actor who is known.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.files import storage
from stadt.civic.files.events import FileChanged
from stadt.civic.files.kinds import ENDINGS, JPEG, Found, accepted, recognise, refusal
from stadt.civic.files.limits import (
    KEPT_WAITING,
    LARGEST,
    LONGEST_NAME,
    MEGABYTE,
    MOST_OF_REQUEST,
    MOST_OF_SUBJECT,
    MOST_WAITING,
    uploads_pace,
)
from stadt.civic.files.models import Kind, Role, ScanState, Size, StoredCopy, StoredFile
from stadt.civic.files.pictures import Picture, Rectangle, blacken, rewrite
from stadt.civic.files.scanning import is_set_up, scanner
from stadt.core.audit import record
from stadt.core.doors import find_entrance
from stadt.core.errors import Conflict, FieldError, Forbidden, NotFound, TooLarge
from stadt.core.events import publish as publish_event
from stadt.core.people.actor import Actor
from stadt.hub.lake.deleting import may_delete

SWEPT_AT_ONCE = 500


def take_file(
    stream: IO[bytes],
    name: str,
    content_type: str = "",
    *,
    accepts: Iterable[str] = (),
    owner: str = "",
    actor: Actor | None = None,
    field: str = "file",
) -> StoredFile:
    """Check a file, write a photo anew, and keep it until it is attached to something; a day at most.

    Args:
        content_type: what the browser claims; nothing follows from it.
        accepts: `photo`, `pdf`, `document` or media types; photo and PDF where nothing is said.
        owner: key of who brings it, such as `draft:7`; limits count by it.
        field: the input's name, for refusals.

    Raises:
        Invalid: it is nothing that is taken here, broken, or holds a virus.
        TooLarge, TooMany: over a limit.
        ReadOnly: there is no room.
    """
    actor = actor or Actor.anonymous()
    entrance = find_entrance()
    if not actor.is_known and entrance is not None:
        uploads_pace.take(entrance.client)
    _check_waiting(owner, field)
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLarge(
            gettext("Die Datei ist zu groß: höchstens %(count)d MB.") % {"count": LARGEST // MEGABYTE},
            fields=(FieldError(field, gettext("zu groß")),),
        )
    found = recognise(content, accepted(accepts), field)
    state = scanner().scan(content)
    if state is ScanState.INFECTED:
        raise refusal(field, gettext("In der Datei steckt Schadsoftware. Wir haben sie nicht angenommen."))
    if found.kind is Kind.PHOTO:
        pictures = rewrite(content, found, field)
        return _keep(actor, Found(Kind.PHOTO, JPEG), pictures, name, owner, state)
    whole = {Size.FULL: Picture(content, 0, 0)}
    return _keep(actor, found, whole, name, owner, state)


def take_files(
    uploads: Sequence[Any],
    *,
    accepts: Iterable[str] = (),
    owner: str = "",
    actor: Actor | None = None,
    field: str = "file",
) -> list[StoredFile]:
    """All files of one request (Django's `UploadedFile`), or none. Raises as `take_file`."""
    if len(uploads) > MOST_OF_REQUEST:
        raise refusal(
            field, gettext("Bitte höchstens %(count)d Dateien auf einmal.") % {"count": MOST_OF_REQUEST}
        )
    names = tuple(accepts)
    with transaction.atomic():
        return [
            take_file(
                upload,
                upload.name or "",
                upload.content_type or "",
                accepts=names,
                owner=owner,
                actor=actor,
                field=field,
            )
            for upload in uploads
        ]


@transaction.atomic
def attach(
    file_ids: Iterable[int],
    subject: str,
    role: str,
    *,
    owner: str | None = None,
    actor: Actor | None = None,
) -> list[StoredFile]:
    """Let files belong to a subject, in the order of their ids.

    Args:
        owner: when given, only files that this owner brought are taken; whoever takes ids from a form gives it.

    Raises:
        NotFound: there is no such file, it is somebody else's, or it belongs to something else.
        Invalid: the subject would have too many, or there is no such role.
    """
    wanted = sorted(set(file_ids))
    if role not in Role.values:
        raise refusal("role", gettext("Diese Rolle gibt es nicht."))
    if not subject or not wanted:
        return []
    found = list(StoredFile.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    strange = [
        item
        for item in found
        if item.subject not in ("", subject) or (owner is not None and item.owner != owner)
    ]
    if len(found) != len(wanted) or strange:
        raise NotFound(gettext("Diese Datei gibt es nicht."))
    others = StoredFile.objects.filter(subject=subject).exclude(pk__in=wanted).count()
    if others + len(found) > MOST_OF_SUBJECT:
        raise refusal(
            "file", gettext("Mehr als %(count)d Dateien sind nicht möglich.") % {"count": MOST_OF_SUBJECT}
        )
    for item in found:
        item.subject, item.role = subject, role
    StoredFile.objects.bulk_update(found, ["subject", "role"])
    record(actor or Actor.anonymous(), "attach_files", subject, {"files": wanted, "role": str(role)})
    return found


@transaction.atomic
def move_files(subject: str, target: str, *, actor: Actor | None = None) -> int:
    """Let everything that belongs to one subject (a draft) belong to another (its case). Returns how many files."""
    count = StoredFile.objects.filter(subject=subject).exclude(subject="").update(subject=target)
    if count:
        record(actor or Actor.anonymous(), "attach_files", target, {"count": count})
    return count


@transaction.atomic
def detach(file_ids: Iterable[int], subject: str, *, actor: Actor | None = None) -> None:
    """Take files from their subject and delete them: nobody else has them. Raises NotFound."""
    wanted = sorted(set(file_ids))
    found = list(StoredFile.objects.select_for_update().filter(pk__in=wanted, subject=subject))
    if len(found) != len(wanted) or not subject:
        raise NotFound(gettext("Diese Datei gibt es nicht."))
    _erase(found)
    record(actor or Actor.anonymous(), "detach_files", subject, {"files": wanted})


@transaction.atomic
def redact(actor: Actor, file_id: int, rectangles: Iterable[Rectangle | Sequence[float]]) -> StoredFile:
    """Burn black boxes into every size of a photo; the bytes before it are overwritten and gone.

    `rectangles` are (left, top, width, height) from 0 to 1, in the photo as it is shown.

    Raises:
        Forbidden: nobody is signed in.
        NotFound, Conflict: there is no such file, or it is no photo.
        Invalid: a rectangle lies outside.
    """
    item = _locked(actor, file_id)
    if item.kind != Kind.PHOTO:
        raise Conflict(gettext("Geschwärzt werden können nur Fotos."))
    boxes = [box if isinstance(box, Rectangle) else _rectangle(box) for box in rectangles]
    old = list(item.copies.all())
    full = next((copy for copy in old if copy.size == Size.FULL), None)
    if full is None:
        raise NotFound(gettext("Diese Datei gibt es nicht."))
    pictures = blacken(storage.place_of(full.path).read_bytes(), boxes)
    item.copies.all().delete()
    _write_copies(item, pictures)
    item.redacted_at, item.revision = timezone.now(), item.revision + 1
    item.save(update_fields=["bytes", "width", "height", "sha256", "redacted_at", "revision"])
    storage.remove_after_commit(copy.path for copy in old)
    record(actor, "redact_file", f"file:{item.pk}", {"rectangles": len(boxes), "subject": item.subject})
    return item


@transaction.atomic
def publish(actor: Actor, file_id: int) -> StoredFile:
    """Let everybody see a photo under its address. Raises Forbidden, NotFound, Conflict (no photo, no subject)."""
    item = _locked(actor, file_id)
    if item.kind != Kind.PHOTO or not item.subject or item.scan == ScanState.INFECTED:
        raise Conflict(gettext("Veröffentlicht werden können nur Fotos, die zu einem Vorgang gehören."))
    return _set_published(actor, item, "publish_file", is_published=True)


@transaction.atomic
def unpublish(actor: Actor, file_id: int) -> StoredFile:
    """Take a photo from the public; caches forget it within five minutes. Raises Forbidden, NotFound."""
    return _set_published(actor, _locked(actor, file_id), "unpublish_file", is_published=False)


@transaction.atomic
def erase_files(subject: str, *, actor: Actor | None = None) -> int:
    """Delete everything that belongs to a subject, rows and bytes. Returns how many files."""
    found = list(StoredFile.objects.select_for_update().filter(subject=subject).exclude(subject=""))
    if found:
        _erase(found)
        record(actor or Actor.system("files"), "erase_files", subject, {"count": len(found)})
    return len(found)


@transaction.atomic
def forget_waiting(actor: Actor) -> int:
    """Delete files that were attached to nothing for a day. Returns how many."""
    limit = timezone.now() - KEPT_WAITING
    waiting = StoredFile.objects.select_for_update(skip_locked=True).filter(subject="", taken_at__lt=limit)
    found = list(waiting.order_by("pk")[:SWEPT_AT_ONCE])
    if found:
        _erase(found)
        record(actor, "erase_files", "files", {"count": len(found)})
    return len(found)


def sweep(actor: Actor) -> int:
    """Delete bytes that no row names: left by a crash between disk and commit, or kept for a backup. Returns how many."""
    found = list(storage.list_left_over())
    count = 0
    for start in range(0, len(found), SWEPT_AT_ONCE):
        part = found[start : start + SWEPT_AT_ONCE]
        with transaction.atomic():
            if not may_delete():
                break
            known = set(StoredCopy.objects.filter(path__in=part).values_list("path", flat=True))
            for path in part:
                if path not in known:
                    storage.wipe(storage.place_of(path))
                    count += 1
    if count:
        record(actor, "sweep_files", "files", {"count": count})
    return count


def scan_waiting(actor: Actor) -> int:
    """Show the scanner what it has not seen; a file with a virus loses its bytes. Returns how many it looked at."""
    if not is_set_up():
        return 0
    count = 0
    for pk in StoredFile.objects.filter(scan=ScanState.UNSCANNED).values_list("pk", flat=True)[
        :SWEPT_AT_ONCE
    ]:
        with transaction.atomic():
            item = StoredFile.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
            copy = item.copies.filter(size=Size.FULL).first() if item else None
            if item is None or copy is None:
                continue
            state = scanner().scan(storage.place_of(copy.path).read_bytes())
            if state is ScanState.UNSCANNED:
                break  # it does not answer; the others wait too
            item.scan = state
            if state is ScanState.INFECTED:
                item.is_published = False
                storage.remove_after_commit(list(item.copies.values_list("path", flat=True)))
                item.copies.all().delete()
            item.save(update_fields=["scan", "is_published"])
            record(actor, "scan_file", f"file:{item.pk}", {"state": str(state)})
            count += 1
    return count


def _check_waiting(owner: str, field: str) -> None:
    if owner and StoredFile.objects.filter(owner=owner, subject="").count() >= MOST_WAITING:
        raise refusal(
            field, gettext("Mehr als %(count)d Dateien sind nicht möglich.") % {"count": MOST_WAITING}
        )


@transaction.atomic
def _keep(actor: Actor, found: Found, pictures: Any, name: str, owner: str, state: ScanState) -> StoredFile:
    item = StoredFile(
        key=secrets.token_urlsafe(16),
        kind=found.kind,
        media_type=found.media_type,
        name=clean_name(name, found),
        owner=owner,
        scan=state,
        bytes=0,
        sha256="",
    )
    item.save()
    _write_copies(item, pictures)
    item.save(update_fields=["bytes", "width", "height", "sha256"])
    record(actor, "receive_file", f"file:{item.pk}", {"kind": str(item.kind), "bytes": item.bytes})
    return item


def _write_copies(item: StoredFile, pictures: Any) -> None:
    for size, picture in pictures.items():
        digest = hashlib.sha256(picture.content).hexdigest()
        path = storage.put(picture.content, digest)
        StoredCopy.objects.create(file=item, size=size, path=path, sha256=digest, bytes=len(picture.content))
        if size == Size.FULL:
            item.bytes, item.sha256 = len(picture.content), digest
            item.width, item.height = picture.width or None, picture.height or None


def clean_name(name: str, found: Found) -> str:
    """A name for a download: the last step of a path, without signs that steer, with the ending of what it is.

    A photo's name goes: telephones write the time into it, and people their names.
    """
    ending = ENDINGS[found.media_type]
    if found.kind is Kind.PHOTO:
        return f"foto.{ending}"
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(
        sign if sign.isalnum() or sign in " -_().," else "_" for sign in last.rpartition(".")[0] or last
    )
    plain = " ".join(plain.split()).strip("._ ")
    return f"{plain[: LONGEST_NAME - 6] or 'datei'}.{ending}"


def _rectangle(numbers: Sequence[float]) -> Rectangle:
    try:
        left, top, width, height = (float(number) for number in numbers)
    except (TypeError, ValueError):
        raise refusal("rectangles", gettext("Ein Bereich hat vier Zahlen von 0 bis 1.")) from None
    return Rectangle(left, top, width, height)


def _locked(actor: Actor, file_id: int) -> StoredFile:
    if not actor.is_known:
        raise Forbidden(gettext("Bitte melden Sie sich an."))
    item = StoredFile.objects.select_for_update().filter(pk=file_id).first()
    if item is None:
        raise NotFound(gettext("Diese Datei gibt es nicht."))
    return item


def _set_published(actor: Actor, item: StoredFile, verb: str, *, is_published: bool) -> StoredFile:
    if item.is_published != is_published:
        item.is_published = is_published
        item.save(update_fields=["is_published"])
        record(actor, verb, f"file:{item.pk}", {"subject": item.subject})
        publish_event(FileChanged(item.subject))
    return item


def _erase(found: list[StoredFile]) -> None:
    pks = [item.pk for item in found]
    paths = list(StoredCopy.objects.filter(file__in=pks).values_list("path", flat=True))
    StoredFile.objects.filter(pk__in=pks).delete()
    storage.remove_after_commit(paths)
