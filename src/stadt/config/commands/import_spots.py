"""`stadt import-spots FILE`: the city's addresses, stops or sites, so that people find them by name."""

import argparse
import os
from pathlib import Path

from stadt.config import data
from stadt.core.environment import load
from stadt.core.language import in_words
from stadt.core.people.actor import Actor
from stadt.hub.places.models import SpotKind
from stadt.hub.places.spots import import_spots

NAME = "import-spots"
HELP = in_words("liest Adressen, Haltestellen oder Standorte ein", "reads addresses, stops or sites")


def configure(parser: argparse.ArgumentParser) -> None:
    """What to read and whose it is."""
    parser.add_argument(
        "file",
        type=Path,
        help=in_words("Hauskoordinaten (Text), CSV, GeoJSON oder JSON-Zeilen", "file to read"),
    )
    parser.add_argument(
        "--source", required=True, help=in_words("Herkunft, wird angezeigt", "attribution, is shown")
    )
    parser.add_argument("--licence", default="", help=in_words("Lizenz, wird angezeigt", "licence, is shown"))
    parser.add_argument(
        "--kind",
        choices=SpotKind.values,
        help=in_words("Art der Orte, falls sie nicht in der Datei steht", "kind where the file does not say"),
    )
    parser.add_argument(
        "--whole",
        action="store_true",
        help=in_words(
            "die Datei ist der ganze Bestand: was in ihr fehlt, wird entfernt",
            "the file is everything: what it lacks is removed",
        ),
    )


def run(arguments: argparse.Namespace) -> int:
    """Read the whole file or nothing.

    Raises:
        Invalid: names the line that cannot be taken.
    """
    with data.database(load(os.environ)):
        report = import_spots(
            Actor.system("command:import-spots"),
            arguments.file,
            source=arguments.source,
            licence=arguments.licence,
            kind=SpotKind(arguments.kind) if arguments.kind else None,
            whole=arguments.whole,
        )
    print(
        in_words(
            f"{report.added} neu, {report.changed} geändert, {report.removed} entfernt, {report.streets} Straßen, "
            f"{report.passed_over} aus anderen Gemeinden.",
            f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.streets} streets, "
            f"{report.passed_over} of other municipalities.",
        )
    )
    return 0
