"""Files are kept whole or not at all, belong to one subject, and leave nothing behind."""

import io
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from stadt.civic.files import services
from stadt.civic.files.limits import MOST_OF_REQUEST, MOST_OF_SUBJECT, MOST_WAITING, uploads_pace
from stadt.civic.files.models import Kind, Role, ScanState, Size, StoredCopy, StoredFile
from stadt.civic.files.pictures import is_bare
from stadt.civic.files.queries import files_of, list_kept, path_of
from stadt.civic.files.tests.images import PDF, SVG, jpeg, picture
from stadt.core.doors import Door, entering
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, ReadOnly, TooMany
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry
from stadt.hub.lake.deleting import LOCK

Take = Callable[..., StoredFile]
pytestmark = pytest.mark.django_db
ANYBODY = Actor.anonymous()


def on_disk(store: Path) -> set[str]:
    return {path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()}


def grow_old(store: Path, hours: int = 2) -> None:
    then = time.time() - hours * 3600
    for path in store.rglob("*"):
        os.utime(path, (then, then))


def test_a_photo_is_kept_in_three_sizes_readable_by_the_city_only(taken: Take, store: Path) -> None:
    item = taken(name="../../IMG Müller.jpg")
    copies = {copy.size: copy for copy in item.copies.all()}
    assert set(copies) == set(Size.values)
    assert on_disk(store) == {copy.path for copy in copies.values()}
    assert {(store / path).stat().st_mode & 0o777 for path in on_disk(store)} == {0o600}
    assert (item.kind, item.media_type, item.name) == (Kind.PHOTO, "image/jpeg", "foto.jpg")
    assert len(item.key) == 22
    assert is_bare(path_of(item, 320).read_bytes())


def test_a_pdf_is_kept_as_it_came(taken: Take) -> None:
    item = taken(PDF, name="Plan.pdf")
    assert path_of(item, Size.SMALL).read_bytes() == PDF
    assert (item.width, item.name, item.scan) == (None, "Plan.pdf", ScanState.UNSCANNED)


def test_what_is_refused_leaves_nothing(taken: Take, store: Path) -> None:
    with pytest.raises(Invalid):
        taken(SVG)
    assert not StoredFile.objects.exists()
    assert on_disk(store) == set()


def test_a_request_is_taken_whole_or_not_at_all(store: Path) -> None:
    class Upload(io.BytesIO):
        name, content_type = "x", "image/jpeg"

    with pytest.raises(Invalid):
        services.take_files([Upload(jpeg()), Upload(SVG)])
    assert not StoredFile.objects.exists()
    with pytest.raises(Invalid, match="auf einmal"):
        services.take_files([Upload(jpeg())] * (MOST_OF_REQUEST + 1))
    assert len(services.take_files([Upload(jpeg()), Upload(PDF)])) == 2


def test_a_full_disk_is_told_and_leaves_nothing(
    taken: Take, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReadOnly):
        taken()
    assert not StoredFile.objects.exists()
    assert on_disk(store) == set()


def test_files_belong_to_one_subject(taken: Take) -> None:
    item = taken(owner="draft:1")
    services.attach([item.pk], "case:1", Role.BEFORE)
    assert [found.pk for found in files_of("case:1")] == [item.pk]
    with pytest.raises(NotFound):
        services.attach([item.pk], "case:2", Role.BEFORE)
    with pytest.raises(NotFound):
        services.detach([item.pk], "case:2")
    services.move_files("case:1", "case:3")
    assert [found.role for found in files_of("case:3")] == [Role.BEFORE]


def test_nobody_attaches_what_somebody_else_brought(taken: Take) -> None:
    item = taken(owner="draft:1")
    with pytest.raises(NotFound):
        services.attach([item.pk], "draft:2", Role.ANSWER, owner="draft:2")
    with pytest.raises(NotFound):
        services.attach([item.pk, 0], "draft:1", Role.ANSWER, owner="draft:1")
    assert files_of("") == []


def test_a_subject_and_an_owner_have_so_many_and_no_more(taken: Take) -> None:
    first = taken()
    many = [
        StoredFile(key=f"k{number}", kind=Kind.PHOTO, bytes=1, subject="case:1", owner="draft:9")
        for number in range(MOST_OF_SUBJECT)
    ]
    StoredFile.objects.bulk_create(many)
    with pytest.raises(Invalid, match="Mehr als"):
        services.attach([first.pk], "case:1", Role.BEFORE)
    StoredFile.objects.filter(owner="draft:9").update(subject="")
    assert MOST_WAITING <= MOST_OF_SUBJECT
    with pytest.raises(Invalid, match="Mehr als"):
        taken(owner="draft:9")


def test_strangers_send_so_many_files_and_then_wait(taken: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads_pace, "burst", 1)
    with entering(Door.PAGE, "192.0.2.7"):
        taken()
        with pytest.raises(TooMany):
            taken()
        taken(actor=Actor(kind="user", identifier="1"))


def test_only_photos_of_a_subject_are_published_and_only_by_people_known(taken: Take, clerk: Actor) -> None:
    photo, paper = taken(), taken(PDF)
    with pytest.raises(Conflict):
        services.publish(clerk, photo.pk)
    services.attach([photo.pk, paper.pk], "case:1", Role.BEFORE)
    with pytest.raises(Conflict):
        services.publish(clerk, paper.pk)
    with pytest.raises(Forbidden):
        services.publish(ANYBODY, photo.pk)
    services.publish(clerk, photo.pk)
    assert [item.pk for item in files_of("case:1", public_only=True)] == [photo.pk]
    services.unpublish(clerk, photo.pk)
    assert files_of("case:1", public_only=True) == []


def test_a_redaction_is_in_every_size_and_the_bytes_before_it_are_gone(
    taken: Take, store: Path, clerk: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    item = taken(jpeg(1600, 800))
    before = {path: (store / path).read_bytes() for path in on_disk(store)}
    held = [(store / path).open("rb") for path in before]
    with django_capture_on_commit_callbacks(execute=True):
        services.redact(clerk, item.pk, [(0.0, 0.25, 0.4, 0.5)])
    assert on_disk(store).isdisjoint(before)
    assert len(on_disk(store)) == 3
    assert all(not any(file.read()) for file in held)  # whoever held them open reads zeros
    for file in held:
        file.close()
    item.refresh_from_db()
    assert (item.revision, item.redacted_at is not None) == (1, True)
    for size in Size:
        with Image.open(path_of(item, size)) as shown:
            width, height = shown.size
            inside = shown.crop((0, int(0.27 * height), int(0.38 * width), int(0.73 * height))).convert("L")
            assert max(inside.tobytes()) < 12
            assert shown.convert("RGB").tobytes()[-1] > 200  # the blue of the lower right corner


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        [(0, 0, 0, 1)],
        [(-0.1, 0, 1, 1)],
        [(0.5, 0.5, 0.6, 0.1)],
        [(float("nan"), 0, 1, 1)],
        [(0, 0, float("inf"), 1)],
        [(0, 0, 1)],
        [("a", 0, 1, 1)],
        [(0, 0, 1, 1)] * 51,
    ],
)
def test_rectangles_outside_the_photo_are_refused_and_change_nothing(
    taken: Take, store: Path, clerk: Actor, boxes: list[Any]
) -> None:
    item, before = taken(), on_disk(store)
    with pytest.raises(Invalid) as refused:
        services.redact(clerk, item.pk, boxes)
    assert refused.value.fields[0].field.startswith("rectangles")
    assert on_disk(store) == before


def test_only_photos_are_redacted_and_only_by_people_known(taken: Take, clerk: Actor) -> None:
    item = taken(PDF)
    with pytest.raises(Conflict):
        services.redact(clerk, item.pk, [(0, 0, 1, 1)])
    with pytest.raises(Forbidden):
        services.redact(ANYBODY, item.pk, [(0, 0, 1, 1)])
    with pytest.raises(NotFound):
        services.redact(clerk, 0, [(0, 0, 1, 1)])


def test_an_erased_subject_leaves_neither_rows_nor_bytes(
    taken: Take, store: Path, django_capture_on_commit_callbacks: Any
) -> None:
    mine, other = taken(), taken()
    services.attach([mine.pk], "case:1", Role.BEFORE)
    services.attach([other.pk], "case:2", Role.BEFORE)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.erase_files("case:1") == 1
    assert services.erase_files("") == 0
    assert on_disk(store) == {copy.path for copy in other.copies.all()}


def test_equal_photos_have_bytes_of_their_own(
    taken: Take, store: Path, clerk: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    one, two = taken(), taken()
    assert one.sha256 == two.sha256
    services.attach([one.pk], "case:1", Role.BEFORE)
    with django_capture_on_commit_callbacks(execute=True):
        services.detach([one.pk], "case:1")
    assert path_of(two).is_file()


def test_what_a_crash_left_between_disk_and_commit_is_swept(taken: Take, store: Path, clerk: Actor) -> None:
    kept = {copy.path for copy in taken().copies.all()}
    with transaction.atomic():
        taken()
        transaction.set_rollback(True)  # the process dies here
    (store / "work/half").write_bytes(b"half a file")
    assert services.sweep(clerk) == 0  # young ones may still commit
    grow_old(store)
    assert services.sweep(clerk) == 4
    assert on_disk(store) == kept


def test_what_was_attached_to_nothing_for_a_day_is_forgotten(
    taken: Take, store: Path, clerk: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    taken()
    old = taken()
    attached = taken()
    services.attach([attached.pk], "draft:1", Role.ANSWER)
    StoredFile.objects.filter(pk__in=[old.pk, attached.pk]).update(
        taken_at=timezone.now() - timedelta(days=2)
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert services.forget_waiting(clerk) == 1
    assert not StoredFile.objects.filter(pk=old.pk).exists()
    assert len(on_disk(store)) == 6


@pytest.mark.django_db(transaction=True)
def test_bytes_stay_while_a_backup_reads_and_go_with_the_sweep(
    taken: Take, store: Path, clerk: Actor
) -> None:
    item = taken()
    services.attach([item.pk], "case:1", Role.BEFORE)
    backup = connection.copy()
    with backup.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [LOCK])
    services.erase_files("case:1")
    assert len(on_disk(store)) == 3
    grow_old(store)
    assert services.sweep(clerk) == 0
    with backup.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [LOCK])
    backup.close()
    assert services.sweep(clerk) == 3
    assert on_disk(store) == set()


def test_a_backup_is_told_of_every_copy_with_its_hash(taken: Take, store: Path) -> None:
    import hashlib

    taken()
    connection.ensure_connection()
    for kept in list_kept(connection.connection):
        content = (store / kept.path).read_bytes()
        assert (kept.size, kept.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert StoredCopy.objects.count() == 3


def test_the_audit_keeps_no_name_of_a_file(taken: Take) -> None:
    taken(PDF, name="Kündigung Erika Mustermann.pdf")
    entry = AuditEntry.objects.get(verb="receive_file")
    assert entry.changes == {"kind": "pdf", "bytes": len(PDF)}


def test_a_small_picture_can_be_redacted_whole(taken: Take, clerk: Actor) -> None:
    from stadt.civic.files.tests.images import encoded

    item = taken(encoded(picture(1, 1), "PNG"))
    services.redact(clerk, item.pk, [(0, 0, 1, 1)])
    with Image.open(path_of(item)) as shown:
        assert shown.getpixel((0, 0)) == (0, 0, 0)
