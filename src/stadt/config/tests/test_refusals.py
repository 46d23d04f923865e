"""What cannot work is refused in one sentence with exit code 1, before anything is started."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stadt.config import home
from stadt.core.errors import ConfigurationError


@pytest.fixture
def own_home() -> Iterator[Path]:
    """A short folder that the database's account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="stadt-cli-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def stadt(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, with these variables only."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("STADT_", "DATABASE_", "LC_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "stadt.config.cli", *arguments],
        env={**kept, "LANG": "de_DE.UTF-8", **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def assert_refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    """One line on standard error that holds the words, exit code 1, and no traceback."""
    assert done.returncode == 1, done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


def test_a_busy_port_is_refused(own_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = stadt("up", STADT_HOME=str(own_home), STADT_PORT=port)
    assert_refused(done, f"Port {port} ist schon belegt")
    assert not (own_home / "database").exists()


def test_the_sentence_is_english_where_the_terminal_is(own_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = stadt("up", STADT_HOME=str(own_home), STADT_PORT=port, LANG="en_GB.UTF-8")
    assert_refused(done, f"Port {port} is taken already")


def test_a_home_that_cannot_be_written_is_refused(own_home: Path) -> None:
    (own_home / "file").write_text("in the way")
    assert_refused(stadt("up", STADT_HOME=str(own_home / "file" / "home")), "STADT_HOME legt ihn fest")


def test_a_full_disk_is_refused(own_home: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nur noch \d+ MB frei|only \d+ MB left"):
        home.prepare(own_home, least_free=2**60)


def test_an_unreachable_database_is_refused(own_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as free:
        own_port = str(free.getsockname()[1])
    done = stadt(
        "up",
        STADT_HOME=str(own_home),
        STADT_PORT=own_port,
        DATABASE_URL=f"postgresql://stadt:geheim@127.0.0.1:{port}/stadt",
    )
    assert_refused(done, "DATABASE_URL ist nicht erreichbar")
    assert "geheim" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("STADT_PORT", "achttausend"),
        ("STADT_PORT", "70000"),
        ("STADT_DEMO", "vielleicht"),
        ("STADT_URL", "stadt.example"),
        ("DATABASE_URL", "mysql://db.example/stadt"),
    ],
)
def test_a_variable_that_makes_no_sense_is_refused_by_its_name(
    own_home: Path, variable: str, value: str
) -> None:
    assert_refused(stadt("up", **{"STADT_HOME": str(own_home), variable: value}), variable)


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_part_alone_does_not_start_without_a_database(own_home: Path, command: str) -> None:
    assert_refused(stadt(command, STADT_HOME=str(own_home)), "Die eingebettete Datenbank läuft nicht")


def test_a_city_that_runs_already_is_not_started_twice(own_home: Path) -> None:
    with home.locked(own_home, "http://127.0.0.1:8000"):
        done = stadt("up", STADT_HOME=str(own_home), STADT_PORT="1024")
    assert_refused(done, f"Diese Stadt läuft schon (Prozess {os.getpid()}")


def test_an_administrator_without_a_password_is_refused(own_home: Path) -> None:
    done = stadt("admin", "--email", "amt@stadt.example", STADT_HOME=str(own_home))
    assert_refused(done, "Es wurde kein Passwort angegeben")


def test_an_unknown_command_names_the_known_ones() -> None:
    done = stadt("fly")
    assert done.returncode == 2
    assert "doctor" in done.stderr


def test_a_reader_that_has_seen_enough_ends_the_command_silently(own_home: Path) -> None:
    command = f"(sleep 0.2; exec {sys.executable} -m stadt.config.cli doctor) | exec true"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        env={**os.environ, "STADT_HOME": str(own_home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (141, "")
