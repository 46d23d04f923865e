"""`stadt admin`: create the first administrator, or help one back in."""

import argparse
import getpass
import os
import sys

from stadt.config import data
from stadt.core.environment import Environment, load
from stadt.core.errors import FieldError, Invalid, NotFound
from stadt.core.language import in_words
from stadt.core.people.actor import Actor
from stadt.core.people.factors import reset_second_factor
from stadt.core.people.models import User
from stadt.core.people.services import create_administrator

NAME = "admin"
HELP = in_words(
    "legt das erste Konto mit allen Rechten an", "creates the first account that may do everything"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The address; the password is asked for, or read from standard input."""
    parser.add_argument(
        "--email", help=in_words("E-Mail-Adresse des Kontos", "e-mail address of the account")
    )
    parser.add_argument(
        "--reset-second-factor",
        metavar="EMAIL",
        help=in_words(
            "entfernt stattdessen den zweiten Faktor dieses Kontos, wenn niemand sonst helfen kann",
            "removes the second factor of this account instead, when nobody else can help",
        ),
    )


def run(arguments: argparse.Namespace) -> int:
    """Create the account, or help somebody back into one.

    Raises:
        Invalid: address or password are not acceptable.
        Conflict: the account exists.
        NotFound: there is no account whose second factor could be reset.
    """
    environment = load(os.environ)
    if arguments.reset_second_factor:
        return reset(environment, arguments.reset_second_factor)
    email = arguments.email or ask(in_words("E-Mail-Adresse: ", "E-mail address: "), "email")
    password = read_password()
    with data.database(environment):
        user = create_administrator(Actor.system("command:admin"), email, password)
    print(in_words(f"Angelegt: {user.email}", f"Created: {user.email}"))
    print(f"{environment.url}/")
    return 0


def reset(environment: Environment, email: str) -> int:
    """Whoever may run commands on the machine vouches for the person. Raises NotFound."""
    with data.database(environment):
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise NotFound(
                in_words("Zu dieser Adresse gibt es kein Konto.", "There is no account with this address.")
            )
        was_there = reset_second_factor(Actor.system("command:admin"), user)
    print(
        in_words(
            "Der zweite Faktor ist entfernt, alle Sitzungen sind beendet.",
            "The second factor is removed, all sessions are ended.",
        )
        if was_there
        else in_words("Es gab keinen zweiten Faktor.", "There was no second factor.")
    )
    return 0


def ask(question: str, field: str) -> str:
    """A line typed at the terminal.

    Raises:
        Invalid: there is no terminal to ask at.
    """
    if not sys.stdin.isatty():
        raise Invalid(
            in_words("Hier fehlt eine Angabe.", "Something is missing."),
            fields=(FieldError(field, in_words(f"mit --{field} angeben", f"give it by --{field}")),),
        )
    return input(question).strip()


def read_password() -> str:
    """Typed twice at a terminal, else the first line of standard input.

    Raises:
        Invalid: the two differ, or nothing was given.
    """
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass(in_words("Passwort: ", "Password: "))
        if password != getpass.getpass(in_words("Noch einmal: ", "Once more: ")):
            raise Invalid(in_words("Die beiden Eingaben unterscheiden sich.", "The two entries differ."))
    if not password:
        raise Invalid(in_words("Es wurde kein Passwort angegeben.", "No password was given."))
    return password
