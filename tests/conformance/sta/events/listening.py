"""A client of server-sent events that speaks to the handler without a network."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from tests.conformance.sta.conftest import Client

PATIENCE = 10.0


@dataclass
class Listener:
    """One open stream; used inside the client's event loop."""

    sta: "Client"
    path: str
    token: str = ""
    last_id: str = ""
    status: int = 0
    refusal: str = ""
    is_over: bool = False
    told: list[Any] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    written: bytes = b""

    async def __aenter__(self) -> "Listener":
        self._left = asyncio.Event()
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._run())
        await self.until(lambda: self.status)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Go away, as a client does: without a word."""
        self._left.set()
        await asyncio.wait_for(self._task, PATIENCE)

    async def until(self, condition: Any) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def results(self, count: int) -> list[Any]:
        """The results of the first `count` observations."""
        await self.until(lambda: len(self.told) >= count)
        return [item["result"] for item in self.told]

    async def _run(self) -> None:
        from stadt.hub.sta.handlers import handle

        path, _, query = self.path.partition("?")
        headers = [(b"accept", b"text/event-stream")]
        if self.token:
            headers.append((b"authorization", f"Bearer {self.sta.tokens[self.token]}".encode()))
        if self.last_id:
            headers.append((b"last-event-id", self.last_id.encode()))
        scope = {
            "type": "http",
            "method": "GET",
            "path": f"/sta/v1.1{path}",
            "raw_path": f"/sta/v1.1{path}".encode(),
            "query_string": quote(query, safe="$=&()',/").encode(),
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "request_id": "test",
        }
        await handle(scope, self._receive, self._send)
        self.is_over = True
        self._news.set()

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif self.status == 200:
            self.written += message.get("body", b"")
            self._read()
        else:
            self.refusal += message.get("body", b"").decode()
        self._news.set()

    def _read(self) -> None:
        *whole, self.written = self.written.split(b"\n\n")
        for block in whole:
            lines = [line.partition(b": ") for line in block.split(b"\n")]
            fields = {name.decode(): value.decode() for name, _, value in lines if name}
            self.last_id = fields.get("id", self.last_id)
            if "data" in fields:
                self.kinds.append(fields.get("event", "message"))
                self.told.append(json.loads(fields["data"]))


def play(sta: "Client", scene: "Callable[[], Coroutine[Any, Any, Any]]") -> Any:
    return sta.runner.run(scene())


async def send(sta: "Client", method: str, path: str, body: Any, token: str = "manager") -> Any:
    headers = {"Authorization": f"Bearer {sta.tokens[token]}"}
    answer = await sta._request(method, path, headers, {"json": body} if body is not None else {})
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def run(sql: str, *values: Any) -> None:
    """Change something beside the interface, committed at once."""
    from stadt.core.database.pool import async_pool

    async with async_pool().connection() as connection:
        await connection.execute(sql, values)


def of_stream(number: int, query: str = "") -> str:
    return f"/Datastreams({number})/Observations{query}"
