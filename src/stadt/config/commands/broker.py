"""`stadt broker`: the city's own MQTT broker alone, against a database that runs already."""

import argparse
import os

from stadt.config import data
from stadt.config.supervisor import SUPERVISED
from stadt.core.database.parent import watch_parent
from stadt.core.environment import load
from stadt.core.language import in_words
from stadt.hub.sta.mqtt.embedded.server import run_broker

NAME = "broker"
HELP = in_words("startet nur den eigenen MQTT-Broker", "starts the city's own MQTT broker only")


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: the port is STADT_MQTT_PORT."""


def run(arguments: argparse.Namespace) -> int:
    """Serve this machine's clients until told to stop."""
    if os.environ.get(SUPERVISED):
        watch_parent()
    data.require_running(load(os.environ))
    run_broker()
    return 0
