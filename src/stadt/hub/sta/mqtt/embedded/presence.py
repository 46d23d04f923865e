"""Whether the city's own broker listens on this machine: who listens holds a lock, which the kernel takes from a dead one."""

import contextlib
import fcntl
import socket
import time
from collections.abc import Iterator

from django.conf import settings

from stadt.core.locks import CITY_LOCK, is_held

LOCK = "mqtt.lock"
STARTING_SECONDS = 60.0
HOST = "127.0.0.1"
TRIES, PAUSE = 50, 0.02


def address() -> str:
    """Where clients on this machine reach the broker."""
    return f"mqtt://{HOST}:{settings.STADT.mqtt_port}"


def key() -> str:
    """The key of this machine's broker among the settings: there may be one on each of several machines."""
    return f"sta.mqtt.{socket.gethostname()[:60]}:{settings.STADT.mqtt_port}"


def is_listening() -> bool:
    """Whether the broker of this machine takes connections right now; costs microseconds."""
    environment = settings.STADT
    if environment.mqtt_url or not environment.mqtt_port:
        return False
    return is_held(environment.home / LOCK)


def is_missed() -> bool:
    """Whether `stadt up` runs here, and for so long that its broker should listen."""
    environment = settings.STADT
    if environment.mqtt_url or not environment.mqtt_port or is_listening():
        return False
    place = environment.home / CITY_LOCK
    return is_held(place) and time.time() - place.stat().st_mtime > STARTING_SECONDS


@contextlib.contextmanager
def listening() -> Iterator[None]:
    """Hold the lock while the block runs.

    Raises:
        BlockingIOError: another broker of this city holds it.
    """
    with (settings.STADT.home / LOCK).open("a") as file:
        for attempt in range(TRIES):  # a look by `is_listening` holds it for a moment
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt == TRIES - 1:
                    raise
                time.sleep(PAUSE)
        yield
