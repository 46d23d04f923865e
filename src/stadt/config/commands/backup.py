"""`stadt backup`: write a whole city into one file, check such a file, or say what is in it."""

import argparse
import getpass
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.db import DatabaseError

from stadt.config import data
from stadt.config.telling import Teller, tell
from stadt.core.environment import Environment, load
from stadt.core.errors import FieldError, Invalid, StadtError
from stadt.core.language import in_words
from stadt.hub.backup.making import Made, make, megabytes
from stadt.hub.backup.protection import Keys, Protection, kind_of
from stadt.hub.backup.reading import verify, verify_sum

NAME = "backup"
HELP = in_words(
    "sichert die ganze Stadt in eine Datei, auch im laufenden Betrieb, und prüft solche Dateien",
    "writes the whole city into one file, also while it runs, and checks such files",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The file, how it is protected, or that it is to be checked."""
    words = in_words(
        "Datei der Sicherung; ohne sie eine im Ordner STADT_BACKUP",
        "file of the backup; without it one in the folder STADT_BACKUP",
    )
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help=words)
    parser.add_argument(
        "--verify",
        action="store_true",
        help=in_words("eine vorhandene Datei Byte für Byte prüfen", "check an existing file byte by byte"),
    )
    parser.add_argument(
        "--list", action="store_true", help=in_words("zeigen, was darin ist", "show what is inside")
    )
    parser.add_argument(
        "--to",
        action="append",
        default=[],
        metavar="age1…",
        help=in_words(
            "für diesen Empfänger verschlüsseln; mehrmals möglich",
            "encrypt for this recipient; may be repeated",
        ),
    )
    parser.add_argument(
        "--passphrase",
        action="store_true",
        help=in_words(
            "mit einem Kennwort verschlüsseln, das erfragt wird",
            "encrypt with a passphrase that is asked for",
        ),
    )
    add_keys(parser)


def add_keys(parser: argparse.ArgumentParser) -> None:
    """What opens an encrypted file; never the secret itself, which others could see in the list of processes."""
    parser.add_argument(
        "--identity",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help=in_words("Datei mit dem Schlüssel (AGE-SECRET-KEY-1…)", "file with the key (AGE-SECRET-KEY-1…)"),
    )
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help=in_words("Datei, deren erste Zeile das Kennwort ist", "file whose first line is the passphrase"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Make or check; 1 when a part of the lake was missing from what was made."""
    environment = load(os.environ)
    if arguments.file is None:
        return run_scheduled(environment, arguments)
    file: Path = arguments.file.expanduser().absolute()
    if arguments.verify or arguments.list:
        return check(file, arguments)
    protection = protection_of(arguments)
    protection.check()
    with data.existing_database(environment):
        made = make(environment, file, protection, Teller())
        remember(file, made)
    told(file, made, protection)
    return 1 if made.gaps else 0


def run_scheduled(environment: Environment, arguments: argparse.Namespace) -> int:
    """What the worker does every night, now: for a timer of the operating system, or to try it."""
    if environment.backup is None or arguments.verify or arguments.list or arguments.to:
        raise Invalid(
            in_words("Hier fehlt eine Angabe.", "Something is missing."),
            fields=(FieldError("FILE", in_words("oder STADT_BACKUP setzen", "or set STADT_BACKUP")),),
        )
    with data.existing_database(environment):
        services = load_services()
        made: Made = services.make_scheduled(services.Actor.system("command:backup"), environment, Teller())
    told(environment.backup, made, Protection(recipients=("",) if made.is_encrypted else ()))
    return 1 if made.gaps else 0


def load_services() -> Any:
    """The services of the backups, once the city's apps are loaded."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
    django.setup()
    return import_module("stadt.hub.backup.services")


def remember(file: Path, made: Made) -> None:
    """Keep in the city who took its data and when; a city that is not configured well has its backup all the same."""
    try:
        services = load_services()
        services.remember_made(services.Actor.system("command:backup"), file, made)
    except (StadtError, DatabaseError) as error:
        tell(in_words(f"Nicht vermerkt: {error}", f"Not remembered: {error}"))


def told(file: Path, made: Made, protection: Protection) -> None:
    """Say what was made, and what is not whole in it."""
    rows = sum(count for count, _ in made.facts["tables"].values())
    tell(
        in_words(
            f"Gesichert: {file} ({megabytes(made.size)}, {len(made.facts['tables'])} Tabellen, {rows} Zeilen)",
            f"Written: {file} ({megabytes(made.size)}, {len(made.facts['tables'])} tables, {rows} rows)",
        )
    )
    tell(f"SHA-256: {made.sha256}")
    if not protection.is_on:
        tell(
            in_words(
                "Nicht verschlüsselt: Die Datei enthält personenbezogene Daten und geheime Schlüssel.",
                "Not encrypted: the file holds personal data and secret keys.",
            )
        )
    for name in made.facts["skipped"]:
        tell(in_words(f"Ausgelassen: {name}", f"Left out: {name}"))
    for path in made.gaps:
        tell(
            in_words(
                f"✗ In der Ablage fehlt oder beschädigt: {path}",
                f"✗ missing from the lake or damaged: {path}",
            )
        )


def check(file: Path, arguments: argparse.Namespace) -> int:
    """Read all of a file, or without its key hold it against the sum beside it."""
    keys = keys_of(file, arguments)
    if not keys.are_given and file.is_file() and not arguments.list and verify_sum(file):
        tell(
            in_words(
                f"✓ {file.name}: Die Prüfsumme der ganzen Datei stimmt; hineingesehen wurde ohne Schlüssel nicht.",
                f"✓ {file.name}: the sum of the whole file is right; without the key nobody looked inside.",
            )
        )
        return 0
    facts = verify(file, keys, Teller(quiet=arguments.list))
    if arguments.list:
        show(facts)
    else:
        tell(
            in_words(
                f"✓ {file.name}: {len(facts['members'])} Teile, jede Prüfsumme stimmt.",
                f"✓ {file.name}: {len(facts['members'])} parts, every checksum is right.",
            )
        )
    for path in facts["gaps"]:
        tell(
            in_words(
                f"✗ schon bei der Sicherung beschädigt: {path}", f"✗ damaged already when it was made: {path}"
            )
        )
    return 1 if facts["gaps"] else 0


def show(facts: Mapping[str, Any]) -> None:
    """What is in a backup, for people."""
    members = facts["members"]
    for word, value in (
        (in_words("Zeitpunkt", "moment"), facts["made_at"]),
        (in_words("Version", "version"), facts["platform"]),
        ("PostgreSQL", int(facts["postgresql"]) // 10000),
        (in_words("Stadt", "city"), facts["city"]),
    ):
        tell(f"{word}: {value}")
    for prefix, word in (
        ("home/", in_words("Dateien aus STADT_HOME", "files of STADT_HOME")),
        ("city/", in_words("Dateien der Stadt", "files of the city")),
        ("database/", in_words("Datenbank", "database")),
        ("lake/", in_words("Ablage", "lake")),
    ):
        sizes = [size for name, size, _ in members if name.startswith(prefix)]
        tell(f"{word}: {len(sizes)}, {megabytes(sum(sizes))}")
    for name, value in facts["variables"].items():
        tell(f"{name}={value}")
    for name, (rows, digest) in facts["tables"].items():
        tell(f"{name}: {rows} {digest}")


def protection_of(arguments: argparse.Namespace) -> Protection:
    """How the options say that the file is to be protected."""
    passphrase = ""
    if arguments.passphrase_file:
        passphrase = first_line(arguments.passphrase_file)
    elif arguments.passphrase:
        passphrase = typed(twice=True)
    return Protection(tuple(arguments.to), passphrase)


def keys_of(file: Path, arguments: argparse.Namespace) -> Keys:
    """What the options give to open a file with; asks for a passphrase where the file has one and a terminal is there."""
    identities = [
        line for path in arguments.identity for line in lines_of(path) if line.startswith("AGE-SECRET-KEY-")
    ]
    if arguments.identity and not identities:
        raise Invalid(
            in_words("In der Schlüsseldatei steht kein Schlüssel.", "There is no key in the identity file."),
            fields=(FieldError("identity", "AGE-SECRET-KEY-1…"),),
        )
    if arguments.passphrase_file:
        passphrase = first_line(arguments.passphrase_file)
        return Keys(tuple(identities), lambda: passphrase)
    if file.is_file() and kind_of(file) == "passphrase" and sys.stdin.isatty():
        passphrase = typed(twice=False)
        return Keys(tuple(identities), lambda: passphrase)
    return Keys(tuple(identities))


def first_line(path: Path) -> str:
    """The passphrase in a file."""
    lines = lines_of(path)
    if not lines:
        raise Invalid(in_words(f"{path} ist leer.", f"{path} is empty."))
    return lines[0]


def lines_of(path: Path) -> list[str]:
    """Lines of a small file with a secret.

    Raises:
        StadtError: it cannot be read.
    """
    try:
        return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise StadtError(in_words(f"{path} lässt sich nicht lesen.", f"{path} cannot be read.")) from error


def typed(*, twice: bool) -> str:
    """A passphrase from the terminal.

    Raises:
        Invalid: there is no terminal, or the two entries differ.
    """
    if not sys.stdin.isatty():
        raise Invalid(
            in_words(
                "Ohne Terminal nennt --passphrase-file das Kennwort.",
                "Without a terminal --passphrase-file names the passphrase.",
            )
        )
    passphrase = getpass.getpass(in_words("Kennwort der Sicherung: ", "Passphrase of the backup: "))
    if twice and passphrase != getpass.getpass(in_words("Noch einmal: ", "Once more: ")):
        raise Invalid(in_words("Die beiden Eingaben unterscheiden sich.", "The two entries differ."))
    return passphrase
