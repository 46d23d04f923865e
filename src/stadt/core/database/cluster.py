"""The embedded PostgreSQL server: its own cluster, run as a supervised child over a Unix socket only."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from stadt.core.database import roles
from stadt.core.database.layout import MAJOR, Layout, layout, make_folders, programs, require_current
from stadt.core.database.parent import die_with_parent
from stadt.core.database.postmaster import clear_stale_lock, running_pid, stop_left_over
from stadt.core.errors import ConfigurationError
from stadt.core.language import in_words

# One virtual machine with at most 1 GB for web, worker and database together. JIT costs more than it gives for
# queries that take milliseconds.
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "wal_buffers": "16MB",
    "min_wal_size": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "logging_collector": "on",
    "log_filename": "'postgresql-%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_checkpoints": "off",
    "log_line_prefix": "'%m [%p] %u@%d '",
    # Which statements cost most, for the operators' page; about a megabyte. `stadt.core.database.statements`.
    "shared_preload_libraries": "'pg_stat_statements'",
    "pg_stat_statements.max": "1000",
    "pg_stat_statements.track_utility": "off",
}
# Data that is thrown away after a test run need not survive a power cut.
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "autovacuum_naptime": "10min",
}
# Seconds. Recovery replays at most max_wal_size, some ten seconds on a slow disk; more only after a restored backup.
LONGEST_RECOVERY = 600.0


@dataclass
class Cluster:
    """One embedded server, of the wheel's programs or of those in the folder `program`. `start` and `stop` it from the main thread: the server ends with that thread's process."""

    place: Layout
    durable: bool = True
    program: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    said: str = field(default="", init=False)

    def start(self) -> None:
        """Create the cluster where there is none, start the server and wait until it answers.

        After a crash this takes as long as PostgreSQL's recovery.

        Raises:
            ConfigurationError: with one sentence that says why there is no database.
        """
        try:
            self.place = make_folders(self.place)
            program = self.program or programs(self.place.account)
        except OSError as error:
            raise ConfigurationError(
                in_words(
                    f"Für die Datenbank lässt sich kein Ordner anlegen: {error.strerror} ({error.filename}).",
                    f"No folder can be made for the database: {error.strerror} ({error.filename}).",
                )
            ) from error
        if not self.place.is_initialised:
            if self.place.data_name == str(MAJOR):
                require_current(self.place)
            self._initialise(program)
        self._configure()
        stop_left_over(self.place.data)
        for _ in range(20):
            clear_stale_lock(self.place.data, self.place.account)
            if self._launch(program):
                break
            time.sleep(0.5)
        else:
            raise ConfigurationError(self._last_words())
        try:
            roles.ensure(self.place, throwaway=not self.durable)
        except psycopg.errors.DiskFull:
            raise ConfigurationError(
                in_words(
                    f"Die Datenbank läuft und kann nicht schreiben, weil auf {self.place.base} kein Platz mehr ist.",
                    f"The database runs and cannot write, because there is no room left on {self.place.base}.",
                )
            ) from None

    def stop(self, patience: float = 30.0) -> None:
        """Stop the server: open transactions are rolled back, everything committed is on disk."""
        process = self.process
        if process is None:
            return
        self.process = None
        for how, wait in ((signal.SIGINT, patience), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
            if process.poll() is not None:
                return
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(wait)

    @property
    def is_alive(self) -> bool:
        """True while the server process runs."""
        return self.process is not None and self.process.poll() is None

    def _initialise(self, program: Path) -> None:
        draft = self.place.data.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        self.place.account.own(draft)
        command = [str(program / "initdb"), "-D", str(draft), "--username=postgres", "--encoding=UTF8"]
        command += [
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ]
        command += ["--auth-local=peer", "--auth-host=reject"]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(command, check=False, capture_output=True, text=True, **self._identity())
        if done.returncode != 0:
            raise ConfigurationError(
                in_words("Die Datenbank lässt sich nicht anlegen: ", "The database cannot be created: ")
                + _last_line(done.stderr)
            )
        draft.rename(self.place.data)

    def _configure(self) -> None:
        """Write our settings anew at each start; `ALTER SYSTEM` still goes before them."""
        settings = SETTINGS | ({} if self.durable else THROWAWAY_SETTINGS)
        settings |= {
            "unix_socket_directories": _quoted(self.place.socket),
            "log_directory": _quoted(self.place.log),
        }
        self._write("stadt.conf", "".join(f"{name} = {value}\n" for name, value in settings.items()))
        main = self.place.data / "postgresql.conf"
        if "include 'stadt.conf'" not in main.read_text():
            self._write("postgresql.conf", main.read_text() + "\ninclude 'stadt.conf'\n")
        me = pwd.getpwuid(os.geteuid()).pw_name
        self._write("pg_ident.conf", f"stadt {me} postgres\n")
        self._write("pg_hba.conf", "local all postgres peer map=stadt\nlocal all all scram-sha-256\n")

    def _write(self, name: str, text: str) -> None:
        file = self.place.data / name
        if file.exists() and file.read_text() == text:
            return
        self.place.account.write(file, text)

    def _launch(self, program: Path) -> bool:
        """Start the server; False when an earlier one still holds memory or the lock, so that trying again helps."""
        command = [str(program / "postgres"), "-D", str(self.place.data)]
        # What the server says before its own log begins.
        with tempfile.TemporaryFile() as words:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - only prctl, and no thread runs yet
                **self._identity(),
            )
            answers = self._wait_for_answer(self.process)
            words.seek(0)
            self.said = words.read().decode(errors="replace")
        if answers:
            return True
        if self.is_alive or not ("shared memory" in self.said or "lock file" in self.said):
            self.stop()
            raise ConfigurationError(self._last_words())
        return False

    def _wait_for_answer(self, process: subprocess.Popen[bytes]) -> bool:
        end = time.monotonic() + LONGEST_RECOVERY
        while process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(psycopg.OperationalError), roles.superuser(self.place):
                return True
            time.sleep(0.02)
        return False

    def _last_words(self) -> str:
        said = _last_line(self.said)
        return in_words(
            f"Die Datenbank startet nicht ({said}); Näheres steht in {self.place.log}.",
            f"The database does not start ({said}); see {self.place.log}.",
        )

    def _identity(self) -> dict[str, Any]:
        account = self.place.account
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
        if not account.is_other:
            return {"env": environment, "cwd": "/"}
        return {"env": environment, "cwd": "/", "user": account.uid, "group": account.gid, "extra_groups": []}


@contextlib.contextmanager
def throwaway(home: Path) -> Iterator[Cluster]:
    """A cluster for one test run under `home`, which the server's account must be able to enter."""
    cluster = Cluster(layout(home), durable=False)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


def is_running(home: Path) -> bool:
    """True when the embedded server of this installation runs."""
    return running_pid(layout(home).data) is not None


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
    return (telling or lines or ["?"])[-1]
