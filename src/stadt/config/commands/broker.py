"""`stadt broker`: the city's own MQTT broker alone, against a database that runs already."""

import argparse

from stadt.config.part import begin
from stadt.core.language import in_words
from stadt.hub.sta.mqtt.embedded.server import run_broker

NAME = "broker"
HELP = in_words("startet nur den eigenen MQTT-Broker", "starts the city's own MQTT broker only")


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: the port is STADT_MQTT_PORT."""


def run(arguments: argparse.Namespace) -> int:
    """Serve this machine's clients until told to stop."""
    begin()
    run_broker()
    return 0
