"""Answers to the parts of a batch, before they are written in the form of the batch."""

from dataclasses import dataclass, field

from stadt.core import asgi
from stadt.core.errors import StadtError
from stadt.hub.sta import answers
from stadt.hub.sta.batch.parts import Part

# What is said once for the whole answer, or is not true of a part.
OUTER = frozenset({b"content-length", b"access-control-allow-origin", b"x-content-type-options"})


@dataclass(slots=True)
class Reply:
    """Status, headers and body of the answer to one part."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: bytes) -> str:
        """The value of a header, empty without one."""
        return next((value.decode() for key, value in self.headers if key == name), "")

    async def send(self, message: asgi.Message) -> None:
        """Take what a handler sends."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [item for item in message.get("headers", ()) if item[0] not in OUTER]
        else:
            self.body += message.get("body", b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one part."""

    part: Part
    reply: Reply


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """What became of a change set: an answer for each part; `failed` is the one that kept all from being done."""

    name: str
    answers: tuple[Answer, ...]
    failed: Answer | None = None


async def refusal(scope: asgi.Scope, error: StadtError) -> Reply:
    """The reply that tells an error in the standard's form, and its line in the log."""
    reply = Reply()
    await answers.send_error(scope, reply.send, error)
    return reply
