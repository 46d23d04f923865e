"""`stadt worker`: background work alone, against a database that runs already."""

import argparse

from stadt.config.arguments import count
from stadt.config.part import begin
from stadt.core import telemetry
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
    begin()
    telemetry.start("worker")
    try:
        run_worker(arguments.concurrency)
    finally:
        telemetry.stop()
    return 0
