"""`stadt web`: the web server alone, against a database that runs already."""

import argparse
from importlib import import_module
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from stadt.config.arguments import count, listening_address
from stadt.config.part import begin
from stadt.config.ports import check_port
from stadt.core.database.parent import watch_parent
from stadt.core.language import in_words

NAME = "web"
HELP = in_words("startet nur den Webserver", "starts the web server only")
TARGET = "stadt.config.asgi:application"


def configure(parser: argparse.ArgumentParser) -> None:
    """Address and number of processes."""
    parser.add_argument(
        "--host",
        type=listening_address,
        default="127.0.0.1",
        help=in_words("Adresse der Maschine", "address to listen on"),
    )
    parser.add_argument(
        "--workers", type=count, default=1, help=in_words("Zahl der Prozesse", "number of processes")
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop; a worker process that dies is replaced."""
    environment = begin()
    check_port(arguments.host, environment.port)
    server = Granian(
        TARGET,
        address=arguments.host,
        port=environment.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        http=HTTPModes.auto,
        websockets=False,
        workers=arguments.workers,
        # Waiting connections queue in the kernel; beyond `backpressure` requests at once a process takes no more, so
        # that a storm costs time and not memory.
        backlog=2048,
        backpressure=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.serve(target_loader=load_in_worker)
    return 0


def load_in_worker(target: str) -> Any:
    """Import the application in a worker process, which ends when the server process is killed."""
    watch_parent()
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
