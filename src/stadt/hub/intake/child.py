"""Runs one task over one file in a process of its own, and takes down with it whatever goes wrong."""

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from stadt.hub.intake.errors import refused

logger = logging.getLogger("stadt.intake")

MEMORY_BYTES = 4 * 1024**3
RECOGNISE_SECONDS = 120
PREPARE_SECONDS = 1800


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
    """What it says: a result, or why it refuses."""

    result: dict[str, Any] = {}
    refusal: str = ""
    values: dict[str, str] = {}


def run(task: Task) -> dict[str, Any]:
    """The result of a task.

    Raises:
        Unreadable: when the file is refused, the process needed too much time or memory, or died.
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
        raise refused("too_much_memory" if b"memory" in done.stderr.lower() else "damaged", {}) from None
    if answered.refusal:
        raise refused(answered.refusal, answered.values)
    return answered.result


def work_folder(beside: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder for one task, gone afterwards, on the disk where the file or the table lies."""
    beside.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="intake-", dir=beside)
