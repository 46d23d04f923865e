"""`stadt publish`: publish datasets now instead of when they are due."""

import argparse
import os

from stadt.config import data
from stadt.core.environment import load
from stadt.core.language import in_words
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.hub.datasets.services import publish_now

NAME = "publish"
HELP = in_words("veröffentlicht Datensätze sofort", "publishes datasets now")


def configure(parser: argparse.ArgumentParser) -> None:
    """Which datasets."""
    words = in_words(
        "Schlüssel der Datensätze; ohne Angabe alle", "keys of the datasets; all when none is named"
    )
    parser.add_argument("keys", nargs="*", metavar="KEY", help=words)


def run(arguments: argparse.Namespace) -> int:
    """Publish each, telling the number of the snapshot or that nothing changed."""
    unchanged = in_words("unverändert", "unchanged")
    rows = in_words("Zeilen", "rows")
    with data.database(load(os.environ)):
        for key in arguments.keys or sorted(registry.datasets):
            snapshot = publish_now(Actor.system("command:publish"), key)
            print(f"{key}: {f'{snapshot.number}, {snapshot.row_count} {rows}' if snapshot else unchanged}")
    return 0
