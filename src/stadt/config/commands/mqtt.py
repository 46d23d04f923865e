"""`stadt mqtt`: the bridge to the MQTT broker alone, against a database that runs already."""

import argparse
import os

from stadt.config import data
from stadt.config.supervisor import SUPERVISED
from stadt.core.database.parent import watch_parent
from stadt.core.environment import load
from stadt.core.language import in_words
from stadt.hub.sta.mqtt.bridge import run_bridge

NAME = "mqtt"
HELP = in_words("startet nur die Brücke zum MQTT-Broker", "starts the bridge to the MQTT broker only")


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments: the broker is named by STADT_MQTT_URL."""


def run(arguments: argparse.Namespace) -> int:
    """Bridge until told to stop; a second one waits until the first has ended."""
    if os.environ.get(SUPERVISED):
        watch_parent()
    data.require_running(load(os.environ))
    run_bridge()
    return 0
