"""Files that people deliver: received whole or not at all, read, corrected, prepared, replaced, erased."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DataError, connection
from django.utils import timezone

from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from stadt.hub.datasets import jobs as publication_jobs
from stadt.hub.datasets.cited import find_damage, list_delivered
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.kept import files, jobs, keeping, queries, seam, services
from stadt.hub.datasets.kept.tests.office import KEY, MORE_TREES, TREES, Office, files_left, kept_now
from stadt.hub.datasets.models import Delivery, KeptDataset, Part, Snapshot
from stadt.hub.datasets.queries import get_snapshot
from stadt.hub.datasets.services import sweep
from stadt.hub.lake.layout import layout

pytestmark = pytest.mark.django_db


def test_a_file_that_is_too_large_is_refused_while_it_comes_and_nothing_is_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_BYTES", 100)
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield b"x" * 30

    office.start()
    with pytest.raises(TooLarge):
        services.receive_delivery(office.keeper, KEY, "x.csv", endless())
    assert len(taken) == 4
    assert files_left() == []
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("chunks", [[], [b"", b""]])
def test_an_empty_file_is_refused_and_nothing_is_left(office: Office, chunks: list[bytes]) -> None:
    office.start()
    with pytest.raises(Invalid):
        services.receive_delivery(office.keeper, KEY, "x.csv", chunks)
    assert files_left() == []


def test_a_broken_upload_leaves_nothing(office: Office) -> None:
    def broken() -> Iterator[bytes]:
        yield b"id\n"
        raise ConnectionResetError

    office.start()
    with pytest.raises(ConnectionResetError):
        services.receive_delivery(office.keeper, KEY, "x.csv", broken())
    assert files_left() == []


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Daten\\Bäume.xlsx", "Bäume.xlsx"),
        ("a\x00b\u202e.csv", "ab.csv"),
        ("", "ohne Namen"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_the_name_of_a_file_is_shown_and_is_never_a_path(office: Office, told: str, kept: str) -> None:
    office.start()
    delivery = services.receive_delivery(office.keeper, KEY, told, [TREES])
    assert delivery.filename == kept
    assert files.path_of(delivery.original).resolve().parent == (layout().deliveries / KEY).resolve()


def test_a_new_file_replaces_one_that_was_not_published(
    office: Office, django_capture_on_commit_callbacks: object
) -> None:
    office.start()
    first = office.deliver()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        second = services.receive_delivery(office.keeper, KEY, "x.csv", [MORE_TREES])
    first.refresh_from_db()
    assert (first.state, first.original, first.prepared) == ("superseded", "", "")
    assert files_left() == [second.original.rpartition("/")[2]]
    assert second.number == 2


def test_a_file_that_cannot_be_read_says_why_and_is_refused(office: Office) -> None:
    office.start()
    delivery = services.receive_delivery(office.keeper, KEY, "x.csv", [b"!"])
    found = services.read_delivery(office.keeper, delivery.pk)
    assert (found.state, found.step) == ("refused", "")
    assert found.problems == ["Die Datei ist keine Tabelle.", "file: ist keine Tabelle"]


def test_a_file_on_which_the_reader_breaks_has_failed_and_tells_nothing_of_the_inside(office: Office) -> None:
    office.start()
    delivery = services.receive_delivery(office.keeper, KEY, "x.csv", [b"?"])
    found = services.read_delivery(office.keeper, delivery.pk)
    assert (found.state, found.step) == ("failed", "")
    assert found.problems == ["Die Datei konnte nicht verarbeitet werden."]


def test_a_file_without_rows_is_refused(office: Office) -> None:
    office.start()
    assert office.deliver(b"id;height:number\n").state == "refused"


def test_a_correction_is_kept_for_the_next_delivery(office: Office) -> None:
    office.start()
    delivery = office.deliver()
    services.correct_reading(office.keeper, delivery.pk, {"height": "m"})
    assert Delivery.objects.get().state == "read"
    services.prepare_delivery(office.keeper, delivery.pk)
    again = office.deliver(MORE_TREES)
    assert [column["unit"] for column in again.columns] == ["", "m"]


def test_columns_that_differ_stop_a_publication_until_somebody_accepts_them(office: Office) -> None:
    office.publish()
    delivery = office.deliver(b"id:text;height:text;kind\nb1;hoch;Eiche\n")
    assert delivery.drift == {
        "added": [{"name": "kind", "type": "text", "unit": ""}],
        "removed": [],
        "changed": [
            {"name": "height", "was": {"type": "number", "unit": ""}, "is": {"type": "text", "unit": ""}}
        ],
    }
    assert delivery.problems[:2] == [
        "Die Spalte „kind“ (Text) ist neu.",
        "Die Spalte „height“ war Zahl und ist jetzt Text.",
    ]
    with pytest.raises(Conflict):
        services.submit_for_review(office.keeper, KEY, kept_now().revision)
    services.accept_drift(office.keeper, delivery.pk)
    office.review()
    assert [column.name for column in get_snapshot(KEY).columns] == ["id", "height", "kind"]
    assert [column["name"] for column in kept_now().columns] == ["id", "height", "kind"]


def test_before_the_first_publication_columns_may_change_freely(office: Office) -> None:
    office.start()
    office.deliver()
    delivery = office.deliver(b"other:integer\n1\n")
    assert delivery.drift == {}
    assert [column["name"] for column in kept_now().columns] == ["other"]


def test_what_is_published_is_what_was_reviewed(office: Office) -> None:
    office.start()
    delivery = office.deliver()
    kept = services.submit_for_review(office.keeper, KEY, 1)
    path = files.path_of(delivery.prepared)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Conflict):
        services.approve(office.approver, KEY, kept.revision)
    assert kept_now().state == "review"
    assert not Snapshot.objects.exists()


def test_two_that_hold_the_same_delivery_do_not_go_on_after_it_was_replaced(office: Office) -> None:
    office.start()
    old = services.receive_delivery(office.keeper, KEY, "x.csv", [TREES])
    services.receive_delivery(office.keeper, KEY, "y.csv", [MORE_TREES])
    with pytest.raises(Conflict):
        services.read_delivery(office.keeper, old.pk)


def test_an_erased_file_is_gone_and_what_it_published_stays(
    office: Office, django_capture_on_commit_callbacks: object
) -> None:
    office.publish()
    delivery = Delivery.objects.get()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.erase_delivery(office.keeper, delivery.pk)
    assert [name for name in files_left() if not name.endswith(".parquet")] == []
    assert get_snapshot(KEY).row_count == 2
    with pytest.raises(Conflict):
        services.read_delivery(office.keeper, delivery.pk)


def test_files_are_erased_when_they_were_kept_long_enough(
    office: Office, django_capture_on_commit_callbacks: object
) -> None:
    office.publish()
    office.deliver(MORE_TREES)
    old = timezone.now() - timedelta(days=keeping.KEPT_DAYS + 1)
    Delivery.objects.filter(number=1).update(received_at=old)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        jobs.tidy_deliveries()
    first, second = Delivery.objects.order_by("number")
    assert (first.original, first.state) == ("", "published")
    assert files.path_of(second.original).is_file()


def test_work_that_was_killed_is_told_by_doctor_and_given_up(office: Office) -> None:
    office.start()
    delivery = services.receive_delivery(office.keeper, KEY, "x.csv", [TREES])
    assert keeping.find_stuck() is None
    long_ago = timezone.now() - timedelta(hours=3)
    Delivery.objects.filter(pk=delivery.pk).update(step="reading", step_since=long_ago)
    assert KEY in str(keeping.find_stuck())
    jobs.tidy_deliveries()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.step) == ("failed", "")
    assert keeping.find_stuck() is None
    assert services.read_delivery(office.keeper, delivery.pk).state == "read"


def test_the_worker_reads_and_prepares_what_waits(office: Office) -> None:
    office.start()
    delivery = services.receive_delivery(office.keeper, KEY, "x.csv", [TREES])
    jobs.read_later(office.keeper, delivery.pk)
    assert queries.get_delivery(office.keeper, delivery.pk).step == "reading"
    jobs.read_delivery(delivery_id=delivery.pk)
    jobs.prepare_delivery(delivery_id=delivery.pk)
    found = queries.get_delivery(office.approver, delivery.pk)
    assert (found.state, found.step, found.row_count) == ("prepared", "", 2)


def test_leftovers_of_a_receiver_that_died_are_swept_and_named_files_stay(office: Office) -> None:
    office.start()
    office.deliver()
    left = files_left()
    (layout().deliveries / KEY / "0123456789abcdef.csv").write_bytes(b"half")
    (layout().work / "upload.part").write_bytes(b"half")
    assert sweep(age=timedelta(0)) == 2
    assert files_left() == left


def test_a_backup_names_every_file_of_deliveries_with_its_hash(office: Office) -> None:
    office.start()
    office.deliver()
    session = connection.connection
    named = list_delivered(session)
    assert sorted(part.path.rpartition("/")[2] for part in named) == files_left()
    assert [find_damage(part, layout().deliveries, thorough=True) for part in named] == [None, None]


def test_withdrawn_rows_are_purged_after_their_time(office: Office) -> None:
    office.publish()
    services.withdraw(office.keeper, KEY, "Falsch")
    publication_jobs.tidy()
    assert Part.objects.exists()
    Snapshot.objects.update(withdrawn_at=timezone.now() - publication_jobs.KEPT_WITHDRAWN)
    publication_jobs.tidy()
    assert not Part.objects.exists()
    with pytest.raises(Gone):
        get_snapshot(KEY, 1)


def test_who_has_no_right_there_does_nothing_with_a_delivery(office: Office) -> None:
    office.start()
    delivery = office.deliver()
    verbs = (
        services.read_delivery,
        services.prepare_delivery,
        services.accept_drift,
        services.erase_delivery,
    )
    for verb in verbs:
        with pytest.raises(Forbidden):
            verb(office.approver, delivery.pk)
        for stranger in (office.stranger, office.reader):
            with pytest.raises(NotFound):
                verb(stranger, delivery.pk)
    assert KeptDataset.objects.get().revision == 1


def test_what_the_database_will_never_take_has_failed_and_nobody_waits(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.start()
    delivery = services.receive_delivery(office.keeper, KEY, "x.csv", [TREES])
    monkeypatch.setattr(seam, "recognise", lambda *_: {"columns": [["a\0b", "text", ""]]})
    with pytest.raises(DataError):
        services.read_delivery(office.keeper, delivery.pk)
    found = Delivery.objects.get(pk=delivery.pk)
    assert (found.state, found.step, bool(found.problems)) == ("failed", "", True)
