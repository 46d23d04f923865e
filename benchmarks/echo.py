"""A bare ASGI application under granian: what HTTP alone can do on this machine."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.city import free_port, wait_for

SERVE = """
from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels
Granian("benchmarks.echo:application", address="127.0.0.1", port={port}, interface=Interfaces.ASGI, loop=Loops.uvloop,
        websockets=False, backlog=2048, backpressure=1024, log_level=LogLevels.warning).serve()
"""


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Reads the body and answers with it."""
    if scope["type"] != "http":
        return
    message = await receive()
    body = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextlib.contextmanager
def running_echo() -> Iterator[int]:
    """Port of the echo, served by one process as the city is."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVE.format(port=port)])
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)
