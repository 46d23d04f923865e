"""A load generator that costs little: raw HTTP/1.1 over kept-alive connections in one process.

Requests are bytes made beforehand and answers are read by Content-Length only, about 15 µs each, so that on two cores the
server and not the generator is measured. Its share of a core is reported with the rate.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import uvloop


@dataclass(frozen=True, slots=True)
class Rate:
    """What a run of load gave: answers per second, the slowest and the median answer in seconds, failures."""

    per_second: float
    median: float
    slowest: float
    failures: int
    generator_share: float

    @property
    def note(self) -> str:
        """The rest of what was measured, in words."""
        failed = f", {self.failures} FAILED" if self.failures else ""
        return (
            f"median {self.median * 1000:.1f} ms, slowest {self.slowest * 1000:.0f} ms,"
            f" generator {self.generator_share:.0%} of a core{failed}"
        )


class Client(asyncio.Protocol):
    """One connection that sends the next request when the last one was answered."""

    def __init__(
        self, requests: Iterator[bytes], end: float, times: list[float], failures: list[bytes]
    ) -> None:
        self.requests, self.end, self.times, self.failures = requests, end, times, failures
        self.buffer = b""
        self.sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)  # uvloop's is none by class
        self.send()

    def send(self) -> None:
        assert self.transport is not None
        request = next(self.requests, None)
        if request is None or time.perf_counter() >= self.end:
            self.transport.close()
            self.finish()
            return
        self.sent = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        start = self.buffer.lower().find(b"content-length:", 0, head)
        length = int(self.buffer[start + 15 : self.buffer.index(b"\r", start)]) if start >= 0 else 0
        if len(self.buffer) < head + 4 + length:
            return
        self.times.append(time.perf_counter() - self.sent)
        if self.buffer[9:10] != b"2":
            self.failures.append(self.buffer[:400])
        self.buffer = self.buffer[head + 4 + length :]
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        self.finish()

    def finish(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


def request(method: str, path: str, secret: str = "", body: bytes = b"") -> bytes:
    """One HTTP request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if secret:
        lines.append(f"Authorization: Bearer {secret}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def press(port: int, streams: list[Iterator[bytes]], seconds: float) -> Rate:
    """Send requests for some seconds, one stream for each client.

    Raises:
        RuntimeError: when nothing was answered, or an answer was no success.
    """

    async def run() -> Rate:
        times: list[float] = []
        failures: list[bytes] = []
        started, used = time.perf_counter(), time.process_time()
        loop = asyncio.get_running_loop()
        clients = []
        for stream in streams:
            _, client = await loop.create_connection(
                lambda stream=stream: Client(stream, started + seconds, times, failures),  # type: ignore[misc]
                "127.0.0.1",
                port,
            )
            clients.append(client)
        await asyncio.wait_for(asyncio.gather(*(client.done for client in clients)), seconds + 60)
        elapsed = time.perf_counter() - started
        if failures or not times:
            raise RuntimeError(f"{len(failures)} of {len(times)} requests failed: {failures[:1]!r}")
        ordered = sorted(times)
        return Rate(
            len(times) / elapsed,
            ordered[len(ordered) // 2],
            ordered[-1],
            len(failures),
            (time.process_time() - used) / elapsed,
        )

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())
