"""HTTP to elsewhere never reaches private networks, and ends."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from stadt.core import outbound
from stadt.core.outbound import OutboundError, fetch, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::909:909",
        "::7f00:1",
    ],
)
def test_private_addresses_are_recognised_in_every_spelling(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe"])
def test_public_addresses_are_recognised(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://localhost:9/",
        "http://[::1]:9/",
        "http://0x7f000001:9/",
        "http://2130706433/",
    ],
)
def test_a_private_address_is_refused_before_any_byte_is_sent(url: str) -> None:
    with pytest.raises(OutboundError, match="privaten Netz"):
        fetch("GET", url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "gopher://x", ""])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(OutboundError, match="http"):
        fetch("GET", url)


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/to-private":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.headers['Host'].rpartition(':')[2]}/big")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * 5000)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[int]:
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running.server_port
    running.shutdown()
    thread.join()
    running.server_close()


def test_a_redirect_into_a_private_network_is_refused(server: int, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def first_is_public(address: str) -> bool:
        checked.append(address)
        return len(checked) == 1

    monkeypatch.setattr(outbound, "is_public", first_is_public)
    with pytest.raises(OutboundError, match="privaten Netz"):
        fetch("GET", f"http://127.0.0.1:{server}/to-private")
    assert len(checked) >= 2


def test_an_answer_larger_than_allowed_is_cut_off(server: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "is_public", lambda address: True)
    with pytest.raises(OutboundError, match="größer"):
        fetch("GET", f"http://127.0.0.1:{server}/big", max_bytes=1000)
    assert fetch("GET", f"http://127.0.0.1:{server}/big").body == b"x" * 5000
