"""A full disk, a database that hangs or is gone, a worker that stands still: the city says so, refuses, and recovers.

One city on a small file system of its own, with durable commits, is taken through all of it while readings are posted.
"""

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from stadt.core.database import Role, parameters
from stadt.core.environment import load

START = datetime(2026, 5, 1, tzinfo=UTC)
DISK_MB = 700
LEAST_FREE_MB = 64
MEBIBYTE = 2**20


@dataclass
class Poster:
    """Posts one reading after the other and remembers what was acknowledged, and with which words it was refused."""

    city: Any
    path: str
    secret: str
    make: Any
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[int] = field(default_factory=list)
    refused: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    thread: threading.Thread | None = None

    def run(self) -> None:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        for value in itertools.count():
            while not self.stop.is_set():
                found = self.city.ask("POST", self.path, json.dumps(self.make(value)), headers)
                if found[0] in {200, 201}:
                    self.acknowledged.append(value)
                    break
                self.refused.append(found)
                self.stop.wait(0.1)
                if self.path.startswith("/sta/"):
                    break  # carries no key of its own, so it is not repeated
            if self.stop.is_set():
                return

    def refused_with(self, status: int) -> list[tuple[int, dict[str, str], str]]:
        return [found for found in self.refused if found[0] == status]


def single(value: int) -> dict[str, Any]:
    return {"phenomenonTime": moment(value), "result": value}


def uplink(value: int) -> dict[str, Any]:
    return {
        "end_device_ids": {"device_id": "counter-1", "dev_eui": "70B3D57ED0050001"},
        "received_at": moment(value),
        "uplink_message": {
            "session_key_id": "AZLk3Q==",
            "f_port": 1,
            "f_cnt": value,
            "decoded_payload": {"count": value},
            "received_at": moment(value),
        },
    }


def moment(value: int) -> str:
    return (START + timedelta(seconds=value)).isoformat()


@pytest.fixture(scope="module")
def small_disk() -> Iterator[Path]:
    """A file system of its own, small enough to be filled."""
    folder = Path(tempfile.mkdtemp(prefix="stadt-disk-", dir="/tmp"))
    folder.chmod(0o711)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0711", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("needs the right to mount a small file system (run as root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


@pytest.fixture(scope="module")
def city(small_disk: Path, migrated_home: Path, start_city: Any) -> Iterator[Any]:
    home = small_disk / "home"
    subprocess.run(["cp", "-a", str(migrated_home), str(home)], check=True)
    with start_city(home, STADT_LEAST_FREE_MB=str(LEAST_FREE_MB), LANG="de_DE.UTF-8") as found:
        yield found


@pytest.fixture(scope="module")
def posters(city: Any) -> Iterator[dict[str, Poster]]:
    script = Path(__file__).with_name("prepare.py")
    environment = {"STADT_HOME": str(city.home), "PATH": "/usr/bin:/bin"}
    made = subprocess.run(
        [sys.executable, script], env=environment, check=True, capture_output=True, text=True
    )
    prepared = json.loads(made.stdout)
    first = prepared["datastreams"][0]
    found = {
        "kill/0": Poster(city, f"/sta/v1.1/Datastreams({first})/Observations", prepared["secret"], single),
        "kill/counter-1/test-count": Poster(city, "/ingest/tts/kill", prepared["pushing"], uplink),
    }
    for poster in found.values():
        poster.thread = threading.Thread(target=poster.run)
        poster.thread.start()
    yield found
    for poster in found.values():
        poster.stop.set()
        if poster.thread:
            poster.thread.join()


@pytest.fixture
def going(posters: dict[str, Poster], wait_until: Any) -> Iterator[dict[str, Poster]]:
    """Readings that are being acknowledged before the test, and again after it, without anybody's help."""
    await_progress(posters, wait_until)
    for poster in posters.values():
        poster.refused.clear()
    yield posters
    await_progress(posters, wait_until)


def await_progress(posters: dict[str, Poster], wait_until: Any) -> None:
    counts = {key: len(poster.acknowledged) for key, poster in posters.items()}
    wait_until(lambda: all(len(posters[key].acknowledged) >= count + 5 for key, count in counts.items()))


def ready(city: Any) -> tuple[int, dict[str, Any]]:
    status, _, body = city.get("/health/ready")
    return status, json.loads(body) if body else {}


def level(city: Any, key: str) -> str:
    return str(ready(city)[1].get("conditions", {}).get(key, {}).get("level", ""))


@contextlib.contextmanager
def filled(folder: Path, left_mb: int) -> Iterator[None]:
    """The file system with so much room left, until the block ends."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            found = os.statvfs(folder)
            file.truncate(0)
            wanted = found.f_bavail * found.f_frsize - max(left_mb, 4) * MEBIBYTE
            os.posix_fallocate(file.fileno(), 0, wanted)
            file.seek(wanted)
            with contextlib.suppress(OSError):  # the last pages one by one, since the city takes some too
                while left_mb == 0:
                    file.write(bytes(4096))
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def paused(process: Any) -> Iterator[None]:
    process.suspend()
    try:
        yield
    finally:
        process.resume()


@pytest.mark.slow
def test_a_disk_below_its_stop_level_refuses_writing_and_goes_on_reading(
    city: Any, going: dict[str, Poster], small_disk: Path, wait_until: Any
) -> None:
    with filled(small_disk, LEAST_FREE_MB // 2):
        wait_until(lambda: all(len(poster.refused) >= 3 for poster in going.values()))
        status, told = ready(city)
        assert (status, told["status"]) == (200, "degraded")
        assert told["conditions"]["disk.home"]["level"] == "failed"
        page_status, headers, page = city.ask("POST", "/konto/password/reset/", "email=a@b.example", FORM)
        assert (page_status, headers["retry-after"]) == (503, "60")
        assert "kein Platz mehr" in page
        assert "Gehen Sie in Ihrem Browser einen Schritt zurück" in page
        api_status, headers, body = city.ask("POST", "/api/v1/nothing", "{}", JSON)
        assert (api_status, headers["content-type"]) == (503, "application/problem+json")
        assert json.loads(body)["code"] == "read-only"
        assert city.status("/") == 200
        assert city.status("/sta/v1.1/Things") == 200
    single_refusal = json.loads(going["kill/0"].refused_with(503)[-1][2])
    assert (single_refusal["code"], "disk is full" in single_refusal["message"]) == (503, True)
    uplink_refusal = going["kill/counter-1/test-count"].refused_with(503)[-1]
    assert uplink_refusal[1]["content-type"] == "application/problem+json"
    assert uplink_refusal[1]["retry-after"] == "60"
    assert {found[0] for poster in going.values() for found in poster.refused} == {503}


FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html", "Accept-Language": "de"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.slow
def test_a_disk_that_is_full_to_the_last_byte_is_survived(
    city: Any, going: dict[str, Poster], small_disk: Path, wait_until: Any
) -> None:
    with filled(small_disk, 0):
        wait_until(lambda: all(len(poster.refused) >= 10 for poster in going.values()))
        assert city.status("/health/live") == 200
        assert city.process.poll() is None
    assert {found[0] for poster in going.values() for found in poster.refused} == {503}


@pytest.mark.slow
def test_a_database_that_hangs_holds_no_page(city: Any, going: dict[str, Poster], wait_until: Any) -> None:
    with all_paused(city.database()):
        pages = [threading.Thread(target=city.get, args=("/daten/",)) for _ in range(20)]
        for page in pages:
            page.start()
        wait_until(lambda: ready(city)[0] == 503)
        for page in pages:
            page.join()
        status, headers, page = city.get("/daten/", Accept="text/html")
        assert (status, "retry-after" in headers) == (503, True)
        assert "Die Datenbank antwortet gerade nicht" in page
        assert city.status("/health/live") == 200
        assert city.status("/impressum/") == 200
        wait_until(lambda: all(poster.refused for poster in going.values()))
    wait_until(lambda: ready(city)[0] == 200)
    assert city.status("/daten/") == 200


@pytest.mark.slow
def test_a_database_that_is_gone_is_waited_for_and_the_first_page_after_it_works(
    city: Any, going: dict[str, Poster], wait_until: Any
) -> None:
    city.process.send_signal(signal.SIGSTOP)  # nobody starts it again
    try:
        city.database().kill()
        wait_until(lambda: ready(city)[0] == 503)
        assert city.get("/daten/")[0] == 503
        assert city.get("/sta/v1.1/Things")[0] == 503
        wait_until(lambda: all(poster.refused_with(503) for poster in going.values()))
    finally:
        city.process.send_signal(signal.SIGCONT)
    wait_until(lambda: ready(city)[0] == 200)
    assert city.status("/daten/") == 200


@pytest.mark.slow
def test_a_worker_that_stands_still_is_named_and_readings_go_on(
    city: Any, going: dict[str, Poster], wait_until: Any
) -> None:
    wait_until(lambda: level(city, "worker") == "ok")
    with paused(city.child("worker")):
        wait_until(lambda: level(city, "worker") == "failed")
        status, told = ready(city)
        assert (status, told["status"]) == (200, "degraded")
        await_progress(going, wait_until)
    wait_until(lambda: level(city, "worker") == "ok")


@pytest.mark.slow
def test_every_acknowledged_reading_is_there_exactly_once(city: Any, posters: dict[str, Poster]) -> None:
    for poster in posters.values():
        poster.stop.set()
        if poster.thread:
            poster.thread.join()
    environment = load({"STADT_HOME": str(city.home)})
    with psycopg.connect(**parameters(environment, Role.APP)) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        for key, poster in posters.items():
            found = stored(connection, key)
            assert poster.acknowledged
            assert [value for value in poster.acknowledged if found[value] != 1] == [], key
            assert [value for value, count in found.items() if count > 1] == [], key


def stored(connection: psycopg.Connection[Any], key: str) -> Counter[int]:
    rows = connection.execute(
        "SELECT o.result_number::bigint FROM observations_observation o"
        " JOIN observations_datastream d ON d.id = o.datastream_id WHERE d.key = %s",
        (key,),
    )
    return Counter(value for (value,) in rows)


@contextlib.contextmanager
def all_paused(server: Any) -> Iterator[None]:
    """The database with all its processes stands still, as on a disk that does not answer."""
    with contextlib.ExitStack() as stack:
        for process in (server, *server.children(recursive=True)):
            stack.enter_context(paused(process))
        yield
