"""The seam for a virus scanner: none, or clamd by its socket (`STADT_CLAMD`)."""

import logging
import socket
import struct
from pathlib import Path
from typing import Protocol

from django.conf import settings

from stadt.civic.files.models import ScanState

logger = logging.getLogger("stadt.files")

SECONDS = 30.0
CHUNK = 64 * 1024
LONGEST_REPLY = 4096


class Scanner(Protocol):
    """Whatever looks for viruses; it never raises, and says `unscanned` when it cannot look."""

    def scan(self, content: bytes) -> ScanState: ...


class NoScanner:
    """Looks at nothing."""

    def scan(self, content: bytes) -> ScanState:
        """Always `unscanned`."""
        return ScanState.UNSCANNED


class Clamd:
    """ClamAV's daemon, spoken to by INSTREAM (clamd(8)); `address` is `/path/of/socket` or `host:port`."""

    def __init__(self, address: str) -> None:
        self.address = address

    def scan(self, content: bytes) -> ScanState:
        """Send the bytes and read the verdict."""
        try:
            reply = self._ask(content)
        except OSError as error:
            logger.warning("the virus scanner cannot be asked: %s", type(error).__name__)
            return ScanState.UNSCANNED
        if reply.endswith(" FOUND"):
            return ScanState.INFECTED
        if reply.endswith(": OK"):
            return ScanState.CLEAN
        logger.warning("the virus scanner gave no verdict")
        return ScanState.UNSCANNED

    def answers(self) -> bool:
        """Whether it is there, by PING."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zPING\0")
                return self._reply(connection) == "PONG"
        except OSError:
            return False

    def _ask(self, content: bytes) -> str:
        with self._connected() as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
            return self._reply(connection)

    def _connected(self) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(SECONDS)
            try:
                connection.connect(str(Path(self.address)))
            except OSError:
                connection.close()
                raise
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)

    def _reply(self, connection: socket.socket) -> str:
        reply = b""
        while len(reply) < LONGEST_REPLY and not reply.endswith(b"\0"):
            more = connection.recv(LONGEST_REPLY)
            if not more:
                break
            reply += more
        return reply.rstrip(b"\0").decode("utf-8", "replace").strip()


def scanner() -> Scanner:
    """The one that the operator set up."""
    address = settings.STADT.clamd
    return Clamd(address) if address else NoScanner()


def is_set_up() -> bool:
    """Whether files are to be looked at."""
    return bool(settings.STADT.clamd)
