"""Clients that write to a city while its processes are killed: readings, messages of sensors, and reports with photos."""

import contextlib
import http.client
import io
import itertools
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

START = datetime(2026, 5, 1, tzinfo=UTC)
ROWS_PER_BULK = 200
BOUNDARY = "a-boundary-of-the-kill-test"
CATEGORY = "public_bin"  # of the city's own, without questions


@dataclass
class Poster:
    """A client in a thread of its own. `acknowledged` are values whose post was answered with success."""

    port: int
    secret: str
    stop: threading.Event
    acknowledged: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        connection: http.client.HTTPConnection | None = None
        for path, body, values in self.posts():
            while not self.stop.is_set():
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                status = self.post(connection, path, body)
                if status in {0, 503}:
                    connection.close()
                    connection = None
                    self.stop.wait(0.05)
                    if self.repeats:
                        continue
                elif status in {200, 201}:
                    self.acknowledged += values
                else:
                    self.refused.append(f"{path} {status}")
                break
            if self.stop.is_set():
                break
        if connection:
            connection.close()

    repeats = False
    heartbeats = 3
    """Acknowledgements between two kills."""

    def post(self, connection: http.client.HTTPConnection, path: str, body: Any) -> int:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            # Closed here also when the server dies halfway: an answer that ends the connection owns its socket.
            with contextlib.closing(connection.getresponse()) as answer:
                answer.read()
                return answer.status
        except (OSError, http.client.HTTPException):
            return 0

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        raise NotImplementedError


def moment(value: int) -> str:
    """Each value has a time of its own."""
    return (START + timedelta(seconds=value)).isoformat()


@dataclass
class SinglePoster(Poster):
    """One observation per POST."""

    datastream: int = 0

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        path = f"/sta/v1.1/Datastreams({self.datastream})/Observations"
        for value in itertools.count():
            yield path, {"phenomenonTime": moment(value), "result": value}, [value]


@dataclass
class BulkPoster(Poster):
    """Data arrays: all rows of one are stored, or none."""

    datastream: int = 0

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        for start in itertools.count(0, ROWS_PER_BULK):
            values = list(range(start, start + ROWS_PER_BULK))
            block = {
                "Datastream": {"@iot.id": self.datastream},
                "components": ["phenomenonTime", "result"],
                "dataArray": [[moment(value), value] for value in values],
            }
            yield "/sta/v1.1/CreateObservations", [block], values


@dataclass
class StackPoster(Poster):
    """Uplinks of The Things Stack, each repeated until it is acknowledged."""

    repeats = True

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        for value in itertools.count():
            body = {
                "end_device_ids": {"device_id": "counter-1", "dev_eui": "70B3D57ED0050001"},
                "received_at": moment(value),
                "uplink_message": {
                    "session_key_id": "AZLk3Q==",
                    "f_port": 1,
                    "f_cnt": value,
                    "decoded_payload": {"count": value},
                    "received_at": moment(value),
                },
            }
            yield "/ingest/tts/kill", body, [value]


def multipart(fields: dict[str, str], field_of_photo: str) -> bytes:
    """A form with a small photo (RFC 7578)."""
    photo = io.BytesIO()
    Image.new("RGB", (320, 240), "green").save(photo, "JPEG")
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field_of_photo}"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    return b"".join([*parts, head.encode(), photo.getvalue(), f"\r\n--{BOUNDARY}--\r\n".encode()])


@dataclass
class ReportPoster(Poster):
    """Reports with a photo by Open311, each repeated under its own key until it is acknowledged."""

    repeats = True
    heartbeats = 1  # a report is a photo, a case, a letter and a mail
    way = "open311"
    centre: tuple[float, float] = (0.0, 0.0)
    headers: dict[str, str] = field(default_factory=dict)

    def content_headers(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key}

    def post(self, connection: http.client.HTTPConnection, path: str, body: Any) -> int:
        key, content = body
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **self.content_headers(key)}
        try:
            connection.request("POST", path, content, headers)
            with contextlib.closing(connection.getresponse()) as answer:
                answer.read()
                return answer.status
        except (OSError, http.client.HTTPException):
            return 0

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        lon, lat = self.centre
        for value in itertools.count():
            fields = {
                "service_code": CATEGORY,
                "lat": f"{lat:.6f}",
                "long": f"{lon:.6f}",
                "description": text_of(self.way, value),
                "email": "resident@example.org",
            }
            key = f"kill-test-number-{value:06}"
            yield "/open311/v2/requests.json", (key, multipart(fields, "media")), [value]


@dataclass
class FormPoster(ReportPoster):
    """The same through the form of the city's own page, as a browser with JavaScript sends it."""

    way = "web"

    def content_headers(self, key: str) -> dict[str, str]:
        return {**self.headers, "Accept": "application/json"}

    def open_form(self, page: str, cookie: str) -> None:
        """Take over what a page of the form gave the browser."""
        found = dict(re.findall(r'name="(csrfmiddlewaretoken|started)" value="([^"]+)"', page))
        self.headers = {"Cookie": cookie.partition(";")[0], "X-CSRFToken": found["csrfmiddlewaretoken"]}
        self.started = found["started"]

    started = ""

    def posts(self) -> Iterator[tuple[str, Any, list[int]]]:
        lon, lat = self.centre
        for value in itertools.count():
            named = {
                "key": f"kill-test-form-{value:06}",
                "category": CATEGORY,
                "lat": f"{lat:.6f}",
                "lon": f"{lon:.6f}",
                "text": text_of(self.way, value),
                "email": "resident@example.org",
                "mail": "on",
                "step": "send",
            }
            fields = {"started": self.started, **{f"report-{name}": text for name, text in named.items()}}
            yield "/melden/neu/", ("", multipart(fields, "report-photo")), [value]


def text_of(way: str, value: int) -> str:
    """What a report says, by which it is found again."""
    return f"{way} {value}"
