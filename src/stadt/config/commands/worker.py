"""`stadt worker`: background work alone, against a database that runs already."""

import argparse
import os

from stadt.config import data
from stadt.config.arguments import count
from stadt.config.supervisor import SUPERVISED
from stadt.core import telemetry
from stadt.core.database.parent import watch_parent
from stadt.core.environment import load
from stadt.core.jobs import run_worker
from stadt.core.language import in_words

NAME = "worker"
HELP = in_words("startet nur die Hintergrundarbeit", "starts background work only")


def configure(parser: argparse.ArgumentParser) -> None:
    """How much at once."""
    parser.add_argument(
        "--concurrency", type=count, default=2, help=in_words("Aufträge zugleich", "jobs at once")
    )


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop; the job at hand is finished first."""
    if os.environ.get(SUPERVISED):
        watch_parent()
    data.require_running(load(os.environ))
    telemetry.start("worker")
    try:
        run_worker(arguments.concurrency)
    finally:
        telemetry.stop()
    return 0
