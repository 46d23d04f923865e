"""`stadt migrate`: bring the tables up to date, as the role that owns them."""

import argparse
import os

import psycopg
from django.core.management import call_command

from stadt.config import data
from stadt.core.database import Role, conninfo, parameters
from stadt.core.database.roles import let_app_in
from stadt.core.environment import Environment, load
from stadt.core.language import in_words
from stadt.core.people.actor import Actor
from stadt.core.people.models import Setting
from stadt.core.people.services import ensure_foundations
from stadt.core.registry import registry
from stadt.hub.places.services import seed_city_areas

NAME = "migrate"
HELP = in_words("legt Tabellen an und passt sie an", "creates and changes the tables")


def configure(parser: argparse.ArgumentParser) -> None:
    """How much to tell."""
    parser.add_argument(
        "--verbose", action="store_true", help=in_words("jeden Schritt nennen", "name each step")
    )


def run(arguments: argparse.Namespace) -> int:
    """Apply what is missing; when all is applied nothing changes."""
    environment = load(os.environ)
    with data.database(environment):
        bring_up_to_date(environment, verbosity=1 if arguments.verbose else 0)
    return 0


def bring_up_to_date(environment: Environment, verbosity: int = 0) -> None:
    """Apply what is missing to a database that answers."""
    share_with_app(environment)
    call_command("migrate", interactive=False, verbosity=verbosity)
    ensure_foundations()
    actor = Actor.system("command:migrate")
    seed_city_areas(actor)
    for app in registry.apps.values():
        if app.manifest.foundation is not None:
            app.manifest.foundation(actor)
    Setting.objects.update_or_create(key=data.APPLIED, defaults={"value": data.fingerprint()})


def share_with_app(environment: Environment) -> None:
    """On a server that is not ours the owner has to let the running city's role in, where the two differ."""
    if environment.database_url is None:
        return
    app = parameters(environment, Role.APP).get("user")
    with psycopg.connect(conninfo(environment, Role.OWNER)) as owner:
        if app and app != owner.info.user:
            let_app_in(owner, app)
