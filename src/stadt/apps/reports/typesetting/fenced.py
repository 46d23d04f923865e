"""Has a paper typeset by a process of its own, a few at a time, and takes down with it whatever goes wrong."""

import logging
import subprocess
import sys
import tempfile
import threading

import msgspec
from django.utils.translation import gettext

from stadt.apps.reports.typesetting.child import Made, Order
from stadt.core.errors import Unavailable

logger = logging.getLogger("stadt.reports")

SECONDS = 90.0
MOST_AT_ONCE = 2
_room = threading.BoundedSemaphore(MOST_AT_ONCE)


def make(order: Order, seconds: float = SECONDS) -> Made:
    """The files of an order.

    Args:
        seconds: how long it may take, waiting for room included twice at most.

    Raises:
        Unavailable: no room, not in time, or the process ended without files.
    """
    if not _room.acquire(timeout=seconds):
        raise Unavailable(
            gettext("Gerade werden zu viele Berichte erstellt. Bitte versuchen Sie es gleich noch einmal.")
        )
    try:
        made = _run(order, seconds)
    finally:
        _room.release()
    if made.problem:
        raise Unavailable(gettext("Der Bericht passt auch gekürzt nicht auf seine Seite."))
    return made


def _run(order: Order, seconds: float) -> Made:
    command = [sys.executable, "-m", "stadt.apps.reports.typesetting.child"]
    given = msgspec.msgpack.encode(order)
    try:
        with tempfile.TemporaryDirectory(prefix="stadt-report-") as folder:
            done = subprocess.run(
                [*command, folder], input=given, capture_output=True, timeout=seconds, check=True
            )
        return msgspec.msgpack.decode(done.stdout, type=Made)
    except subprocess.TimeoutExpired:
        logger.warning("a paper was not typeset in %s s", seconds)
        raise Unavailable(gettext("Der Bericht war nicht in der erlaubten Zeit fertig.")) from None
    except subprocess.CalledProcessError as error:
        logger.warning(
            "typesetting ended with %s: %s", error.returncode, error.stderr[-400:].decode("utf-8", "replace")
        )
        raise Unavailable(gettext("Der Bericht konnte nicht gesetzt werden.")) from None
    except msgspec.DecodeError:
        logger.warning("typesetting answered with something else than files")
        raise Unavailable(gettext("Der Bericht konnte nicht gesetzt werden.")) from None
