"""Bodies at the gate: large ones from those who may deliver, small ones from everybody else."""

import asyncio
from typing import Any

import pytest

from stadt.apps.publishing import gate
from stadt.core import asgi
from stadt.core.errors import SignInNeeded, TooLarge
from stadt.core.people.actor import Actor
from stadt.hub.datasets.rights import KEEP

CHUNK = b"x" * (256 * 1024)
KEEPER = Actor("user", "1", {KEEP.key: frozenset({1})})


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes reached Django in each request."""
    sizes: list[int] = []

    async def django(_scope: Any, receive: asgi.Receive, _send: Any) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            size += len(message["body"])
            more = message["more_body"]
        sizes.append(size)

    monkeypatch.setattr(gate, "_django", lambda: django)
    return sizes


def send(
    monkeypatch: pytest.MonkeyPatch,
    actor: Actor,
    chunks: int,
    method: str = "POST",
    accept: bytes = b"application/json",
    sent: list[Any] | None = None,
) -> int:
    """Send a body of so many chunks; returns how many of them were asked for."""
    asked = 0

    async def receive() -> asgi.Message:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": CHUNK, "more_body": asked < chunks}

    async def who(_scope: Any) -> Actor:
        return actor

    async def answer(message: Any) -> None:
        (sent if sent is not None else []).append(message)

    monkeypatch.setattr(gate, "reading_actor", who)
    scope = {"method": method, "path": "/daten/werkstatt/hochladen/", "headers": [(b"accept", accept)]}
    asyncio.run(gate.let_through(scope, receive, answer))
    return asked


def test_a_file_of_somebody_who_delivers_passes(monkeypatch: pytest.MonkeyPatch, taken: list[int]) -> None:
    send(monkeypatch, KEEPER, 40)
    assert taken == [40 * len(CHUNK)]


@pytest.mark.parametrize(
    ("actor", "method", "refusal"),
    [
        (Actor("user", "2"), "POST", TooLarge),
        (Actor.anonymous(), "POST", SignInNeeded),
        (KEEPER, "GET", TooLarge),
    ],
)
def test_a_large_body_of_others_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch, taken: list[int], actor: Actor, method: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        send(monkeypatch, actor, 40, method)
    assert taken == []


def test_a_browser_whose_session_ended_is_led_to_sign_in_and_back(
    monkeypatch: pytest.MonkeyPatch, taken: list[int]
) -> None:
    sent: list[Any] = []
    send(monkeypatch, Actor.anonymous(), 40, accept=b"text/html", sent=sent)
    assert sent[0]["status"] == 303
    assert dict(sent[0]["headers"])[b"location"] == b"/konto/login/?next=%2Fdaten%2Fwerkstatt%2Fhochladen%2F"


def test_two_gigabytes_are_the_end(monkeypatch: pytest.MonkeyPatch, taken: list[int]) -> None:
    monkeypatch.setattr(gate, "LARGEST_BODY", 2 * len(CHUNK))
    assert send(monkeypatch, KEEPER, 2) == 2
    with pytest.raises(TooLarge):
        send(monkeypatch, KEEPER, 3)


@pytest.fixture
def pieces() -> list[asgi.Message]:
    return [
        {"type": "http.request", "body": b"a" * 3_000_000, "more_body": True},
        {"type": "http.request", "body": b"b", "more_body": False},
    ]


def test_what_arrives_lies_in_the_lake_and_is_whole(lake: Any, pieces: list[asgi.Message]) -> None:
    async def receive() -> asgi.Message:
        return pieces.pop(0)

    file = asyncio.run(gate._Handler().read_body(receive))
    content = file.read()
    file.close()
    assert content == b"a" * 3_000_000 + b"b"


def test_of_a_client_that_leaves_nothing_is_kept(lake: Any) -> None:
    from django.core.exceptions import RequestAborted

    async def receive() -> asgi.Message:
        return {"type": "http.disconnect"}

    with pytest.raises(RequestAborted):
        asyncio.run(gate._Handler().read_body(receive))
