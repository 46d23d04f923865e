"""The command line `stadt`: finds the command, loads the city where it needs one, and says errors in one line."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

import django
import psycopg
from django.db.utils import OperationalError
from django.utils import translation

from stadt.core.database.connection import ROLE_VARIABLE
from stadt.core.doors import Door, entering
from stadt.core.errors import StadtError
from stadt.core.language import in_words


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is found under `stadt.config.commands`.

    Attributes:
        needs_city: the apps are loaded before the module; the others start processes or work without configuration.
        role: the database role it takes.
    """

    module: str
    needs_city: bool = True
    role: str = "app"


COMMANDS = {
    "up": Entry("up", needs_city=False),
    "web": Entry("web", needs_city=False),
    "worker": Entry("worker"),
    "mqtt": Entry("mqtt"),
    "broker": Entry("broker"),
    "migrate": Entry("migrate", role="owner"),
    "doctor": Entry("doctor", needs_city=False),
    "backup": Entry("backup", needs_city=False),
    "upgrade-database": Entry("upgrade_database", needs_city=False),
    "check-lake": Entry("check_lake", needs_city=False),
    "restore": Entry("restore", needs_city=False),
    "admin": Entry("admin"),
    "demo": Entry("demo"),
    "verify-audit": Entry("verify_audit", needs_city=False),
    "publish": Entry("publish"),
    "import": Entry("import_areas"),
    "import-spots": Entry("import_spots"),
    "new-app": Entry("new_app", needs_city=False),
}


class Command(Protocol):
    """What a command module holds."""

    NAME: str
    HELP: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; the result is the process's exit code.

        Raises:
            StadtError: shown as one line, exit code 1.
        """


def load_command(name: str) -> Command:
    """Import the module of a command, after the city's apps where it needs them.

    Raises:
        StadtError: the installation is not configured as it should be.
    """
    entry = COMMANDS[name]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadt.config.settings")
    if entry.needs_city:
        os.environ.setdefault(ROLE_VARIABLE, entry.role)
        django.setup()
        translation.activate(in_words("de", "en"))
    return cast(Command, import_module(f"stadt.config.commands.{entry.module}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, 1 when it was refused or failed, 2 when it was called wrongly."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not all(_is_text(word) for word in given):
        _complain(
            in_words(
                "Die Angaben sind kein lesbarer Text (UTF-8).", "The arguments are no readable text (UTF-8)."
            )
        )
        return 2
    try:
        return _run(given)
    except StadtError as error:
        fields = "; ".join(f"{item.field}: {item.message}" for item in error.fields)
        _complain(f"{error.detail} ({fields})" if fields else error.detail)
    except (psycopg.OperationalError, OperationalError) as error:
        reason = " ".join(str(error).split())
        _complain(
            in_words(f"Die Datenbank antwortet nicht: {reason}", f"The database does not answer: {reason}")
        )
    except BrokenPipeError:  # who reads has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as error:  # a file that cannot be read, a disk that is full
        _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        return 130
    return 1


def _run(given: list[str]) -> int:
    name = next((word for word in given if not word.startswith("-")), "")
    parser = argparse.ArgumentParser(
        prog="stadt", description=in_words("Betreibt die Vernetzte Stadt.", "Runs the connected city.")
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar=in_words("Befehl", "command"))
    for known in [name] if name in COMMANDS else COMMANDS:
        command = load_command(known)
        part = commands.add_parser(known, help=command.HELP, description=command.HELP)
        command.configure(part)
        part.set_defaults(run=command.run)
    found = parser.parse_args(given)
    with entering(Door.COMMAND):
        done = int(found.run(found))
    sys.stdout.flush()  # here, where a reader that left is met; at the very end Python would complain
    return done


def _is_text(word: str) -> bool:
    """Whether no bytes are left over that the terminal handed over and that are no UTF-8."""
    return not any("\ud800" <= sign <= "\udfff" for sign in word)


def _complain(sentence: str) -> None:
    print(f"stadt: {sentence}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
