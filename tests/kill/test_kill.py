"""`kill -9` of web, worker and database while posts come in: what was acknowledged is there, exactly once.

Durable commits are on, as in a real city. Single posts and data arrays are not repeated after an error, since they carry
no idempotency key; messages of The Things Stack are repeated until acknowledged, as its webhook does.
"""

import contextlib
import http.client
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from stadt.core.database import Role, parameters
from stadt.core.database.cluster import Cluster
from stadt.core.database.layout import layout
from stadt.core.database.roles import DATABASE, superuser
from stadt.core.environment import load

START = datetime(2026, 5, 1, tzinfo=UTC)
ROWS_PER_BULK = 200
HEARTBEATS = 3  # acknowledgements between two kills
# A death costs its service a pause that doubles, so the victims take turns. `worker of web` is the process that serves.
VICTIMS = ("worker of web", "worker", "database", "worker of web", "database", "worker", "web") * 3
assert len(VICTIMS) >= 20


@dataclass
class Poster:
    """A client in a thread of its own. `acknowledged` are values whose post was answered with success."""

    port: int
    secret: str
    stop: threading.Event
    acknowledged: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        connection: http.client.HTTPConnection | None = None
        for path, body, values in self.posts():
            while not self.stop.is_set():
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                status = self.post(connection, path, body)
                if status in {0, 503}:
                    connection.close()
                    connection = None
                    self.stop.wait(0.05)
                    if self.repeats:
                        continue
                elif status in {200, 201}:
                    self.acknowledged += values
                else:
                    self.refused.append(f"{path} {status}")
                break
            if self.stop.is_set():
                break
        if connection:
            connection.close()

    repeats = False

    def post(self, connection: http.client.HTTPConnection, path: str, body: Any) -> int:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            # Closed here also when the server dies halfway: an answer that ends the connection owns its socket.
            with contextlib.closing(connection.getresponse()) as answer:
                answer.read()
                return answer.status
        except (OSError, http.client.HTTPException):
            return 0

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        raise NotImplementedError


def moment(value: int) -> str:
    """Each value has a time of its own."""
    return (START + timedelta(seconds=value)).isoformat()


@dataclass
class SinglePoster(Poster):
    """One observation per POST."""

    datastream: int = 0

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        path = f"/sta/v1.1/Datastreams({self.datastream})/Observations"
        for value in itertools.count():
            yield path, {"phenomenonTime": moment(value), "result": value}, [value]


@dataclass
class BulkPoster(Poster):
    """Data arrays: all rows of one are stored, or none."""

    datastream: int = 0

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        for start in itertools.count(0, ROWS_PER_BULK):
            values = list(range(start, start + ROWS_PER_BULK))
            block = {
                "Datastream": {"@iot.id": self.datastream},
                "components": ["phenomenonTime", "result"],
                "dataArray": [[moment(value), value] for value in values],
            }
            yield "/sta/v1.1/CreateObservations", [block], values


@dataclass
class StackPoster(Poster):
    """Uplinks of The Things Stack, each repeated until it is acknowledged."""

    repeats = True

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        for value in itertools.count():
            body = {
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
            yield "/ingest/tts/kill", body, [value]


def find_victim(city: Any, name: str) -> psutil.Process | None:
    try:
        if name == "database":
            found: psutil.Process = city.database()
        elif name == "worker of web":
            found = city.child("web").children()[-1]
        else:
            found = city.child(name)
    except (StopIteration, IndexError, psutil.NoSuchProcess):
        return None
    return found


def kill(city: Any, name: str) -> None:
    """Kill one process with SIGKILL, as soon as it is there."""
    while (victim := find_victim(city, name)) is None:
        time.sleep(0.02)
    victim.kill()


def await_progress(posters: list[Poster], wait_until: Any) -> None:
    """Wait until each poster got some more acknowledgements."""
    wanted = [(poster, len(poster.acknowledged) + HEARTBEATS) for poster in posters]
    wait_until(lambda: all(len(poster.acknowledged) >= count for poster, count in wanted))


def stored(connection: psycopg.Connection[Any], key: str) -> Counter[int]:
    """How often each value is stored in the datastream with this key."""
    rows = connection.execute(
        "SELECT o.result_number::bigint FROM observations_observation o"
        " JOIN observations_datastream d ON d.id = o.datastream_id WHERE d.key = %s",
        (key,),
    )
    return Counter(value for (value,) in rows)


WRONG_COUNTERS = """
SELECT s.datastream_id, s.count, found.count, days.count
FROM observations_datastreamstate s
CROSS JOIN LATERAL (
    SELECT count(*), max(id) AS last FROM observations_observation o WHERE o.datastream_id = s.datastream_id
) AS found
CROSS JOIN LATERAL (
    SELECT coalesce(sum(count), 0) AS count FROM observations_datastreamday d WHERE d.datastream_id = s.datastream_id
) AS days
WHERE (s.count, s.count) <> (found.count, days.count)
"""


def prepare_city(home: Path) -> dict[str, Any]:
    """Datastreams and tokens in a running city."""
    script = Path(__file__).with_name("prepare.py")
    environment = {"STADT_HOME": str(home), "PATH": "/usr/bin:/bin"}
    made = subprocess.run(
        [sys.executable, script], env=environment, check=True, capture_output=True, text=True
    )
    prepared: dict[str, Any] = json.loads(made.stdout)
    return prepared


def make_posters(city: Any, prepared: dict[str, Any], stop: threading.Event) -> dict[str, Poster]:
    """Key of a datastream → the client that writes it."""
    *singles, bulk = prepared["datastreams"]
    posters: dict[str, Poster] = {
        f"kill/{n}": SinglePoster(city.port, prepared["secret"], stop, datastream=number)
        for n, number in enumerate(singles)
    }
    posters[f"kill/{len(singles)}"] = BulkPoster(city.port, prepared["secret"], stop, datastream=bulk)
    posters["kill/counter-1/test-count"] = StackPoster(city.port, prepared["pushing"], stop)
    return posters


@contextlib.contextmanager
def posting(posters: dict[str, Poster], stop: threading.Event) -> Iterator[None]:
    """Readings stream in while the block runs."""
    for poster in posters.values():
        poster.start()
    try:
        yield
    finally:
        stop.set()
        for poster in posters.values():
            if poster.thread:
                poster.thread.join()


@pytest.mark.slow
def test_every_acknowledged_reading_survives_and_is_there_exactly_once(
    city_home: Path, start_city: Any, wait_until: Any
) -> None:
    with start_city(city_home) as city:
        environment = {"STADT_HOME": str(city_home)}
        prepared, stop = prepare_city(city_home), threading.Event()
        posters = make_posters(city, prepared, stop)
        with posting(posters, stop):
            for name in VICTIMS:
                await_progress(list(posters.values()), wait_until)
                kill(city, name)
        wait_until(lambda: city.status("/health/ready") == 200)
        with psycopg.connect(**parameters(load(environment), Role.APP)) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
            for key, poster in posters.items():
                found = stored(connection, key)
                assert poster.refused == [], city.printed
                assert [value for value in poster.acknowledged if found[value] != 1] == [], key
                assert [value for value, count in found.items() if count > 1] == [], key
            assert len(stored(connection, f"kill/{len(prepared['datastreams']) - 1}")) % ROWS_PER_BULK == 0
            assert connection.execute(WRONG_COUNTERS).fetchall() == []


@pytest.fixture
def second_home() -> Iterator[Path]:
    """An empty home beside the running city's."""
    with tempfile.TemporaryDirectory(prefix="stadt-back-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def begin_backup(home: Path, file: Path) -> subprocess.Popen[bytes]:
    """A backup in a process of its own, once its draft is there."""
    return subprocess.Popen(
        [sys.executable, "-m", "stadt.config.cli", "backup", str(file)],
        env={**os.environ, "STADT_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_a_backup_amid_kills_is_whole_or_not_there_and_holds_one_moment(
    city_home: Path, second_home: Path, start_city: Any, wait_until: Any, run_stadt: Any, tmp_path: Path
) -> None:
    with start_city(city_home) as city:
        stop = threading.Event()
        posters = make_posters(city, prepare_city(city_home), stop)
        with posting(posters, stop):
            for name in ("backup", "worker", "worker of web", "database"):
                await_progress(list(posters.values()), wait_until)
                file = tmp_path / f"{name}.tar".replace(" ", "-")
                backup = begin_backup(city_home, file)
                wait_until(
                    lambda running=backup: any(tmp_path.glob(".*.draft")) or running.poll() is not None
                )
                if name == "backup":
                    backup.kill()
                else:
                    kill(city, name)
                backup.wait()
                assert (
                    not file.exists()
                    or run_stadt(second_home, "backup", "--verify", str(file)).returncode == 0
                )
            wait_until(lambda: city.status("/health/ready") == 200)
            await_progress(list(posters.values()), wait_until)
            before = {key: list(poster.acknowledged) for key, poster in posters.items()}
            whole = tmp_path / "whole.tar"
            made = run_stadt(city_home, "backup", str(whole))
            assert made.returncode == 0, made.stderr
            await_progress(list(posters.values()), wait_until)
        assert list(tmp_path.glob(".*.draft")) == []
    restored = run_stadt(second_home, "restore", str(whole))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    cluster = Cluster(layout(second_home))
    cluster.start()
    try:
        with superuser(cluster.place, DATABASE) as connection:
            for key, values in before.items():
                found = stored(connection, key)
                assert [value for value in values if found[value] != 1] == [], key
                assert [value for value, count in found.items() if count > 1] == [], key
            assert connection.execute(WRONG_COUNTERS).fetchall() == []
    finally:
        cluster.stop()
