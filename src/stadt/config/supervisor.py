"""Keeps processes running: starts them, restarts what dies with a growing pause, stops them in order."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from stadt.core.database.parent import die_with_parent

SUPERVISED = "STADT_SUPERVISED"
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
# A process that ran this long was healthy: its next death is a first one again.
HEALTHY_SECONDS = 60.0


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM arrived while something was being started."""


@dataclass
class Backoff:
    """How long to wait before the next start: 0.25 s, doubled with each death in a row, at most 30 s."""

    deaths: int = 0
    started: float = 0.0
    due: float = 0.0

    def note_start(self, now: float) -> None:
        """A start happens now."""
        self.started = now

    def note_death(self, now: float) -> None:
        """Work out when to start again."""
        self.deaths = 1 if now - self.started > HEALTHY_SECONDS else self.deaths + 1
        self.due = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.deaths - 1))


@dataclass
class Service:
    """A command of `stadt` that runs as a child in a process group of its own."""

    name: str
    arguments: tuple[str, ...]
    patience: float = 10.0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    backoff: Backoff = field(default_factory=Backoff, init=False)

    def start(self) -> None:
        """Start the child; it is told to stop when we die."""
        self.backoff.note_start(time.monotonic())
        self.process = subprocess.Popen(
            stadt_command(*self.arguments),
            stdin=subprocess.DEVNULL,
            env={**os.environ, SUPERVISED: "1"},
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - only prctl, and no thread runs
        )

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """Stop the child and whatever it started."""
        process, self.process = self.process, None
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(self.patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def keep_alive(self) -> str | None:
        """Start the child again when it died and its pause is over; returns what to tell, if anything."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            code = self.process.returncode
            self.stop()
            self.backoff.note_death(now)
            return f"{self.name}: {_ending(code)}"
        if self.process is None and now >= self.backoff.due:
            self.start()
        return None


def stadt_command(*arguments: str) -> list[str]:
    """This installation's `stadt`, by the same interpreter."""
    return [sys.executable, "-m", "stadt.config.cli", *arguments]


class Signals:
    """SIGINT and SIGTERM as a question the main loop can ask, and SIGCHLD as a reason to look at once."""

    def __init__(self) -> None:
        self.asked_to_stop = False
        self.interrupts_starting = True
        self._awake, self._waker = socket.socketpair()
        self._awake.setblocking(False)
        self._waker.setblocking(False)

    def __enter__(self) -> "Signals":
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(self, *error: object) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._awake.close()
        self._waker.close()

    def wait(self, seconds: float) -> None:
        """Sleep until a signal arrives or the time is over."""
        if select.select([self._awake], [], [], seconds)[0]:
            with contextlib.suppress(BlockingIOError):
                self._awake.recv(4096)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True
        if self.interrupts_starting:
            self.interrupts_starting = False  # what is being stopped now is not interrupted again
            raise StopAsked


def stop_all(services: list[Service]) -> None:
    """Ask all services to stop at once, then wait for each, so that the slowest decides how long it takes."""
    for service in services:
        service.ask_to_stop()
    for service in services:
        service.stop()


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else str(code)
