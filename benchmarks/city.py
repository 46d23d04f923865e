"""An empty city with durable commits, running for the benchmarks: web, worker and database as `stadt up` runs them."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from stadt.core.database.parent import die_with_parent

START_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class City:
    """A running city. `secret` is a token that may write observations."""

    home: Path
    port: int
    secret: str

    def connect(self, *, owner: bool = False) -> psycopg.Connection[Any]:
        """A connection of one's own to its database, in autocommit."""
        from stadt.core.database import Role, parameters  # noqa: PLC0415 - needs the environment set by running_city
        from stadt.core.environment import load  # noqa: PLC0415

        role = Role.OWNER if owner else Role.APP
        return psycopg.connect(**parameters(load(os.environ), role), autocommit=True)


@contextlib.contextmanager
def running_city() -> Iterator[City]:
    """Start a city in a new folder, set up Django for it in this process, and remove everything afterwards."""
    home = Path(tempfile.mkdtemp(prefix="stadt-bench-", dir="/tmp"))
    home.chmod(0o711)
    port = free_port()
    os.environ |= {
        "STADT_HOME": str(home),
        "STADT_PORT": str(port),
        "STADT_DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "stadt.config.settings",
    }
    log = (home / "printed").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "stadt.config.cli", "up"],
        stdout=log,
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - only prctl, and no thread runs yet
    )
    try:
        wait_for(port, process)
        yield City(home, port, _issue_token())
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        log.close()
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens. Raises RuntimeError when the process ends or five minutes are over."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the city did not start")


def _issue_token() -> str:
    import django  # noqa: PLC0415 - after the environment is set

    django.setup()
    from datetime import timedelta  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from stadt.core.people.actor import Actor  # noqa: PLC0415
    from stadt.core.people.models import Organisation  # noqa: PLC0415
    from stadt.core.tokens import issue_token  # noqa: PLC0415
    from stadt.hub.observations.services import READ, WRITE  # noqa: PLC0415

    _, secret = issue_token(
        Actor.system("benchmark"),
        "Benchmark",
        [READ, WRITE],
        expires_at=timezone.now() + timedelta(days=1),
        organisation=Organisation.objects.get(key="stadt"),
    )
    return secret
