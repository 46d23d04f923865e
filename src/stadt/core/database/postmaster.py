"""Find out whether the server that a data directory's lock file names still lives, and take it over or stop it."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from stadt.core.database.account import Account
from stadt.core.errors import ConfigurationError
from stadt.core.language import in_words


def running_pid(data: Path) -> int | None:
    """Process id of the live server on this data directory, or None: a zombie or a reused number is none."""
    pid = _recorded_pid(data)
    return pid if pid is not None and _is_postgres(pid, data) else None


def clear_stale_lock(data: Path, account: Account) -> None:
    """Let a new server start after a crash, also where the old process is a zombie or its number was reused.

    PostgreSQL takes any live process with the recorded number for a running server. The file is not deleted:
    recording our own number, the parent of the server to come, makes PostgreSQL treat the lock as stale and still
    check that no old backend is attached to the shared memory.
    """
    file = data / "postmaster.pid"
    if _recorded_pid(data) is None or running_pid(data) is not None:
        return
    lines = file.read_text().splitlines()
    lines[0] = str(os.getpid())
    account.write(file, "\n".join(lines) + "\n")


def stop_left_over(data: Path, patience: float = 30.0) -> None:
    """Stop a server whose supervisor is gone. The caller holds the installation's lock, so nobody supervises it.

    Raises:
        ConfigurationError: it does not stop within `patience` seconds.
    """
    pid = running_pid(data)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if running_pid(data) is None:
            return
        time.sleep(0.05)
    raise ConfigurationError(
        in_words(
            f"Ein früherer Datenbankprozess ({pid}) lässt sich nicht beenden; bitte von Hand beenden.",
            f"An earlier database process ({pid}) does not stop; please end it by hand.",
        )
    )


def _recorded_pid(data: Path) -> int | None:
    try:
        first = (data / "postmaster.pid").read_text().split("\n", 1)[0]
        return abs(int(first))
    except (FileNotFoundError, ValueError):
        return None


def _is_postgres(pid: int, data: Path) -> bool:
    process = Path("/proc") / str(pid)
    if process.parent.joinpath("self").exists():
        try:
            words = process.joinpath("cmdline").read_bytes().split(b"\0")
            state = process.joinpath("stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        return state != "Z" and os.fsencode(data) in words
    shown = subprocess.run(
        ["ps", "-o", "stat=,command=", "-p", str(pid)], check=False, capture_output=True, text=True
    ).stdout
    return not shown.startswith("Z") and str(data) in shown
