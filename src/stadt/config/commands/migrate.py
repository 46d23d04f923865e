"""`stadt migrate`: bring the tables up to date, as the role that owns them."""

import argparse
import os

from django.core.management import call_command

from stadt.config import data
from stadt.core.environment import load
from stadt.core.language import in_words
from stadt.core.people.actor import Actor
from stadt.core.people.models import Setting
from stadt.core.people.services import ensure_foundations
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
    with data.database(load(os.environ)):
        call_command("migrate", interactive=False, verbosity=1 if arguments.verbose else 0)
        ensure_foundations()
        seed_city_areas(Actor.system("command:migrate"))
        Setting.objects.update_or_create(key=data.APPLIED, defaults={"value": data.fingerprint()})
    return 0
