"""`stadt restore`: bring a backup back into an empty home, and prove that it is the same."""

import argparse
import os
from importlib import import_module
from pathlib import Path

import django
from django.utils import translation

from stadt.config import data, rebuilding
from stadt.config.commands.backup import add_keys, keys_of
from stadt.config.telling import Teller, tell
from stadt.core.database.connection import ROLE_VARIABLE
from stadt.core.environment import Environment, load
from stadt.core.language import in_words
from stadt.hub.backup.reading import verify
from stadt.hub.backup.restoring import Restored, end_sessions, restored
from stadt.hub.backup.versions import check_version

NAME = "restore"
HELP = in_words(
    "bringt eine Sicherung in einen leeren Ordner zurück", "brings a backup back into an empty home folder"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The file and what opens it."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help=in_words("Datei der Sicherung", "file of the backup")
    )
    add_keys(parser)
    parser.add_argument(
        "--end-sessions",
        action="store_true",
        help=in_words("alle Anmeldungen beenden", "sign everybody out"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Check the file, restore it, compare, and bring the tables up to this version; 1 when the audit chain is broken."""
    environment = load(os.environ)
    file: Path = arguments.file.expanduser().absolute()
    keys, teller = keys_of(file, arguments), Teller()
    with rebuilding.empty_home(environment) as is_again:
        teller.step(in_words("Sicherung wird geprüft", "the backup is checked"))
        facts = verify(file, keys, teller)
        check_version(facts)
        database = rebuilding.own_database(environment)
        with (
            rebuilding.unfinished(environment),
            restored(environment, file, keys, facts, database, teller, is_again=is_again) as found,
        ):
            for name, (rows, _) in facts["tables"].items():
                tell(in_words(f"✓ {name}: {rows} Zeilen, gleich", f"✓ {name}: {rows} rows, the same"))
            if arguments.end_sessions:
                count = end_sessions(environment)
                tell(in_words(f"Beendete Anmeldungen: {count}", f"Sessions ended: {count}"))
            broken = finish(environment, found, teller)
    conclude(environment, found, broken)
    return 1 if broken else 0


def finish(environment: Environment, found: Restored, teller: Teller) -> str | None:
    """With the city's apps loaded: tables of this version, rights, and the audit chain. Returns what is broken in it."""
    os.environ[ROLE_VARIABLE] = "owner"
    if found.city is not None:
        os.environ["STADT_CITY"] = str(found.city)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
    django.setup()
    translation.activate(in_words("de", "en"))
    after = import_module("stadt.config.afterwards")
    if found.facts["fingerprint"] != data.fingerprint():
        teller.step(in_words("Tabellen werden angepasst", "tables are brought up to date"))
    broken: str | None = after.finish(environment, found)
    return broken


def conclude(environment: Environment, found: Restored, broken: str | None) -> None:
    """What is right, and what the operator still has to do."""
    facts = found.facts
    rows = sum(count for count, _ in facts["tables"].values())
    count = len(facts["tables"])
    tell(
        in_words(
            f"Zurückgespielt: {count} Tabellen mit {rows} Zeilen, jede mit gleicher Anzahl und Prüfsumme.",
            f"Restored: {count} tables with {rows} rows, each with the same number and hash.",
        )
    )
    if broken:
        tell(in_words(f"✗ Kette der Protokollzeilen: {broken}", f"✗ chain of audit rows: {broken}"))
    else:
        tell(in_words("✓ Kette der Protokollzeilen", "✓ chain of audit rows"))
    for path in facts["gaps"]:
        tell(
            in_words(f"✗ Fehlte schon in der Sicherung: {path}", f"✗ missing from the backup already: {path}")
        )
    for login in found.unknown_logins:
        tell(
            in_words(
                f"Ohne Rechte, weil es sie hier nicht gibt: Rolle {login}",
                f"No rights, because it does not exist here: role {login}",
            )
        )
    if found.city is not None:
        tell(
            in_words(
                f"Ordner der Stadt: bitte STADT_CITY={found.city} setzen.",
                f"Folder of the city: please set STADT_CITY={found.city}.",
            )
        )
    for name, value in facts["variables"].items():
        if name != "STADT_CITY" and os.environ.get(name) != value:
            tell(in_words(f"Dort galt {name}={value}", f"There it was {name}={value}"))
