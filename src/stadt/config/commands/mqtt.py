"""`stadt mqtt`: the bridge to the MQTT broker alone, against a database that runs already."""

import argparse

from stadt.config.part import begin
from stadt.core.language import in_words
from stadt.hub.sta.mqtt.bridge import run_bridge

NAME = "mqtt"
HELP = in_words("startet nur die Brücke zum MQTT-Broker", "starts the bridge to the MQTT broker only")


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: the broker is named by STADT_MQTT_URL."""


def run(arguments: argparse.Namespace) -> int:
    """Bridge until told to stop; a second one waits until the first has ended."""
    begin()
    run_bridge()
    return 0
