"""Runs one task over one file in a process of its own, and takes down with it whatever goes wrong."""

import errno
import logging
import os
import subprocess
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from stadt.core.errors import StadtError
from stadt.hub.intake.errors import broken, refused

logger = logging.getLogger("stadt.intake")

MEMORY_BYTES = 4 * 1024**3
RECOGNISE_SECONDS = 120
PREPARE_SECONDS = 1800


class Fault(StrEnum):
    """Why a file could not be read although nothing is wrong with it."""

    NO_ROOM = "no_room"
    INCOMPLETE = "incomplete"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What the process is asked: `recognise` or `prepare`, the file, a folder for its work, and the rest as JSON."""

    task: str
    path: str
    folder: str
    seconds: int
    memory_bytes: int = MEMORY_BYTES
    filename: str = ""
    answer: dict[str, Any] = {}
    districts: tuple[str, ...] = ()
    reading: dict[str, Any] = {}
    target: str = ""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What it says: a result, why it refuses, or what is wrong with the city itself."""

    result: dict[str, Any] = {}
    refusal: str = ""
    fault: Fault | None = None
    values: dict[str, str] = {}


def run(task: Task) -> dict[str, Any]:
    """The result of a task.

    Raises:
        Unreadable: when the file is refused, the process needed too much time or memory, or died.
        ReaderBroken: the process does not run at all, for want of a module.
        OSError: there is no room for its work.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV"}
    }
    environment |= {
        "HOME": task.folder,
        "TMPDIR": task.folder,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "stadt.hub.intake.worker"]
    try:
        done = subprocess.run(
            command,
            input=msgspec.json.encode(task),
            capture_output=True,
            cwd=task.folder,
            env=environment,
            timeout=task.seconds,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise refused("too_slow", {"seconds": str(task.seconds)}) from None
    if done.stderr:
        logger.info(
            "reading %s: %s", task.filename or task.path, done.stderr.decode(errors="replace")[-4000:]
        )
    if done.returncode == -24:  # SIGXCPU
        raise refused("too_slow", {"seconds": str(task.seconds)})
    if done.returncode in {-6, -9, -11}:  # aborted, killed or out of its address space
        raise refused("too_much_memory", {})
    try:
        answered = msgspec.json.decode(done.stdout, type=Answered)
    except msgspec.DecodeError:
        raise _died(done) from None
    if answered.fault is Fault.NO_ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if answered.fault is Fault.INCOMPLETE:
        logger.error("the reading process lacks a module: %s", _last_line(done.stderr))
        raise broken()
    if answered.refusal:
        raise refused(answered.refusal, answered.values)
    return answered.result


def _died(done: subprocess.CompletedProcess[bytes]) -> StadtError:
    """What to tell of a process that ended without an answer.

    Once it has begun with a file it answers whatever happens; an error before that is one of the installation.
    """
    if b"memory" in done.stderr.lower():
        return refused("too_much_memory", {})
    if done.returncode == 1:
        logger.error("the reading process does not start: %s", _last_line(done.stderr))
        return broken()
    return refused("damaged", {})


def _last_line(printed: bytes) -> str:
    return printed.decode(errors="replace").strip().rpartition("\n")[2][:500]


def work_folder(beside: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder for one task, gone afterwards, on the disk where the file or the table lies."""
    beside.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="intake-", dir=beside)
