"""`stadt check-lake`: is every part that the database cites in the lake, and unchanged?"""

import argparse
import os

import psycopg

from stadt.config import data
from stadt.config.telling import Teller, tell
from stadt.core.database import conninfo
from stadt.core.environment import load
from stadt.core.language import in_words
from stadt.hub.datasets.cited import find_damage, list_cited
from stadt.hub.lake.layout import Layout, folder_of

NAME = "check-lake"
HELP = in_words(
    "prüft, ob jeder Teil, den die Datenbank nennt, unverändert in der Ablage liegt",
    "checks that every part which the database cites lies unchanged in the lake",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Read every part and compare its SHA-256; 1 when one is missing or changed."""
    environment = load(os.environ)
    parts, teller, wrong = Layout(folder_of(environment.lake)).parts, Teller(), 0
    words = {
        "missing": in_words("fehlt", "is missing"),
        "size": in_words("hat eine andere Größe", "has another size"),
        "content": in_words("wurde verändert", "was changed"),
    }
    with data.existing_database(environment), psycopg.connect(conninfo(environment)) as connection:
        cited = list_cited(connection)
        for number, part in enumerate(cited):
            damage = find_damage(part, parts, thorough=True)
            if damage:
                wrong += 1
                tell(f"✗ {part.path} {words[damage]}")
            teller.tick(f"{number + 1}/{len(cited)}")
    if not wrong:
        tell(in_words(f"✓ {len(cited)} Teile, alle unverändert", f"✓ {len(cited)} parts, all unchanged"))
    return 1 if wrong else 0
