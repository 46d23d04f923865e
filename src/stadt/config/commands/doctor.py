"""`stadt doctor`: look over the installation, one line for each check with what to do where something is wrong."""

import argparse
import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import django
import psycopg
from django.db import DatabaseError

import stadt
from stadt.config import data, home
from stadt.core.database import conninfo
from stadt.core.environment import Environment, load
from stadt.core.errors import StadtError
from stadt.core.language import in_words
from stadt.core.manifest import Severity
from stadt.core.registry import registry

NAME = "doctor"
HELP = in_words(
    "prüft die Installation und sagt, was zu tun ist", "checks the installation and says what to do"
)
EXTENSIONS = ("duckdb-extensions", "duckdb-extension-excel", "duckdb-extension-spatial")


@dataclass(frozen=True, slots=True)
class Question:
    """`run()` gives None when all is well, else what is wrong and what to do; for advice that is no fault."""

    title: str
    run: Callable[[], str | None]
    is_advice: bool = False


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Ask every question, also after one failed; 1 when any did."""
    environment = load(os.environ)
    results = [answer(question) for question in questions_about_files(environment)]
    with contextlib.ExitStack() as running:

        def have_database() -> str | None:
            running.enter_context(data.database(environment))
            return None

        has_database = answer(Question(in_words("Datenbank", "database"), have_database))
        has_city = answer(
            Question(in_words("Konfiguration der Stadt", "the city's configuration"), load_city)
        )
        results += [has_database, has_city]
        if has_database:
            results += [answer(question) for question in questions_about_data(environment)]
        if has_database and has_city:
            checks = registry.doctor_checks
            results += [
                answer(Question(one.title, one.run, one.severity is Severity.ADVICE)) for one in checks
            ]
    return 0 if all(results) else 1


def answer(question: Question) -> bool:
    """Ask, print one line, and say whether all is well."""
    try:
        wrong = question.run()
        if wrong and question.is_advice:
            print(f"· {question.title}: {wrong}", flush=True)
            return True
    except StadtError as error:
        wrong = error.detail
    except (DatabaseError, psycopg.Error, OSError) as error:
        wrong = " ".join(str(error).split())
    print(f"✗ {question.title}: {wrong}" if wrong else f"✓ {question.title}", flush=True)
    return not wrong


def questions_about_files(environment: Environment) -> Iterator[Question]:
    """What can be asked without a database."""
    yield Question(in_words("Ordner der Stadt", "home folder"), lambda: home.prepare(environment.home))
    yield Question(in_words("Ablage der Daten", "lake"), lambda: check_lake(environment.lake))
    yield Question(in_words("DuckDB-Erweiterungen", "DuckDB extensions"), check_extensions)
    yield Question(in_words("Zeitzonen", "time zones"), check_time_zone)
    yield Question(in_words("Übersetzungen", "translations"), check_translations)


def questions_about_data(environment: Environment) -> Iterator[Question]:
    """What is asked of a database that answers."""
    yield Question(
        in_words("Version der Datenbank", "database version"), lambda: data.check_server(environment)
    )
    yield Question(in_words("Rechte in der Datenbank", "database role"), lambda: check_role(environment))
    yield Question(in_words("Tabellen", "tables"), lambda: check_tables(environment))


def check_lake(lake: str) -> str | None:
    """A folder that can be written; a bucket is asked when it is used."""
    if "://" in lake:
        return None
    folder = Path(lake)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return in_words(
            f"{folder} lässt sich nicht beschreiben ({error.strerror}); STADT_LAKE legt den Ordner fest.",
            f"{folder} cannot be written ({error.strerror}); STADT_LAKE sets the folder.",
        )
    return None


def check_extensions() -> str | None:
    """The wheels must fit DuckDB's version exactly, else it does not load them."""
    wanted = version("duckdb")
    for name in EXTENSIONS:
        try:
            found = version(name)
        except PackageNotFoundError:
            found = in_words("nichts", "nothing")
        if found != wanted:
            return in_words(
                f"{name} muss Version {wanted} haben, gefunden wurde {found}: Pakete neu installieren.",
                f"{name} must have version {wanted}, found {found}: install the packages again.",
            )
    return None


def check_time_zone() -> str | None:
    """Local days and timetables need the time zone's rules."""
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return in_words(
            "Europe/Berlin fehlt: Paket tzdata installieren.", "Europe/Berlin is missing: install tzdata."
        )
    return None


def check_translations() -> str | None:
    """A catalogue that is missing or older than its source shows German to English readers."""
    package = Path(stadt.__file__).parent
    for source in sorted(package.rglob("*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.is_file() or compiled.stat().st_mtime < source.stat().st_mtime:
            name = source.relative_to(package)
            return in_words(f"{name} ist nicht übersetzt: make up.", f"{name} is not compiled: make up.")
    return None


def check_role(environment: Environment) -> str | None:
    """The running city may change rows, not tables, so that a mistake in a statement stays small."""
    with psycopg.connect(conninfo(environment)) as connection:
        row = connection.execute(
            "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if row and row[1]:
        return in_words(
            f"{row[0]} ist Superuser: in DATABASE_URL eine gewöhnliche Rolle verwenden.",
            f"{row[0]} is a superuser: use an ordinary role in DATABASE_URL.",
        )
    return None


def check_tables(environment: Environment) -> str | None:
    """The tables must be those of this version."""
    if data.find_setting(environment, data.APPLIED) == data.fingerprint():
        return None
    return in_words(
        "Die Tabellen sind nicht auf dem Stand: stadt migrate.", "The tables are not current: stadt migrate."
    )


def load_city() -> str | None:
    """Settings, every app's manifest and the city's links must agree."""
    django.setup()
    return None
