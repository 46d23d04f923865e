"""Brings a backup back into an empty home and an empty database, and proves that it is the same."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg

from stadt.core.database import Role, conninfo, parameters
from stadt.core.database.dump import find_program, restoring, server_major
from stadt.core.environment import Environment
from stadt.core.errors import Conflict, StadtError
from stadt.core.language import in_words
from stadt.hub.backup.archive import CHUNK_BYTES, HEAD, Damaged, MemberStream
from stadt.hub.backup.making import CITY, DATABASE, DELIVERY, HOME, KEPT, PART, Progress, megabytes
from stadt.hub.backup.protection import Keys
from stadt.hub.backup.reading import no_backup, opened
from stadt.hub.backup.rights import give_rights, logins, read_rights, translate
from stadt.hub.backup.tables import find_differences, find_low_sequences, one_moment, read_states
from stadt.hub.lake.files import whole_file
from stadt.hub.lake.layout import Layout, folder_of


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the backup's facts, logins that do not exist here, and the city's folder if one was in it."""

    facts: dict[str, Any]
    unknown_logins: list[str]
    city: Path | None


@contextlib.contextmanager
def restored(
    environment: Environment,
    path: Path,
    keys: Keys,
    facts: dict[str, Any],
    database: AbstractContextManager[None],
    progress: Progress,
    *,
    is_again: bool = False,
) -> Iterator[Restored]:
    """Bring back a backup that was verified; in the block the database still runs. The caller holds the empty home and marked it as unfinished.

    Args:
        facts: what `verify` returned.
        database: a block in which the database runs; entered once the secrets are in the home folder.
        is_again: what is in the database was left by an interrupted restore, and goes.

    Raises:
        Damaged: the file changed meanwhile, or what is in the database now is not what was in the backup.
        Conflict: database or lake are not empty.
        StadtError: the server is older than the backup's, or PostgreSQL refused.
    """
    place = Layout(folder_of(environment.lake))
    if place.parts.is_dir() and any(place.parts.iterdir()):
        raise Conflict(
            in_words(f"Die Ablage {place.root} ist nicht leer.", f"The lake {place.root} is not empty.")
        )
    with opened(path, keys) as archive:
        members = iter(archive)
        head = next(members, None)
        if head is None or head.name != HEAD:
            raise no_backup(path)
        first = _write_files(environment, members)
        with database:
            if is_again:
                empty_database(environment)
            check_empty(environment, facts)
            progress.step(in_words("Datenbank wird zurückgespielt", "the database is restored"))
            rest = _restore_database(environment, first, members, progress)
            progress.step(in_words("Ablage wird zurückgespielt", "the lake is restored"))
            _restore_files(place, environment.home, rest, progress)
            unknown = _give_rights(environment, facts)
            compare(environment, facts, progress)
            folder = environment.home / "city"
            yield Restored(facts, unknown, folder if (folder / "city.toml").is_file() else None)


def check_empty(environment: Environment, facts: Mapping[str, Any]) -> None:
    """Refuse a database with tables, or a server that is older than the one the backup comes from.

    Raises:
        Conflict: it is not empty.
        StadtError: it is older.
    """
    with psycopg.connect(conninfo(environment, Role.OWNER)) as connection:
        found = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
        ).fetchone()
        here, there = server_major(connection), int(facts["postgresql"]) // 10000
    if found:
        raise Conflict(
            in_words(
                f"Die Datenbank ist nicht leer (Tabelle {found[0]}); zurückgespielt wird nur in eine leere.",
                f"The database is not empty (table {found[0]}); a backup is restored into an empty one only.",
            )
        )
    if here < there:
        raise StadtError(
            in_words(
                f"Die Sicherung stammt von PostgreSQL {there}; dieser Server ist PostgreSQL {here} und damit älter.",
                f"The backup is of PostgreSQL {there}; this server is PostgreSQL {here}, which is older.",
            )
        )


def empty_database(environment: Environment) -> None:
    """Remove all tables that an interrupted restore left; who may use the schema is said again by `stadt migrate`."""
    with psycopg.connect(conninfo(environment, Role.OWNER)) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _write_files(environment: Environment, members: Iterator[MemberStream]) -> MemberStream | None:
    """Secrets, other files of the home folder and the city's folder. Returns the first member that is none of them."""
    for member in members:
        if member.name.startswith(HOME):
            _write_file(environment.home, member.name.removeprefix(HOME), member)
        elif member.name.startswith(CITY):
            _write_file(environment.home / "city", member.name.removeprefix(CITY), member)
        else:
            return member
    return None


def _write_file(folder: Path, name: str, member: MemberStream) -> None:
    """Write a file that only its owner can read; never outside the folder."""
    target = inside(folder, name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        _copy(member, file)
        file.flush()
        os.fsync(file.fileno())


def inside(folder: Path, name: str) -> Path:
    """A path below the folder.

    Raises:
        Damaged: the name would lead out of it.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise Damaged(
            in_words(f"„{name}“ ist kein erlaubter Name.", f"“{name}” is not a name that is allowed.")
        )
    return folder / path


def _copy(member: MemberStream, file: IO[bytes]) -> None:
    while chunk := member.read(CHUNK_BYTES):
        file.write(chunk)


def _restore_database(
    environment: Environment,
    first: MemberStream | None,
    members: Iterator[MemberStream],
    progress: Progress,
) -> Iterator[MemberStream]:
    """Feed the dump's pieces to `pg_restore`. Returns the members that follow them."""
    done, rest = 0, None
    with psycopg.connect(conninfo(environment, Role.OWNER)) as connection:
        program = find_program("pg_restore", environment, connection)
    with restoring(program, parameters(environment, Role.OWNER)) as stream:
        for member in chain([first] if first else [], members):
            if not member.name.startswith(DATABASE):
                rest = member
                break
            _copy(member, stream)
            done += member.size
            progress.tick(megabytes(done))
        progress.tick(in_words("Indizes werden gebaut", "indexes are built"))
    return chain([rest] if rest else [], members)


def _restore_files(place: Layout, home: Path, members: Iterator[MemberStream], progress: Progress) -> None:
    """What follows the database: parts and deliveries of the lake, and the files that rows name."""
    done = 0
    for member in members:
        if member.name.startswith(KEPT):
            _write_file(home, member.name.removeprefix(KEPT), member)
            continue
        found = next((prefix for prefix in (PART, DELIVERY) if member.name.startswith(prefix)), None)
        if found is None:
            continue
        folder = place.parts if found == PART else place.deliveries
        with (
            whole_file(inside(folder, member.name.removeprefix(found)), place.work) as writing,
            writing.open("wb") as file,
        ):
            _copy(member, file)
        done += member.size
        progress.tick(megabytes(done))


def _give_rights(environment: Environment, facts: Mapping[str, Any]) -> list[str]:
    """The rights of the backup under the names that the logins have here. Returns logins that do not exist here.

    Where one login did both over there, its rights say nothing about the one that runs the city here: default rights
    give it everything, and `renew_grants` takes the rest.
    """
    here = logins(environment)
    if facts["logins"]["owner"] == facts["logins"]["app"] != here["app"] and here["app"] != here["owner"]:
        return []
    wanted = translate(facts["rights"], facts["logins"], here)
    with psycopg.connect(conninfo(environment, Role.OWNER)) as connection:
        unknown = give_rights(connection, wanted)
    with psycopg.connect(conninfo(environment, Role.OWNER)) as connection:
        found = read_rights(connection)
    if found != [right for right in wanted if right[3] not in unknown]:
        raise Damaged(
            in_words(
                "Die Rechte in der Datenbank sind nicht die der Sicherung.",
                "The rights in the database are not those of the backup.",
            )
        )
    return unknown


def compare(environment: Environment, facts: Mapping[str, Any], progress: Progress) -> None:
    """Hold every table against the backup's counts and hashes, and every sequence against its column.

    Raises:
        Damaged: names the tables that differ.
    """
    progress.step(in_words("Tabellen werden verglichen", "tables are compared"))
    with psycopg.connect(conninfo(environment, Role.OWNER)) as connection, one_moment(connection):
        found = read_states(connection, progress.tick)
        low = find_low_sequences(connection)
    different = find_differences(facts["tables"], found) + low
    if different:
        names = ", ".join(different)
        raise Damaged(
            in_words(
                f"Nicht gleich sind nach dem Zurückspielen: {names}.",
                f"Not the same after the restore are: {names}.",
            )
        )
    with psycopg.connect(conninfo(environment, Role.OWNER), autocommit=True) as connection:
        progress.step(in_words("Statistiken werden gesammelt", "statistics are gathered"))
        connection.execute("ANALYZE")


def end_sessions(environment: Environment) -> int:
    """Sign everybody out: what was ended after the backup would be valid again. Returns how many sessions there were."""
    with psycopg.connect(conninfo(environment, Role.OWNER)) as connection:
        for table in ("usersessions_usersession",):
            found = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
            if found and found[0]:
                connection.execute("DELETE FROM usersessions_usersession")
        return connection.execute("DELETE FROM django_session").rowcount
