"""What a proxy tells about a visitor is believed from where a proxy can stand, and from nowhere else."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from django.test import RequestFactory

from stadt.config.dispatch import Application
from stadt.core import asgi
from stadt.core.machine import may_be_proxy
from stadt.web.accounts.adapters import AccountAdapter

NEAR = ("127.0.0.1", "::1", "10.1.2.3", "172.31.0.9", "192.168.178.2", "fd12:3456::1", "::ffff:10.1.2.3")
FAR = (
    "203.0.113.5",
    "172.32.0.1",
    "2001:db8::5",
    "::ffff:203.0.113.5",
    "100.64.0.1",
    "",
    "unix:",
    "10.1.2.3.4",
)
TOLD = (
    (b"x-forwarded-for", b"198.51.100.7"),
    (b"x-forwarded-proto", b"https"),
    (b"X-Forwarded-Host", b"evil.example"),
)
OWN = (b"user-agent", b"x")


@pytest.mark.parametrize("peer", [*NEAR, *FAR])
def test_a_proxy_stands_on_this_machine_or_in_a_private_network(peer: str) -> None:
    assert may_be_proxy(peer) == (peer in NEAR)


def headers_that_arrive(peer: str | None) -> list[tuple[bytes, bytes]]:
    """What a page sees of a request from this address."""
    seen: list[tuple[bytes, bytes]] = []

    async def page(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        seen.extend(scope["headers"])
        await asgi.send_bytes(send, 200, b"", b"text/plain")

    async def nothing() -> asgi.Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def nowhere(message: asgi.Message) -> None:
        del message

    client = None if peer is None else (peer, 4711)
    scope = {"type": "http", "method": "GET", "path": "/x", "headers": [*TOLD, OWN], "client": client}
    asyncio.run(Application(page)(scope, nothing, nowhere))
    return seen


@pytest.mark.parametrize("peer", NEAR)
def test_a_proxy_is_believed(peer: str) -> None:
    assert headers_that_arrive(peer) == [*TOLD, OWN]


@pytest.mark.parametrize("peer", [*FAR, None])
def test_who_passes_by_the_proxy_is_not(peer: str | None) -> None:
    assert headers_that_arrive(peer) == [OWN]


@pytest.mark.parametrize(
    ("url", "counted"), [("https://stadt.example", "198.51.100.7"), ("http://stadt.example", "10.1.2.3")]
)
def test_attempts_are_counted_by_what_a_proxy_on_another_machine_saw_where_the_city_has_tls(
    settings: Any, url: str, counted: str
) -> None:
    settings.STADT = replace(settings.STADT, url=url)
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.7"
    )
    assert AccountAdapter(request).get_client_ip(request) == counted
