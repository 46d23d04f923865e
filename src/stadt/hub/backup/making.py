"""Makes a backup while the city runs: one moment of the database, and every file that moment names."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec
import psycopg

from stadt import __version__
from stadt.core import city
from stadt.core.database import Role, conninfo, parameters
from stadt.core.database.dump import dumping, find_program
from stadt.core.environment import Environment
from stadt.core.errors import StadtError
from stadt.core.language import in_words
from stadt.core.registry import registry
from stadt.hub.backup.archive import HEAD, ArchiveWriter
from stadt.hub.backup.drafts import drafted
from stadt.hub.backup.protection import Protection, encrypting
from stadt.hub.backup.rights import logins, read_rights
from stadt.hub.backup.tables import one_moment, read_states
from stadt.hub.datasets.cited import list_cited, list_delivered
from stadt.hub.lake.deleting import keeping_files
from stadt.hub.lake.layout import Layout, folder_of

FORM = 1
DATABASE_CHUNK = 8 * 1024 * 1024
DATABASE, PART, DELIVERY, CITY, HOME = "database/", "lake/parts/", "lake/deliveries/", "city/", "home/"
KEPT = "kept/"  # folders of files that rows name, such as what people sent
# In the home folder, and kept in another way or not at all.
NOT_FROM_HOME = frozenset({"database", "run", "lake", "lock", "backups"})
LARGEST_HOME_FILE = 16 * 1024 * 1024
# What an operator has to set again; addresses that hold passwords are not among them.
VARIABLES = ("STADT_URL", "STADT_PORT", "STADT_CITY", "STADT_DEMO", "STADT_LAKE", "STADT_BACKUP")


class Progress(Protocol):
    """Where long work tells how far it is: `step` begins something, `tick` may be shown now and then."""

    def step(self, text: str) -> None: ...

    def tick(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: its facts (as in the manifest), size, SHA-256 of the file, and what is not whole in it."""

    facts: dict[str, Any]
    size: int
    sha256: str
    gaps: list[str]
    is_encrypted: bool


def make(environment: Environment, target: Path, protection: Protection, progress: Progress) -> Made:
    """Write a backup to `target`, which must not exist yet. Memory stays flat; nothing is copied aside.

    A part of the lake that is missing or damaged is named in `gaps`; everything else is in the backup all the same.

    Raises:
        Conflict: `target` exists.
        Invalid: a recipient or passphrase cannot be used.
        StadtError: the disk is full, there are no tables, the database went away.
    """
    protection.check()
    with drafted(target) as draft, encrypting(draft, protection) as out:
        facts = _write(environment, ArchiveWriter(out), progress)
    return Made(facts, draft.size, str(draft.digest.hexdigest()), facts["gaps"], protection.is_on)


def _write(environment: Environment, archive: ArchiveWriter, progress: Progress) -> dict[str, Any]:
    with (
        psycopg.connect(conninfo(environment, Role.OWNER)) as connection,
        keeping_files(environment) as keeper,
        # Before the moment: the head of the audit chain, a file, must not be younger than the rows it speaks of.
        _begun(environment, archive, connection) as (head, skipped),
        one_moment(connection) as snapshot,
    ):
        progress.step(in_words("Tabellen werden gezählt und geprüft", "tables are counted and hashed"))
        states = read_states(connection, progress.tick)
        progress.step(in_words("Datenbank wird gesichert", "the database is written"))
        program = find_program("pg_dump", environment, connection)
        with dumping(program, parameters(environment, Role.OWNER), snapshot) as stream:
            _write_database(archive, stream, progress)
        progress.step(in_words("Ablage wird gesichert", "the lake is written"))
        gaps = _write_lake(archive, environment, connection, progress)
        progress.step(in_words("Dateien werden gesichert", "files are written"))
        gaps += _write_kept(archive, environment, connection, progress)
        keeper.execute("SELECT 1")  # no answer: the parts may have been deleted meanwhile
        facts = {
            **head,
            "tables": states,
            "rights": read_rights(connection),
            "gaps": gaps,
            "skipped": skipped,
        }
    archive.close(facts)
    return facts


@contextlib.contextmanager
def _begun(
    environment: Environment, archive: ArchiveWriter, connection: psycopg.Connection[Any]
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Write what stands before the database: the head and the files. Gives the head, and which files were left out."""
    head = _head(environment, connection)
    connection.commit()
    archive.add(HEAD, msgspec.json.encode(head))
    yield head, _write_folders(archive, environment)


def _head(environment: Environment, connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """What can be known before anything is read; a restore decides by it whether it begins.

    Raises:
        StadtError: the city has no tables.
    """
    row = connection.execute("SELECT to_regclass('django_migrations'), now()").fetchone()
    if row is None or row[0] is None:
        raise StadtError(
            in_words(
                "In der Datenbank ist noch keine Stadt; zuerst stadt up oder stadt migrate.",
                "There is no city in the database yet; first stadt up or stadt migrate.",
            )
        )
    migrations = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return {
        "form": FORM,
        "made_at": row[1].astimezone(UTC).isoformat(timespec="seconds"),
        "platform": __version__,
        "postgresql": connection.info.server_version,
        "city": environment.city,
        "migrations": [f"{app}.{name}" for app, name in migrations],
        "fingerprint": _fingerprint(connection),
        "logins": logins(environment),
        "variables": {name: os.environ[name] for name in VARIABLES if os.environ.get(name)},
    }


def _fingerprint(connection: psycopg.Connection[Any]) -> Any:
    row = connection.execute("SELECT value FROM core_setting WHERE key = 'migrations.applied'").fetchone()
    return row[0] if row else None


def _write_folders(archive: ArchiveWriter, environment: Environment) -> list[str]:
    """Secrets and everything else in the home folder, and the city's own folder. Returns what was left out."""
    skipped = []
    kept = frozenset(folder.name for folder in registry.kept)
    for path in _files_of(environment.home, NOT_FROM_HOME | kept):
        name = path.relative_to(environment.home).as_posix()
        if path.stat().st_size > LARGEST_HOME_FILE or _is_archive(name):
            skipped.append(name)
        else:
            _write_file(archive, HOME + name, path)
    with contextlib.suppress(StadtError):  # a city without its folder has readings all the same
        folder = city.find_folder(environment.city)
        if not folder.is_relative_to(city.CITIES):
            for path in _files_of(folder, frozenset()):
                _write_file(archive, CITY + path.relative_to(folder).as_posix(), path)
    return skipped


def _is_archive(name: str) -> bool:
    return name.endswith((".tar", ".age", ".gz", ".zip", ".dump"))


def _files_of(folder: Path, without: frozenset[str]) -> Iterator[Path]:
    """Files below a folder, hidden ones not among them."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith(".") or path.name in without:
            continue
        if path.is_dir():
            yield from _files_of(path, frozenset())
        elif path.is_file():
            yield path


def _write_file(archive: ArchiveWriter, name: str, path: Path) -> None:
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        archive.add_stream(name, os.fstat(file.fileno()).st_size, file)


def _write_database(archive: ArchiveWriter, stream: IO[bytes], progress: Progress) -> None:
    """The dump's stream in pieces, since its length is known only at its end."""
    number = written = 0
    while chunk := stream.read(DATABASE_CHUNK):
        archive.add(f"{DATABASE}{number:06d}", chunk)
        number, written = number + 1, written + len(chunk)
        progress.tick(megabytes(written))


def _write_lake(
    archive: ArchiveWriter, environment: Environment, connection: psycopg.Connection[Any], progress: Progress
) -> list[str]:
    """Every part that a snapshot names and every delivered file, held against their hashes. Returns which are not whole."""
    place = Layout(folder_of(environment.lake))
    wanted = [(PART, place.parts, part) for part in list_cited(connection)]
    wanted += [(DELIVERY, place.deliveries, part) for part in list_delivered(connection)]
    total, done, gaps = sum(part.size_bytes for _, _, part in wanted), 0, []
    for prefix, folder, part in wanted:
        if not _is_whole(archive, prefix, folder, part.path, part.sha256):
            gaps.append(part.path)
        done += part.size_bytes
        progress.tick(
            in_words(f"{megabytes(done)} von {megabytes(total)}", f"{megabytes(done)} of {megabytes(total)}")
        )
    return gaps


def _write_kept(
    archive: ArchiveWriter, environment: Environment, connection: psycopg.Connection[Any], progress: Progress
) -> list[str]:
    """Every file that a row names, held against its hash. Returns which are not whole."""
    done, gaps = 0, []
    for folder in registry.kept:
        for kept in folder.list_files(connection):
            name = f"{folder.name}/{kept.path}"
            if not _is_whole(archive, KEPT, environment.home, name, kept.sha256):
                gaps.append(name)
            done += kept.size
            progress.tick(megabytes(done))
    return gaps


def _is_whole(archive: ArchiveWriter, prefix: str, folder: Path, path: str, sha256: str) -> bool:
    """Write a file; whether it was there and has the bytes it should have."""
    try:
        with (folder / path).open("rb") as file:
            member = archive.add_stream(prefix + path, os.fstat(file.fileno()).st_size, file)
    except FileNotFoundError:
        return False
    return member.sha256 == sha256


def megabytes(count: int) -> str:
    """A size for people, in megabytes of 2^20 bytes."""
    return f"{count / 2**20:.1f} MB" if count < 100 * 2**20 else f"{count >> 20} MB"


def moment_of(facts: Mapping[str, Any]) -> datetime:
    """When the backup's moment was."""
    return datetime.fromisoformat(facts["made_at"])
