"""`stadt upgrade-database`: bring the embedded database of an older PostgreSQL over to the one that is installed."""

import argparse
import os
from pathlib import Path

import psycopg

from stadt.config import home
from stadt.config.telling import Teller, tell
from stadt.core.database import Role, parameters
from stadt.core.database.dump import dumping, find_program, restoring
from stadt.core.database.layout import MAJOR, find_older_major, layout
from stadt.core.database.upgrade import find_old_programs, new_server, older_server
from stadt.core.environment import Environment, load
from stadt.core.language import in_words
from stadt.hub.backup.archive import CHUNK_BYTES
from stadt.hub.backup.making import megabytes
from stadt.hub.backup.restoring import compare
from stadt.hub.backup.rights import give_rights, read_rights
from stadt.hub.backup.tables import States, one_moment, read_states

NAME = "upgrade-database"
HELP = in_words(
    "übernimmt die eingebettete Datenbank einer älteren PostgreSQL-Version",
    "takes over the embedded database of an older PostgreSQL",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Where the older version's programs are."""
    parser.add_argument(
        "--programs",
        type=Path,
        metavar="FOLDER",
        help=in_words(
            "Ordner mit den Programmen der älteren Version", "folder of the older version's programs"
        ),
    )


def run(arguments: argparse.Namespace) -> int:
    """Copy from the old server into a new one and compare; the old data stay where they are."""
    environment = load(os.environ)
    home.prepare(environment.home)
    with home.locked(environment.home, environment.url):
        place = layout(environment.home)
        major = find_older_major(place)
        if environment.database_url or place.is_initialised or major is None:
            tell(in_words("Hier ist nichts zu übernehmen.", "There is nothing to take over here."))
            return 0
        programs = find_old_programs(place, major, arguments.programs)
        teller = Teller()
        teller.step(in_words(f"PostgreSQL {major} wird gestartet", f"PostgreSQL {major} is started"))
        with older_server(place, programs) as older, new_server(place):
            states = copy(
                environment, {**parameters(environment, Role.OWNER), "host": str(older.socket)}, teller
            )
            compare(environment, {"tables": states}, teller)
    rows = sum(count for count, _ in states.values())
    tell(
        in_words(
            f"Übernommen: {len(states)} Tabellen mit {rows} Zeilen, jede mit gleicher Anzahl und Prüfsumme.",
            f"Taken over: {len(states)} tables with {rows} rows, each with the same number and hash.",
        )
    )
    old = place.base / str(major)
    tell(
        in_words(
            f"Wenn die Stadt mit PostgreSQL {MAJOR} läuft, kann {old} gelöscht werden.",
            f"Once the city runs on PostgreSQL {MAJOR}, {old} can be deleted.",
        )
    )
    return 0


def copy(environment: Environment, old: dict[str, object], teller: Teller) -> States:
    """Dump from the old server straight into the new one, with the same rights. Returns the old tables' states."""
    new = parameters(environment, Role.OWNER)
    with psycopg.connect(**old) as source, psycopg.connect(**new) as target, one_moment(source) as snapshot:  # type: ignore[arg-type]
        teller.step(in_words("Tabellen werden gezählt und geprüft", "tables are counted and hashed"))
        states = read_states(source, teller.tick)
        teller.step(in_words("Datenbank wird übernommen", "the database is copied"))
        done = 0
        with (
            dumping(find_program("pg_dump", environment, source), old, snapshot) as stream,
            restoring(find_program("pg_restore", environment, target), new) as out,
        ):
            while chunk := stream.read(CHUNK_BYTES):
                out.write(chunk)
                done += len(chunk)
                teller.tick(megabytes(done))
        give_rights(target, read_rights(source))
    return states
