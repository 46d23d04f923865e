"""A real `stadt up` for tests that look at the city from outside, in a home folder and on a port of its own."""

import contextlib
import fcntl
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

LONGEST_WAIT = 180.0
LONGEST_START = (
    600.0  # a demo city on a machine with much else to do; one whose process ended is not waited for
)
STADT = (sys.executable, "-m", "stadt.config.cli")


@dataclass
class RunningCity:
    """A `stadt up` and what it printed so far."""

    process: subprocess.Popen[bytes]
    home: Path
    port: int

    @property
    def url(self) -> str:
        """Address without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        """Standard output and error of the whole city."""
        return (self.home / "printed").read_text(encoding="utf-8")

    def descendants(self) -> list[psutil.Process]:
        """All its processes but the first."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def child(self, word: str) -> psutil.Process:
        """The direct child with this word in its command line, such as `web` or `worker`."""
        children = psutil.Process(self.process.pid).children()
        return next(found for found in children if word in _words(found))

    def database(self) -> psutil.Process:
        """PostgreSQL's first process."""
        children = psutil.Process(self.process.pid).children()
        return next(found for found in children if _is_alive(found) and found.name() == "postgres")

    def status(self, path: str) -> int:
        """HTTP status of an address; 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            try:
                connection.request("GET", path)
                return connection.getresponse().status
            except (OSError, http.client.HTTPException):
                return 0

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers (names in lower case) and body of an address; 0 when nobody answers."""
        return self.ask("GET", path, None, headers)

    def ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str], patience: float = 30
    ) -> tuple[int, dict[str, str], str]:
        """As `get`, with any method and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        with contextlib.closing(connection):
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                found = {name.lower(): value for name, value in answer.getheaders()}
                return answer.status, found, answer.read().decode(errors="replace")
            except (OSError, http.client.HTTPException):
                return 0, {}, ""

    def stadt(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run another command of `stadt` for this city."""
        return stadt_command(self.home, *arguments, given=given)


def _words(process: psutil.Process) -> list[str]:
    """The command line of a live process; of one that died, nothing."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def _is_alive(process: psutil.Process) -> bool:
    """Whether a process runs; one that was killed stays a zombie until its parent has looked."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


Start = Callable[..., AbstractContextManager[RunningCity]]


def city_environment(home: Path, **variables: str) -> dict[str, str]:
    """This process's environment without what the test run itself set, and with a city of its own."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("STADT_", "DATABASE_", "LC_"))
    }
    return {**kept, "STADT_HOME": str(home), "LANG": "de_DE.UTF-8", **variables}


def stadt_command(
    home: Path, *arguments: str, given: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run one command of `stadt` to its end."""
    return subprocess.run(
        [*STADT, *arguments],
        env=city_environment(home, **variables),
        check=False,
        capture_output=True,
        text=True,
        input=given,
    )


def look_until(is_true: Callable[[], bool], seconds: float = LONGEST_WAIT) -> None:
    """Look again and again; a test that waits longer than three minutes has failed."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def free_port() -> int:
    """A port of this machine that nobody listens on right now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def running_city(
    home: Path,
    *,
    demo: bool = False,
    program: tuple[str, ...] = STADT,
    port: int | None = None,
    **variables: str,
) -> Iterator[RunningCity]:
    """Start `stadt up` and wait for its address; whatever still runs at the end is killed."""
    port = port or free_port()
    variables = {"STADT_MQTT_PORT": str(free_port()), **variables}
    with (home / "printed").open("wb") as printed:
        process = subprocess.Popen(
            [*program, "up"],
            env=city_environment(home, STADT_PORT=str(port), STADT_DEMO=str(int(demo)), **variables),
            cwd=home,
            stdout=printed,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
    found = RunningCity(process, home, port)
    address = variables.get("STADT_URL", found.url)
    try:
        look_until(lambda: address in found.printed or process.poll() is not None, LONGEST_START)
        assert process.poll() is None, found.printed
        yield found
    finally:
        left = found.descendants()
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        for one in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        process.kill()
        process.wait()
        psutil.wait_procs(left, timeout=10)


@pytest.fixture(scope="session")
def start_city() -> Start:
    """`with start_city(home, demo=True) as city:` runs a city while the block lasts."""
    return running_city


@pytest.fixture(scope="session")
def pick_port() -> Callable[[], int]:
    """`pick_port()` is a port that nobody listens on."""
    return free_port


@pytest.fixture(scope="session")
def run_stadt() -> Callable[..., subprocess.CompletedProcess[str]]:
    """`run_stadt(home, "doctor")` runs one command of `stadt` to its end."""
    return stadt_command


@pytest.fixture(scope="session")
def environment_of() -> Callable[..., dict[str, str]]:
    """`environment_of(home, STADT_PORT="8000")` are the variables of a city's process."""
    return city_environment


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """`wait_until(lambda: …)` looks until it is true, at most three minutes."""
    return look_until


@pytest.fixture(scope="session")
def migrated_home() -> Iterator[Path]:
    """The home of an empty city with all its tables, standing still; to be copied. Parallel workers make one for all."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with open_folder() as folder:
            migrate(folder)
            yield folder
        return
    shared = Path(os.environ["STADT_HOME"]).parent / "migrated"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            with open_folder() as folder:
                migrate(folder)
                half = shared.with_suffix(".half")  # a copy that ends in the middle is none
                subprocess.run(["cp", "-a", str(folder), str(half)], check=True)
                half.rename(shared)
    yield shared


def migrate(home: Path) -> None:
    """Make the tables of a city that stands still."""
    migrated = stadt_command(home, "migrate")
    assert migrated.returncode == 0, migrated.stderr


@pytest.fixture
def new_home() -> Iterator[Path]:
    """A short, empty home folder that the database's account may enter."""
    with open_folder() as folder:
        yield folder


@pytest.fixture
def city_home(new_home: Path, migrated_home: Path) -> Path:
    """The home of an empty city of the test's own."""
    subprocess.run(["cp", "-a", f"{migrated_home}/.", str(new_home)], check=True)
    return new_home


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder under /tmp that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="stadt-city-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
