"""`stadt demo`: fill the demo city, or clear it away."""

import argparse
import os

from stadt.config import data
from stadt.core import demo
from stadt.core.environment import load
from stadt.core.language import in_words

NAME = "demo"
HELP = in_words("füllt die Demo-Stadt (fill) oder leert sie (clear)", "fills the demo city, or clears it")


def configure(parser: argparse.ArgumentParser) -> None:
    """Which of the two."""
    parser.add_argument("action", choices=("fill", "clear"))


def run(arguments: argparse.Namespace) -> int:
    """Fill or clear, telling each step."""
    with data.database(load(os.environ)):
        if arguments.action == "clear":
            demo.clear(tell)
        elif demo.is_filled():
            tell(in_words("Die Demo-Stadt ist schon gefüllt.", "The demo city is filled already."))
        else:
            demo.fill(tell)
    return 0


def tell(step: str) -> None:
    """Print one step at once, also into a pipe."""
    print(f"· {step}", flush=True)
