"""A real city behind a real nginx with TLS, configured by the file that is delivered."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest

from finding import ROOT

NAME = "stadt.example"
PASSWORD = "ein-langes-Passwort-27"
EMAIL = "amt@stadt.example"
DELIVERY = "/daten/werkstatt/hochladen/"
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


@dataclass
class Proxied:
    """The city as the internet sees it."""

    port: int
    city: Any
    context: ssl.SSLContext

    def ask(
        self, path: str, method: str = "GET", body: str = "", **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=30)
        sent = {"Host": NAME, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer, text


def configuration(folder: Path, city_port: int, port: int, plain_port: int) -> str:
    """The delivered file with this test's ports and certificate, inside the smallest frame nginx takes."""
    text = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text("utf-8")
    for old, new in (
        (r"listen 80;", f"listen 127.0.0.1:{plain_port};"),
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        (r"listen \[::\]:[^\n]*\n", "\n"),
        (r"/etc/letsencrypt/live/stadt\.example/fullchain\.pem", str(folder / "certificate.pem")),
        (r"/etc/letsencrypt/live/stadt\.example/privkey\.pem", str(folder / "key.pem")),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{city_port}"),
    ):
        text, count = re.subn(old, new, text)
        assert count, old
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # As root nginx would take another account, which may not enter the test's folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n"
        f"events {{ worker_connections 256; }}\nhttp {{\naccess_log off;\n{places}{text}\n}}\n"
    )


def is_open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
    except OSError:
        return False


@pytest.fixture(scope="module")
def proxied(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_home: Path,
    start_city: Any,
    pick_port: Callable[[], int],
    wait_until: Any,
) -> Iterator[Proxied]:
    if NGINX is None:
        if os.environ.get("STADT_REQUIRE_PROXY") == "1":
            pytest.fail("nginx is missing", pytrace=False)
        pytest.skip("no nginx found: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    home = Path(f"/tmp/stadt-proxy-{os.getpid()}")
    subprocess.run(["cp", "-a", str(migrated_home), str(home)], check=True)
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        f"/CN={NAME}",
    ]
    command += [
        "-addext",
        f"subjectAltName=DNS:{NAME}",
        "-keyout",
        str(folder / "key.pem"),
        "-out",
        str(folder / "certificate.pem"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    port, plain = pick_port(), pick_port()
    try:
        with start_city(home, STADT_URL=f"https://{NAME}") as city:
            made = city.stadt("admin", "--email", EMAIL, given=PASSWORD + "\n")
            assert made.returncode == 0, made.stderr
            file = folder / "nginx.conf"
            file.write_text(configuration(folder, city.port, port, plain))
            subprocess.run([NGINX, "-t", "-c", str(file), "-p", str(folder)], check=True, capture_output=True)
            server = subprocess.Popen([NGINX, "-c", str(file), "-p", str(folder)], stderr=subprocess.DEVNULL)
            context = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
            context.check_hostname = False  # it is asked for by address
            found = Proxied(port, city, context)
            try:
                wait_until(lambda: is_open(port))
                yield found
            finally:
                server.terminate()
                server.wait(20)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def cookies_of(answer: http.client.HTTPResponse) -> dict[str, Any]:
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie") or []:
        jar.load(line)
    return dict(jar)


def sign_in(proxied: Proxied, **headers: str) -> tuple[http.client.HTTPResponse, dict[str, Any]]:
    form, text = proxied.ask("/konto/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert token
    cookies = cookies_of(form)
    body = f"csrfmiddlewaretoken={token[1]}&login={EMAIL}&password={PASSWORD}"
    answer, _ = proxied.ask(
        "/konto/login/",
        "POST",
        body,
        Content_Type="application/x-www-form-urlencoded",
        Cookie=f"csrftoken={cookies['csrftoken'].value}",
        Referer=f"https://{NAME}/konto/login/",
        **headers,
    )
    return answer, cookies_of(answer)


@pytest.mark.slow
def test_cookies_travel_only_encrypted_and_the_browser_is_told_to_stay_so(proxied: Proxied) -> None:
    answer, cookies = sign_in(proxied)
    assert answer.status == 302
    assert cookies["sessionid"]["secure"]
    assert cookies["sessionid"]["httponly"]
    assert cookies["sessionid"]["samesite"] == "Lax"
    page, text = proxied.ask("/konto/", Cookie=f"sessionid={cookies['sessionid'].value}")
    assert page.status == 200
    assert EMAIL in text
    assert "max-age=31536000" in (page.getheader("Strict-Transport-Security") or "")


@pytest.mark.slow
def test_what_a_visitor_says_about_itself_is_not_believed(proxied: Proxied) -> None:
    """Were X-Forwarded-For passed on, each attempt would seem to come from another address."""
    spoofed = {
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Host": "evil.example",
        "Forwarded": "host=evil.example",
    }
    page, text = proxied.ask("/konto/password/reset/", **spoofed)
    assert page.status == 200
    assert "Strict-Transport-Security" in page.headers
    assert "evil.example" not in text
    statuses = [
        proxied.ask("/metrics", X_Forwarded_For=address)[0].status for address in ("127.0.0.1", "::1", "")
    ]
    assert statuses == [401, 401, 401]


@pytest.mark.slow
def test_files_pass_with_their_ranges_and_large_bodies_are_refused(proxied: Proxied) -> None:
    _, text = proxied.ask("/")
    [style] = re.findall(r'href="(/static/[^"]+\.css)"', text)[:1]
    whole, _ = proxied.ask(style)
    assert whole.getheader("Cache-Control") == "public, max-age=31536000, immutable"
    part, body = proxied.ask(style, Range="bytes=0-9")
    assert (part.status, len(body)) == (206, 10)
    refused, _ = proxied.ask("/suche", "POST", "x" * (9 * 1024 * 1024))
    assert refused.status == 413


@pytest.mark.slow
def test_a_delivery_larger_than_any_page_passes_for_who_may_deliver_and_for_nobody_else(
    proxied: Proxied,
) -> None:
    _, cookies = sign_in(proxied)
    session = f"sessionid={cookies['sessionid'].value}"
    form, text = proxied.ask(DELIVERY, Cookie=session)
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[:1]
    [organisation] = re.findall(r'name="organisation" value="(\d+)"', text)
    fields = {"csrfmiddlewaretoken": token, "title": "Große Tabelle", "organisation": organisation}
    body = "".join(
        f'--grenze\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    table = "jahr;menge\n" + "2024;7\n" * 1_300_000
    body += f'--grenze\r\nContent-Disposition: form-data; name="file"; filename="t.csv"\r\n\r\n{table}\r\n--grenze--\r\n'
    sent = {"Content_Type": "multipart/form-data; boundary=grenze", "Referer": f"https://{NAME}{DELIVERY}"}
    answer, text = proxied.ask(
        DELIVERY,
        "POST",
        body,
        Cookie=f"{session}; csrftoken={cookies_of(form)['csrftoken'].value}",
        **sent,
    )
    assert (answer.status, answer.getheader("Location", "")[:16]) == (302, "/daten/werkstatt"), text[:500]
    try:
        refused = proxied.ask(DELIVERY, "POST", body, **sent)[0].status
    except (ConnectionError, ssl.SSLError):  # the platform hangs up on a body that nobody asked for
        refused = 502
    assert refused in {303, 413, 502}


@pytest.mark.slow
def test_the_request_is_known_by_one_name_on_both_sides(proxied: Proxied) -> None:
    answer, _ = proxied.ask("/health/live", X_Request_Id="chosen-by-visitor")
    assert re.fullmatch(r"[0-9a-f]{32}", answer.getheader("X-Request-Id") or "")
