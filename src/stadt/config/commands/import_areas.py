"""`stadt import areas FILE`: put official outlines in place of the ones the city came with."""

import argparse
import os
from pathlib import Path

from stadt.config import data
from stadt.core.environment import load
from stadt.core.language import in_words
from stadt.core.people.actor import Actor
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.services import import_areas

NAME = "import"
HELP = in_words("liest amtliche Gebietsumrisse ein", "reads official outlines of areas")


def configure(parser: argparse.ArgumentParser) -> None:
    """What to read and what it is."""
    parser.add_argument("what", choices=("areas",), help=in_words("Gebiete", "areas"))
    parser.add_argument("file", type=Path, help="GeoJSON, GeoPackage, Shapefile")
    parser.add_argument(
        "--kind",
        choices=PlaceKind.values,
        help=in_words(
            "Art der Gebiete, falls sie nicht in der Datei steht", "kind of area where the file does not say"
        ),
    )
    parser.add_argument(
        "--name-property", help=in_words("Eigenschaft mit dem Namen", "property that holds the name")
    )
    parser.add_argument(
        "--source", default="", help=in_words("Herkunft, wird angezeigt", "attribution, is shown")
    )
    parser.add_argument("--licence", default="", help=in_words("Lizenz, wird angezeigt", "licence, is shown"))


def run(arguments: argparse.Namespace) -> int:
    """Read the whole file or nothing.

    Raises:
        Invalid: names the feature that cannot be taken.
    """
    with data.database(load(os.environ)):
        report = import_areas(
            Actor.system("command:import"),
            arguments.file,
            kind=PlaceKind(arguments.kind) if arguments.kind else None,
            name_property=arguments.name_property,
            source=arguments.source,
            licence=arguments.licence,
        )
    print(
        in_words(
            f"{len(report.added)} neu, {len(report.replaced)} ersetzt, {report.passed_over} aus anderen Gemeinden.",
            f"{len(report.added)} added, {len(report.replaced)} replaced, {report.passed_over} of other municipalities.",
        )
    )
    return 0
