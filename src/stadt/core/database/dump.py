"""Dump a database into a stream and bring it back, by PostgreSQL's own programs over pipes."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import make_conninfo

from stadt.core.database.account import server_account
from stadt.core.database.layout import MAJOR, programs
from stadt.core.environment import Environment
from stadt.core.errors import ConfigurationError, StadtError
from stadt.core.language import in_words

# Where packages of operating systems put the programs of each major version.
FOLDERS = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/opt/homebrew/opt/postgresql@{}/bin")
NEWEST_LOOKED_FOR = 30
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


class DumpFailed(StadtError):
    """PostgreSQL's own program failed; says with which words."""

    code = "dump-failed"


def server_major(connection: psycopg.Connection[Any]) -> int:
    """Major version of the connected server."""
    return connection.info.server_version // 10000


def find_program(name: str, environment: Environment, connection: psycopg.Connection[Any]) -> Path:
    """`pg_dump` or `pg_restore` for the server of this connection: not older than it, and able to reach it.

    For a server of `DATABASE_URL` a program of the operating system goes before the wheel's, which knows no TLS.

    Raises:
        ConfigurationError: there is none; says which package brings it.
    """
    needed = server_major(connection)
    if environment.database_url is not None:
        for path in _installed(name, needed):
            return path
    is_encrypted = connection.pgconn.ssl_in_use
    if needed <= MAJOR and not is_encrypted:
        return programs(server_account()) / name
    reason = in_words(" mit TLS", " with TLS") if is_encrypted else ""
    raise ConfigurationError(
        in_words(
            f"Für PostgreSQL {needed}{reason} fehlt {name}: Bitte das Paket postgresql-client-{needed} installieren.",
            f"There is no {name} for PostgreSQL {needed}{reason}: install the package postgresql-client-{needed}.",
        )
    )


def _installed(name: str, at_least: int) -> Iterator[Path]:
    """The operating system's programs that are new enough, the one on the path first."""
    places = [Path(found)] if (found := shutil.which(name)) else []
    for major in range(at_least, NEWEST_LOOKED_FOR):
        places += [Path(folder.format(major)) / name for folder in FOLDERS]
    for path in places:
        if path.is_file() and version_of(path) >= at_least:
            yield path


def version_of(program: Path) -> int:
    """Major version of a program of PostgreSQL, 0 when it cannot be run."""
    try:
        said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    except OSError:
        return 0
    match = VERSION.search(said)
    return int(match[1]) if match else 0


@contextlib.contextmanager
def dumping(program: Path, parameters: Mapping[str, Any], snapshot: str) -> Iterator[IO[bytes]]:
    """Give the stream of a dump (`pg_dump`, custom format) of the database as an exported snapshot sees it.

    Raises:
        DumpFailed: at the end of the block, when the program failed.
    """
    command = [str(program), "--format=custom", "--compress=gzip:4", f"--snapshot={snapshot}"]
    command += ["--no-password", "--lock-wait-timeout=60s"]
    with _running(command, parameters, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        if process.stdout:
            yield process.stdout


@contextlib.contextmanager
def restoring(program: Path, parameters: Mapping[str, Any]) -> Iterator[IO[bytes]]:
    """Give what a dump is written to; `pg_restore` brings it into the database in one transaction.

    Owners and rights are left out: whoever connects owns what is made.

    Raises:
        DumpFailed: at the end of the block, when the program failed; then nothing was changed.
    """
    command = [str(program), "--format=custom", "--single-transaction", "--exit-on-error", "--no-owner"]
    command += ["--no-privileges", "--no-password"]
    with (
        _running(command, parameters, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process,
        contextlib.suppress(BrokenPipeError),  # the program ended early and says why
    ):
        if process.stdin:
            yield process.stdin
            process.stdin.close()


@contextlib.contextmanager
def _running(
    command: list[str], parameters: Mapping[str, Any], **pipes: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program; the password goes by the environment, which other accounts cannot read."""
    address = make_conninfo(**{key: value for key, value in parameters.items() if key != "password"})
    variables = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "/"), "LC_ALL": "C"}
    if parameters.get("password"):
        variables["PGPASSWORD"] = str(parameters["password"])
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen([*command, f"--dbname={address}"], env=variables, stderr=words, **pipes)
        try:
            yield process
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if pipe:
                        pipe.close()
        words.seek(0)
        said = words.read().decode(errors="replace").strip().splitlines()
    if code != 0:
        name = Path(command[0]).name
        reason = next((line for line in said if "error:" in line), said[-1] if said else str(code))
        reason = reason.removeprefix(f"{name}: ").removeprefix("error: ")
        raise DumpFailed(in_words(f"{name} ist gescheitert: {reason}", f"{name} failed: {reason}"))
