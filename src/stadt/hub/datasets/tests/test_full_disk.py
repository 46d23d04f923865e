"""A full disk leaves the newest snapshot whole and nothing half-written, and the dataset stays due."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from stadt.core import condition
from stadt.core.condition import Store
from stadt.core.errors import ReadOnly, Unavailable
from stadt.core.people.actor import Actor
from stadt.hub.datasets import downloads, jobs, queries, services
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.formats import formats_of
from stadt.hub.datasets.models import PublicationState, Snapshot
from stadt.hub.datasets.snapshots import get_snapshot
from stadt.hub.datasets.tests.probe import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_lake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A lake on a file system of 3 MB."""
    folder = Path(tempfile.mkdtemp(prefix="stadt-lake-", dir="/tmp"))
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("needs the right to mount a small file system (run as root)")
    monkeypatch.setattr(settings, "STADT", replace(settings.STADT, lake=str(folder), least_free=1))
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(store: Store = Store.DATABASE) -> Unavailable | None:
        return ReadOnly("voll") if store is Store.LAKE else None

    monkeypatch.setattr(condition, "find_refusal", refuse)


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_publication_that_meets_the_end_of_the_disk_leaves_the_old_snapshot_and_no_files(
    small_lake: Path, containers: Dataset, source: Source, actor: Actor
) -> None:
    services.publish_now(actor, containers.key)
    before = files_below(small_lake)
    source.rows += [{"id": f"{n:06d}{os.urandom(20).hex()}", "geom": (7.1, 51.5)} for n in range(60_000)]
    jobs.publish_safely(actor, containers.key)
    assert files_below(small_lake) == before
    assert Snapshot.objects.get().number == 1
    assert queries.read_rows(containers.key, "SELECT count(*) FROM data") == [(2,)]


def test_a_dataset_that_met_a_full_disk_is_due_at_once_when_there_is_room_again(
    monkeypatch: pytest.MonkeyPatch, containers: Dataset, actor: Actor
) -> None:
    with monkeypatch.context() as full:
        no_room(full)
        jobs.publish_safely(actor, containers.key)
        assert not PublicationState.objects.filter(dataset=containers.key).exists()
    jobs.publish_safely(actor, containers.key)
    assert Snapshot.objects.get().number == 1


def test_nothing_is_published_while_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch, containers: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    no_room(monkeypatch)
    jobs.publish_due()
    assert not Snapshot.objects.exists()
    assert [record.getMessage() for record in caplog.records if record.name == "stadt.datasets"] == [
        "nothing is published: voll"
    ]


def test_a_download_that_is_there_is_given_and_a_new_one_refused(
    monkeypatch: pytest.MonkeyPatch, containers: Dataset, actor: Actor
) -> None:
    services.publish_now(actor, containers.key)
    snapshot = get_snapshot(containers.key)
    first, second, *_ = formats_of(containers, snapshot.row_count)
    path = downloads.prepare(containers, snapshot, first)
    no_room(monkeypatch)
    assert downloads.prepare(containers, snapshot, first) == path
    with pytest.raises(ReadOnly):
        downloads.prepare(containers, snapshot, second)
