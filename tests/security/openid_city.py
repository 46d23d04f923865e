"""A city with a real OpenID provider beside it, for the tests of signing in."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from stadt.core.identity import providers
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.services import ensure_foundations

PASSWORD = "kohle-und-stahl-1928"
ADDRESS = "frieda@example.org"
START = "/konto/oidc/rathaus/login/"
SYSTEM = Actor.system("test")
HERE = Path(__file__).parent


@dataclass
class Provider:
    """A provider that runs; `say` decides what it tells about the person."""

    issuer: str
    folder: Path

    def say(self, claims: dict[str, Any] | None = None, **more: Any) -> None:
        """Decide the answers from now on."""
        told = {"email": ADDRESS, "email_verified": True, "name": "Frieda Muster", "groups": []}
        (self.folder / "say.json").write_text(json.dumps({"claims": {**told, **(claims or {})}, **more}))


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """django-allauth's provider as a process of its own."""
    folder = tmp_path_factory.mktemp("provider")
    (folder / "redirect_uri").write_text("http://127.0.0.1:8000/konto/oidc/rathaus/login/callback/")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, str(HERE / "identity_provider.py"), str(port), str(folder)])
    try:
        end = time.monotonic() + 120
        while not (folder / "ready").exists():
            assert process.poll() is None, "the provider did not start"
            assert time.monotonic() < end, "the provider did not start in time"
            time.sleep(0.05)
        yield Provider(f"http://127.0.0.1:{port}", folder)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def configure(provider: Provider, settings: Any, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """`configure("links_by_email = true")` writes this installation's identity.toml."""
    cache.clear()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # the real one takes its time
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.STADT = replace(settings.STADT, home=tmp_path, url="http://127.0.0.1:8000")
    ensure_foundations()
    provider.say()
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "identity-rathaus").write_text("ein-geheimnis-des-tests\n")
    (secrets / "identity-rathaus").chmod(0o600)

    def write(*lines: str, issuer: str = provider.issuer) -> None:
        head = ["[[provider]]", 'key = "rathaus"', 'title = "Rathaus"', f'issuer = "{issuer}"']
        text = "\n".join([*head, 'client_id = "vernetzte-stadt"', *lines])
        (tmp_path / "identity.toml").write_text(text)
        providers.configured.cache_clear()

    write()
    yield write
    providers.configured.cache_clear()


def ask_provider(client: Client, start: str = START) -> str:
    """Go to the provider and back; returns the address on which this city is told about it."""
    leaving = client.get(start)
    assert leaving.status_code == 302, leaving.content.decode()
    coming = httpx.get(leaving["Location"])
    assert coming.status_code == 302, coming.text
    parts = urlsplit(coming.headers["Location"])
    assert parts.netloc == "127.0.0.1:8000"
    return f"{parts.path}?{parts.query}"


def sign_in(client: Client | None = None, start: str = START) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.get(ask_provider(client, start))


def is_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


def account(email: str = ADDRESS, *, is_verified: bool = True) -> User:
    user = User.objects.create_user(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=is_verified, primary=True)
    return user
