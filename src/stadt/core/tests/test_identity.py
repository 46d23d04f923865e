"""What identity.toml may say, and how long a login waits for a provider."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from stadt.core.errors import ConfigurationError
from stadt.core.identity import http as identity_http
from stadt.core.identity.http import TimedSession
from stadt.core.identity.providers import load

GOOD = """
[[provider]]
key = "rathaus"
title = "Rathaus"
issuer = "https://login.example"
client_id = "stadt"
"""


def write(folder: Path, text: str) -> tuple[Path, ...]:
    (folder / "identity.toml").write_text(text, encoding="utf-8")
    return (folder,)


def test_without_a_file_there_is_no_provider(tmp_path: Path) -> None:
    assert load((tmp_path,)) == {}


def test_an_entry_says_little_and_trusts_nobody(tmp_path: Path) -> None:
    found = load(write(tmp_path, GOOD))["rathaus"]
    assert (found.kind, found.scopes) == ("oidc", ("openid", "profile", "email"))
    assert (found.links_by_email, found.creates_accounts, found.vouches_for_second_factor) == (False,) * 3


def test_the_installation_replaces_what_the_citys_folder_says(tmp_path: Path) -> None:
    city, home = tmp_path / "city", tmp_path / "home"
    city.mkdir()
    home.mkdir()
    write(city, GOOD + GOOD.replace("rathaus", "bund"))
    write(home, GOOD.replace("https://login.example", "https://test.example"))
    found = load((city, home))
    assert {key: provider.issuer for key, provider in found.items()} == {
        "rathaus": "https://test.example",
        "bund": "https://login.example",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[provider]", "nicht lesbar"),
        ("[provider]\nkey = 'x'", "Einträge"),
        ("name = 1\n" + GOOD, "Einträge"),
        (GOOD + GOOD, "doppelt"),
        (GOOD.replace("rathaus", "Rat haus"), "key besteht aus"),
        (GOOD + 'kind = "ldap"', "kind ist eines von"),
        (GOOD.replace('title = "Rathaus"', ""), "title fehlt"),
        (GOOD + 'client_secret = "x"', "STADT_HOME/secrets"),
        (GOOD + "links_by_mail = true", "unbekannt"),
        (GOOD + 'links_by_email = "ja"', "falsche Form"),
        (GOOD + 'email_verified = "maybe"', "email_verified ist eines von"),
        (GOOD + 'roles = [{group = "x"}]', "roles braucht"),
        (GOOD + 'kind = "saml"', "metadata fehlt"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        load(write(tmp_path, text))


# -- time --------------------------------------------------------------------------------------------------------------

Serve = Callable[[Callable[[http.server.BaseHTTPRequestHandler], None]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(answer)` starts a server and returns its address."""
    servers = []

    def start(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *arguments: Any) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_an_answer_that_drips_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, the whole never does."""

    def drip(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000000")
        request.end_headers()
        try:
            for _ in range(400):
                request.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass

    monkeypatch.setattr(identity_http, "WHOLE_SECONDS", 0.2)
    with TimedSession() as session, pytest.raises(requests.Timeout):
        session.get(serve(drip))


def test_silence_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity_http, "READ_SECONDS", 0.2)
    release = threading.Event()

    def wait(request: http.server.BaseHTTPRequestHandler) -> None:
        release.wait(20)

    with TimedSession() as session, pytest.raises(requests.RequestException):
        session.get(serve(wait))
    release.set()


def test_an_answer_that_is_too_large_is_given_up(serve: Serve) -> None:
    def flood(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            for _ in range(200):
                request.wfile.write(b"x" * 16_384)
        except OSError:
            pass

    with TimedSession() as session, pytest.raises(requests.RequestException, match="larger"):
        session.get(serve(flood))


@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_whole_answer_is_read_whole(serve: Serve, is_chunked: bool) -> None:
    body = b'{"issuer": "x"}' * 5000

    def whole(request: http.server.BaseHTTPRequestHandler) -> None:
        request.protocol_version = "HTTP/1.1"
        request.send_response(200)
        if is_chunked:
            request.send_header("Transfer-Encoding", "chunked")
            request.end_headers()
            for part in (body[:7], body[7:40_000], body[40_000:]):
                request.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            request.wfile.write(b"0\r\n\r\n")
        else:
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

    with TimedSession() as session:
        assert session.get(serve(whole)).content == body


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    def away(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", "http://127.0.0.1:9/")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with TimedSession() as session:
        assert session.get(serve(away)).status_code == 302
