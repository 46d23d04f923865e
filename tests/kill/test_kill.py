"""`kill -9` of web, worker and database while readings and reports come in: what was acknowledged is there, exactly once.

Durable commits are on, as in a real city. Single posts and data arrays are not repeated after an error, since they carry
no idempotency key; messages of The Things Stack are repeated until acknowledged, as its webhook does.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from tests.kill.posters import (
    ROWS_PER_BULK,
    BulkPoster,
    FormPoster,
    Poster,
    ReportPoster,
    SinglePoster,
    StackPoster,
    text_of,
)

from stadt.core.database import Role, parameters
from stadt.core.database.cluster import Cluster
from stadt.core.database.layout import layout
from stadt.core.database.roles import DATABASE, superuser
from stadt.core.environment import load

# A death costs its service a pause that doubles, so the victims take turns. `worker of web` is the process that serves.
VICTIMS = ("worker of web", "worker", "database", "worker of web", "database", "worker", "web") * 3
assert len(VICTIMS) >= 20


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
    wanted = [(poster, len(poster.acknowledged) + poster.heartbeats) for poster in posters]
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


def make_reporters(
    city: Any, prepared: dict[str, Any], stop: threading.Event, form: tuple[int, dict[str, str], str]
) -> dict[str, ReportPoster]:
    """Clients that hand in reports: another program, and a browser that opened the form a while ago."""
    lon, lat = prepared["centre"]
    program = ReportPoster(city.port, prepared["reporting"], stop, centre=(lon, lat))
    browser = FormPoster(city.port, "", stop, centre=(lon, lat))
    _, headers, page = form
    browser.open_form(page, headers["set-cookie"])
    return {one.way: one for one in (program, browser)}


def assert_reports_whole(environment: dict[str, str], reporters: dict[str, ReportPoster]) -> None:
    """Every acknowledged report is there once, with photo, reporter and receipt; no other one is there in part."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.kill.reports"],
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    kept = json.loads(done.stdout)
    texts = kept.pop("texts")
    for one in reporters.values():
        assert one.refused == []
        assert [value for value in one.acknowledged if texts.get(text_of(one.way, value)) != 1] == []
    assert [text for text, count in texts.items() if count != 1] == []
    assert {name: found for name, found in kept.items() if found} == {}


@contextlib.contextmanager
def posting(posters: Mapping[str, Poster], stop: threading.Event) -> Iterator[None]:
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
def test_every_acknowledged_reading_and_report_survives_and_is_there_exactly_once(
    city_home: Path, start_city: Any, wait_until: Any, environment_of: Any
) -> None:
    with start_city(city_home) as city:
        environment = {"STADT_HOME": str(city_home)}
        form = city.get("/melden/neu/")  # nobody fills it in faster than the preparation takes
        prepared, stop = prepare_city(city_home), threading.Event()
        posters = make_posters(city, prepared, stop)
        reporters = make_reporters(city, prepared, stop, form)
        everybody = {**posters, **reporters}
        with posting(everybody, stop):
            for name in VICTIMS:
                await_progress(list(everybody.values()), wait_until)
                kill(city, name)
        wait_until(lambda: city.status("/health/ready") == 200)
        assert_reports_whole(environment_of(city_home), reporters)
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
