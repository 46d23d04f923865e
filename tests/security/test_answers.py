"""What every answer carries, also the plain ones and the refusals: nothing to run, nothing to keep, nothing to guess."""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.test import Client

from stadt.core import asgi
from stadt.core.database.connection import parameters
from stadt.core.secrets import secret
from stadt.web.static_files import find_file

Ask = Callable[..., httpx.Response]

PLAIN = [
    "/static/nix.css",
    "/health/live",
    "/health/nix",
    "/metricsandmore",
    "/files/nix/1/nix.csv",
    "/sta/nix",
    "/ingest/tts/nix",
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PLAIN)
def test_an_answer_that_is_no_page_does_nothing_in_a_browser(ask: Ask, path: str) -> None:
    answer = ask("GET", path)
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nix", "/konto/login/", "/konto/nix", "/api/v1/nix", "/suche?q=x"])
def test_a_page_runs_only_our_own_scripts(path: str) -> None:
    answer = Client().get(path)
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_a_host_that_is_not_ours_gets_one_clear_refusal() -> None:
    answer = Client().get("/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("visitor", ["nobody", "operator"])
@pytest.mark.parametrize("path", ["/", "/konto/", "/daten/", "/betrieb/quellen/"])
def test_pages_of_who_is_signed_in_are_kept_nowhere(
    visitors: dict[str, Client], visitor: str, path: str
) -> None:
    assert "no-store" in visitors[visitor].get(path)["Cache-Control"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("192.0.2.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}),
        ("127.0.0.1", {"X-Real-IP": "192.0.2.7"}),
        ("127.0.0.1", {"Via": "1.1 proxy"}),
    ],
)
def test_metrics_are_for_the_machine_itself(ask: Ask, peer: str, headers: dict[str, str]) -> None:
    assert ask("GET", "/metrics", peer=peer, headers=headers).status_code == 401
    assert ask("GET", "/metrics").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_visitors_cannot_make_new_metrics(ask: Ask) -> None:
    for number in range(5):
        ask(f"SPELL{number}", "/health/live")
        ask("GET", f"/metrics{number}more")
        ask("GET", f"/health{number}")
    text = ask("GET", "/metrics").text
    assert "SPELL" not in text
    assert "more" not in text
    assert "health1" not in text


@pytest.mark.parametrize(
    "name", ["a" * 280 + ".css", "../settings.py", "%2e%2e/settings.py", "x\0.css", "/etc/passwd"]
)
def test_no_name_leads_to_a_file_that_is_not_ours(name: str) -> None:
    assert find_file(name) is None


@pytest.mark.parametrize(
    "wanted", ["bytes=" + "9" * 5000 + "-", "bytes=0-" + "9" * 5000, "bytes=-" + "9" * 5000]
)
def test_a_range_beyond_all_numbers_is_no_range(tmp_path: Path, wanted: str) -> None:
    sent: list[asgi.Message] = []

    async def send(message: asgi.Message) -> None:
        sent.append(message)

    (tmp_path / "file").write_bytes(b"0123456789")
    scope = {"type": "http", "method": "GET", "headers": [(b"range", wanted.encode())]}
    asyncio.run(asgi.send_file(scope, send, asgi.FileAnswer(tmp_path / "file", "text/plain")))
    assert sent[0]["status"] == 200


def test_secrets_are_read_by_their_owner_only(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        secret(tmp_path, "one")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "secrets" / "one").stat().st_mode) == 0o600


def test_the_city_runs_as_a_role_that_owns_nothing() -> None:
    assert parameters(settings.STADT)["user"] == "stadt_app"
