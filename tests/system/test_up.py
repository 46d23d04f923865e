"""`stadt up` from outside: an empty city starts, answers, survives its processes' deaths and leaves nothing behind."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

PATIENCE = 90.0


@dataclass
class RunningCity:
    """A `stadt up` and what it printed so far."""

    process: subprocess.Popen[bytes]
    home: Path
    port: int

    @property
    def printed(self) -> str:
        return (self.home / "printed").read_text(encoding="utf-8")

    def descendants(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def child(self, word: str) -> psutil.Process:
        """The direct child whose command line holds the word."""
        return next(found for found in psutil.Process(self.process.pid).children() if word in found.cmdline())

    def database(self) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(found for found in children if found.name() == "postgres")

    def get(self, path: str) -> int:
        """HTTP status; 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except (OSError, http.client.HTTPException):
                return 0


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="stadt-up-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def city(home: Path) -> Iterator[RunningCity]:
    """Start `stadt up` and wait for its address; whatever still runs at the end is killed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("STADT_", "DATABASE_", "LC_"))
    }
    variables = {"STADT_HOME": str(home), "STADT_PORT": str(port), "STADT_DEMO": "0", "LANG": "de_DE.UTF-8"}
    with (home / "printed").open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "stadt.config.cli", "up"],
            env={**kept, **variables},
            stdout=printed,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    found = RunningCity(process, home, port)
    try:
        wait_until(lambda: f"http://127.0.0.1:{port}" in found.printed or process.poll() is not None)
        assert process.poll() is None, found.printed
        yield found
    finally:
        left = [*found.descendants()]
        if process.poll() is None:
            process.kill()
        process.wait()
        for one in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(left, timeout=10)


def wait_until(is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def are_gone(processes: list[psutil.Process]) -> bool:
    def is_gone(one: psutil.Process) -> bool:
        try:
            return one.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    return all(is_gone(one) for one in processes)


def test_an_empty_city_starts_answers_and_leaves_nothing_behind(home: Path) -> None:
    with city(home) as running:
        assert running.get("/health/live") == 200
        assert running.get("/health/ready") == 200
        assert running.get("/") == 200
        assert running.printed.count("http://127.0.0.1") == 1
        everybody = running.descendants()
        assert len(everybody) >= 4
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(PATIENCE) == 0
        assert are_gone(everybody)
        assert not (home / "database" / "18" / "postmaster.pid").exists()


def test_a_second_start_changes_no_table_and_keeps_the_data(home: Path) -> None:
    with city(home) as running:
        assert "Tabellen" in running.printed
        running.process.terminate()
        assert running.process.wait(PATIENCE) == 0
    with city(home) as running:
        assert "Tabellen" not in running.printed
        assert running.get("/") == 200


def test_killed_processes_come_back(home: Path) -> None:
    with city(home) as running:
        for victim in (running.child("web"), running.child("worker"), running.database()):
            victim.kill()
            wait_until(lambda gone=victim: are_gone([gone]))  # type: ignore[misc]
            wait_until(lambda: running.get("/health/ready") == 200)
        wait_until(lambda: any("worker" in found.cmdline() for found in running.descendants()))
        assert running.process.poll() is None


def test_nothing_outlives_a_killed_supervisor_and_the_city_starts_again(home: Path) -> None:
    with city(home) as running:
        everybody = running.descendants()
        running.process.kill()
        running.process.wait()
        wait_until(lambda: are_gone(everybody))
    with city(home) as running:
        assert running.get("/health/ready") == 200


def test_the_first_administrator_is_made_while_the_city_stands_still(home: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("STADT_", "DATABASE_"))}

    def stadt(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "stadt.config.cli", *arguments],
            env={**kept, "STADT_HOME": str(home), "STADT_DEMO": "0"},
            check=False,
            capture_output=True,
            text=True,
            input=given,
        )

    migrated = stadt("migrate")
    assert migrated.returncode == 0, migrated.stderr
    weak = stadt("admin", "--email", "amt@stadt.example", given="kurz\n")
    assert weak.returncode == 1
    assert "password" in weak.stderr
    made = stadt("admin", "--email", "amt@stadt.example", given="ein langes gutes Passwort\n")
    assert made.returncode == 0, made.stderr
    twice = stadt("admin", "--email", "amt@stadt.example", given="ein langes gutes Passwort\n")
    assert twice.returncode == 1
    assert twice.stderr.count("\n") == 1
