"""What state the city says it is in, and what it then refuses to write."""

import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db.utils import OperationalError
from django.utils import translation

from stadt.core import condition
from stadt.core.condition import Level, Store
from stadt.core.errors import ReadOnly
from stadt.core.probes import Database, Disk, Probe, disks

GIB = 2**30
ROOMY = Disk(("home", "database", "lake"), "/srv", 80 * GIB, 100 * GIB, GIB, 3 * GIB)


def with_free(free: int, *keeps: str) -> Disk:
    return Disk(keeps or ROOMY.keeps, "/srv", free, 100 * GIB, GIB, 3 * GIB)


class Seen:
    """What the probes of a test see; an exception is raised by the look."""

    def __init__(self) -> None:
        self.database: Database | Exception = Database(worker_age=1.0)
        self.disks: tuple[Disk, ...] = (ROOMY,)
        self.hang = threading.Event()
        self.hang.set()

    def ask(self) -> Database:
        assert self.hang.wait(20)
        if isinstance(self.database, Exception):
            raise self.database
        return self.database


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    found = Seen()
    state = condition._State()
    state.database = Probe("test", found.ask)
    state.disks = Probe("test", lambda: found.disks)
    monkeypatch.setattr(condition, "_state", state)
    yield found
    found.hang.set()


def by_key() -> dict[str, condition.Condition]:
    return {item.key: item for item in condition.conditions()}


def test_a_healthy_city_says_so_of_database_disk_and_worker(seen: Seen) -> None:
    assert {key: item.level for key, item in by_key().items()} == {
        "database": Level.OK,
        "disk.home": Level.OK,
        "worker": Level.OK,
    }
    assert condition.is_writable()
    assert condition.worst(condition.conditions()) is Level.OK


@pytest.mark.parametrize(
    ("free", "level"),
    [(3 * GIB, Level.OK), (3 * GIB - 1, Level.WARNING), (GIB, Level.WARNING), (GIB - 1, Level.FAILED)],
)
def test_a_disk_warns_before_it_stops(seen: Seen, free: int, level: Level) -> None:
    seen.disks = (with_free(free),)
    assert by_key()["disk.home"].level is level
    assert condition.is_writable() is (level is not Level.FAILED)


def test_a_full_disk_stops_only_what_is_written_there(seen: Seen) -> None:
    seen.disks = (with_free(80 * GIB, "home", "database"), with_free(0, "lake"))
    assert by_key()["disk.lake"].level is Level.FAILED
    assert condition.is_writable(Store.DATABASE)
    assert not condition.is_writable(Store.LAKE)
    with pytest.raises(ReadOnly, match="kein Platz") as refused:
        condition.require_writable(Store.LAKE)
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (503, "60")


def test_texts_are_in_the_language_of_whoever_asks(seen: Seen) -> None:
    seen.disks = (with_free(GIB // 2),)
    assert "Nur noch 512 MB von 100,0 GB frei" in by_key()["disk.home"].detail
    with translation.override("en"):
        told = by_key()["disk.home"]
        assert "Only 512 MB of 100.0 GB are free" in told.detail
        assert told.title == "The city's disk"
        assert "Please" in told.advice


def test_a_database_that_cannot_be_reached_takes_no_writes(seen: Seen) -> None:
    seen.database = psycopg.OperationalError("connection refused: geheim")
    told = by_key()
    assert told["database"].level is Level.FAILED
    assert "worker" not in told  # only the database knows of it
    assert "geheim" not in repr(told)
    assert not condition.is_writable()


def test_a_database_that_hangs_holds_nobody(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(condition, "DATABASE_LIMIT_SECONDS", 0.05)
    seen.hang.clear()
    told = by_key()["database"]
    assert (told.level, told.detail) == (Level.FAILED, "Die Datenbank ist gestartet, antwortet aber nicht.")
    assert not condition.is_database_up()


def test_a_read_only_database_takes_no_writes_and_can_be_read(seen: Seen) -> None:
    seen.database = Database(is_read_only=True, worker_age=1.0)
    assert by_key()["database"].level is Level.FAILED
    assert condition.is_database_up()
    assert not condition.is_writable()


@pytest.mark.parametrize("age", [None, 21.0])
def test_a_worker_without_a_sign_of_life_is_named(
    seen: Seen, monkeypatch: pytest.MonkeyPatch, age: float | None
) -> None:
    monkeypatch.setattr(condition._state, "began", time.monotonic() - 60)
    seen.database = Database(worker_age=age)
    assert by_key()["worker"].level is Level.FAILED
    assert condition.is_writable()


def test_a_worker_that_is_just_being_started_is_not_missed(seen: Seen) -> None:
    seen.database = Database(worker_age=None)
    assert by_key()["worker"].detail == "Der Worker startet."


@pytest.mark.parametrize("state", ["53100", "25006"])
def test_after_a_refused_write_the_next_ones_are_refused_until_a_trial(
    seen: Seen, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    wrapped = OperationalError("no space")
    wrapped.__cause__ = psycopg.errors.lookup(state)("no space")
    assert condition.note_failure(wrapped)
    assert not condition.is_writable()
    assert by_key()["database"].level is Level.FAILED
    later = time.monotonic() + condition.TRIAL_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert condition.is_writable()


def test_a_failure_that_says_nothing_about_room_changes_nothing(seen: Seen) -> None:
    assert not condition.note_failure(psycopg.errors.DeadlockDetected("deadlock"))
    assert condition.is_writable()


def test_since_tells_when_the_level_changed_and_not_when_it_was_looked_at(seen: Seen) -> None:
    first = by_key()["database"].since
    assert by_key()["database"].since == first
    condition._state.refused_until = time.monotonic() + 60
    assert by_key()["database"].since > first


def test_looking_again_at_once_costs_no_second_look() -> None:
    looks = itertools.count(1)
    probe: Probe[int] = Probe("test", lambda: next(looks))
    assert [probe.look(60, 5).value for _ in range(3)] == [1, 1, 1]
    assert probe.look(0, 5).value == 2


def test_every_file_system_is_named_once(settings: Any) -> None:
    found = disks()
    kept = [name for disk in found for name in disk.keeps]
    assert found[0].keeps[0] == "home"
    assert sorted(kept) == ["database", "home", "lake", "uploads"]
    assert all(0 <= disk.free <= disk.total for disk in found)


@pytest.mark.django_db(transaction=True)
def test_the_real_database_answers_and_is_not_kept_open() -> None:
    state = condition._State()
    sample = state.database.look(0, 5)
    assert sample.error is None
    assert sample.value == Database(is_read_only=False, worker_age=None)
    assert state.question._connection is None
