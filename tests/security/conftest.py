"""Visitors of every kind, and a way to the whole application without a network."""

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from django.test import Client

# Django's models are imported inside the fixtures: this file is read before Django is set up.
PASSWORD = "kohle-und-stahl-1928"

Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """`ask("GET", "/sta/v1.1", peer="192.0.2.7", headers={…})` asks the application as the server would."""
    from stadt.config.asgi import application
    from stadt.core.database.pool import close_async_pool
    from stadt.core.database.reading import close_readers

    async def request(method: str, path: str, peer: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=application, client=(peer, 4711))
        try:
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                return await client.request(method, path, **more)
        finally:
            await close_async_pool()

    with asyncio.Runner() as runner:

        def run(method: str, path: str, *, peer: str = "127.0.0.1", **more: Any) -> httpx.Response:
            return runner.run(request(method, path, peer, more))

        yield run
    close_readers()


@pytest.fixture
def visitors(db: None) -> dict[str, "Client"]:
    """A visitor who is not signed in, one without any role, and one who may do everything."""
    from django.test import Client

    from stadt.core.people.actor import Actor
    from stadt.core.people.models import User
    from stadt.core.people.services import ADMINISTRATOR, ensure_foundations, grant_role

    ensure_foundations()
    nobody = User.objects.create_user(
        email="nobody@example.org"
    )  # without a password, which takes long to hash
    operator = User.objects.create_user(email="operator@example.org")
    grant_role(Actor.system("test"), operator, ADMINISTRATOR, "stadt")
    found = {"anonymous": Client(), "nobody": Client(), "operator": Client()}
    found["nobody"].force_login(nobody, "allauth.account.auth_backends.AuthenticationBackend")
    found["operator"].force_login(operator, "allauth.account.auth_backends.AuthenticationBackend")
    return found
