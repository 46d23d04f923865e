"""Runs the OGC's executable test suite ets-sta10 against an empty city of its own: docs/operate/ogc-suite.md.

    python tools/ogc_suite.py CHECKOUT [--level 3] [--port 8130] [--jars /usr/share/java]

The suite sends no token and deletes everything it finds. So the city is made for it in a folder that is removed
afterwards, and a proxy on this machine puts the token of that city into each request.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PACKAGE = Path("src/main/java/org/opengis/cite/sta10")
FOLDERS = ("sensingCore", "createUpdateDelete", "filteringExtension", "util")
# What needs TEAM Engine or a JAX-RS client; no test uses it.
LEFT_OUT = frozenset({"ClientUtils.java", "package-info.java"})
JARS = (
    "testng", "jcommander", "bsh", "httpclient", "httpcore", "commons-logging", "commons-codec", "com.android.json",
    "joda-time", "slf4j-api", "slf4j-nop",
)  # fmt: skip
HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "host", "authorization"})
PATIENCE_SECONDS = 120


def compile_suite(checkout: Path, jars: str, into: Path) -> None:
    """The suite's test classes and the runner beside this file, as classes in a folder."""
    sources = into / "src"
    for name in FOLDERS:
        for source in (checkout / PACKAGE / name).glob("*.java"):
            if source.name not in LEFT_OUT:
                (sources / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(source, sources / name)
    attributes = (checkout / PACKAGE / "SuiteAttribute.java").read_text()
    attributes = attributes.replace("import jakarta.ws.rs.client.Client;", "").replace(
        "Client.class", "Object.class"
    )
    (sources / "SuiteAttribute.java").write_text(attributes)
    shutil.copy(Path(__file__).with_name("OgcSuite.java"), sources)
    files = [str(path) for path in sources.rglob("*.java")]
    subprocess.run(
        ["javac", "-nowarn", "-encoding", "UTF-8", "-cp", jars, "-d", str(into), *files], check=True
    )


@contextlib.contextmanager
def running_city(home: Path, port: int, url: str) -> Iterator[None]:
    """An empty city that calls itself `url`."""
    stadt = Path(sys.executable).with_name("stadt")
    environment = {
        **os.environ, "STADT_HOME": str(home), "STADT_PORT": str(port), "STADT_URL": url, "STADT_DEMO": "0",
    }  # fmt: skip
    with (home.parent / "city.log").open("wb") as log:
        city = subprocess.Popen([str(stadt), "up"], env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://{HOST}:{port}/health/ready", city)
        yield
    finally:
        city.send_signal(signal.SIGINT)
        try:
            city.wait(60)
        except subprocess.TimeoutExpired:
            city.kill()


def _wait(address: str, city: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and city.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("The city does not start; is its port free?")


def issue_token(home: Path) -> str:
    """A token of this city that may read, write and manage, for a day."""
    script = ROOT / "tests/conformance/sta/clients/prepare.py"
    made = subprocess.run(
        [sys.executable, str(script)],
        env={"STADT_HOME": str(home), "PATH": os.environ["PATH"]},
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def proxy_with_token(port: int, behind: int, token: str) -> ThreadingHTTPServer:
    """A proxy that listens on this machine only and puts the token into every request it passes on.

    The suite gives a Datastream with Observations another unit, which this service takes as a correction only.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else None
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            headers |= {
                "Authorization": f"Bearer {token}",
                "Host": f"{HOST}:{port}",
                "Prefer": "correct-unit",
            }
            connection = http.client.HTTPConnection(HOST, behind, timeout=60)
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {*HOP_BY_HOP, "content-length", "server", "date"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 - the base class asks for these names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class
            """Says nothing: the city has its own log."""

    class Proxy(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Says nothing of connections that the suite leaves open."""

    server = Proxy((HOST, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def seed(root: str) -> None:
    """The suite's precondition: at least one entity of each type, and fewer than a page."""
    flows = [
        {
            "name": f"Messreihe {number}",
            "description": "",
            "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
            "unitOfMeasurement": {"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"},
            "Sensor": {
                "name": f"Sensor {number}",
                "description": "",
                "encodingType": "application/pdf",
                "metadata": "https://example.org/sensor.pdf",
            },
            "ObservedProperty": {
                "name": f"Temperatur {number}",
                "description": "",
                "definition": "https://example.org/temperature",
            },
            "Observations": [
                {
                    "phenomenonTime": f"2026-01-0{day}T00:00:00Z",
                    "resultTime": f"2026-01-0{day}T00:00:00Z",
                    "result": day,
                }
                for day in range(number, number + 3)
            ],
        }
        for number in (1, 2)
    ]
    place = {
        "name": "Markt",
        "description": "",
        "encodingType": "application/vnd.geo+json",
        "location": {"type": "Point", "coordinates": [7.09, 51.51]},
    }
    thing = {"name": "Station", "description": "", "properties": {"floor": 1}}
    body = json.dumps({**thing, "Locations": [place], "Datastreams": flows}).encode()
    request = urllib.request.Request(f"{root}/Things", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        if answer.status != 201:
            raise SystemExit(f"The city does not take the seed: {answer.status}")


def main() -> int:
    """Compile, start, seed, run, and stop everything again; the suite's result is the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path, help="folder with the suite's sources")
    parser.add_argument("--level", type=int, choices=(1, 2, 3), default=3)
    parser.add_argument("--port", type=int, default=8130, help="the city's; the proxy takes the next one")
    parser.add_argument("--jars", type=Path, default=Path("/usr/share/java"))
    arguments = parser.parse_args()
    missing = [name for name in JARS if not (arguments.jars / f"{name}.jar").exists()]
    if missing or not shutil.which("javac"):
        raise SystemExit(
            f"Install a JDK (17 or newer) and these jars: {', '.join(missing) or 'none is missing'}."
        )
    jars = os.pathsep.join(str(arguments.jars / f"{name}.jar") for name in JARS)
    port, before = arguments.port, arguments.port + 1
    root = f"http://{HOST}:{before}/sta/v1.1"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # the database runs as a user of its own when root starts it
        home, classes = folder / "home", folder / "classes"
        home.mkdir()
        classes.mkdir()
        compile_suite(arguments.checkout, jars, classes)
        with running_city(home, port, f"http://{HOST}:{before}"):
            proxy = proxy_with_token(before, port, issue_token(home))
            try:
                seed(root)
                path = os.pathsep.join((str(classes), jars))
                command = ["java", "-cp", path, "OgcSuite", root, str(arguments.level)]
                return subprocess.run(command, cwd=folder, check=False).returncode
            finally:
                proxy.shutdown()


if __name__ == "__main__":
    sys.exit(main())
