"""Wrong readings, by webhook and by SensorThings: each gets its refusal with the field, one line in the log, no row."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from stadt.core.log import LineFormatter
from stadt.core.people.models import Organisation
from stadt.core.tokens import issue_token
from stadt.hub.ingest.tests.city import OPERATOR, make_profile, make_source, make_token, organisation
from stadt.hub.ingest.tests.uplinks import body, uplink
from stadt.hub.observations.models import Datastream
from stadt.hub.observations.rights import READ, WRITE

pytestmark = pytest.mark.django_db(transaction=True)

Ask = Callable[..., httpx.Response]

# A source counts what it refused, without its content: that is for the operator and no reading.
COUNTERS = {"ingest_refusal", "ingest_sourcestate"}
BIG = b'{"filler": "' + b"x" * 50_000_000 + b'"}'


@dataclass
class City:
    """A source with one device that sent once, and the secrets of its network and of somebody who writes."""

    ask: Ask
    network: str
    other_network: str
    writer: str
    datastream: int

    def post(self, path: str, content: bytes, secret: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        return self.ask("POST", path, content=content, headers=headers)


@pytest.fixture
def city(ask: Ask) -> City:
    source, closed = make_source(make_profile()), make_source(slug="geschlossen")
    secret = make_token(source)
    expires_at = timezone.now() + timedelta(days=1)
    _, writer = issue_token(OPERATOR, "x", (READ, WRITE), expires_at=expires_at, organisation=organisation())
    city = City(ask, secret, make_token(closed), writer, 0)
    received = (timezone.now() - timedelta(minutes=1)).isoformat()
    placed = uplink(received_at=received, locations={"user": {"latitude": 51.5, "longitude": 7.1}})
    assert city.post("/ingest/tts/rathaus", body(placed), secret).status_code == 200
    city.datastream = Datastream.objects.order_by("pk")[0].pk
    return city


def rows() -> dict[str, int]:
    """The number of rows of every table."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in COUNTERS]
        counts = {}
        for name in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            [(counts[name],)] = cursor.fetchall()
    return counts


def refuse(
    city: City, caplog: pytest.LogCaptureFixture, path: str, content: bytes, secret: str
) -> tuple[httpx.Response, str]:
    """Post, and check that nothing was written and one line stands in the log; returns the answer and the line."""
    before = rows()
    with caplog.at_level(logging.INFO):
        caplog.clear()
        answer = city.post(path, content, secret)
    assert rows() == before
    lines = [LineFormatter("%(name)s %(message)s").format(record) for record in caplog.records]
    lines = [line for line in lines if not line.startswith(("httpx", "asyncio"))]
    [line] = lines
    assert len(line.splitlines()) == 1
    assert f"POST {path} {answer.status_code}" in line
    return answer, line


def changed(place: str, value: Any, **message: Any) -> bytes:
    """An uplink with one field of `uplink_message` replaced by raw JSON text or a value."""
    document = uplink(**message)
    document["uplink_message"][place] = "@" if isinstance(value, bytes) else value
    text = json.dumps(document).encode()
    return text.replace(b'"@"', value) if isinstance(value, bytes) else text


DECODED = "uplink_message.decoded_payload"
UPLINKS: Mapping[str, tuple[bytes, int, str]] = {
    "malformed": (b'{"end_device_ids"', 400, "body"),
    "empty": (b"", 400, "body"),
    "no UTF-8": (b'{"a": "\xff"}', 400, "body"),
    "a lone surrogate": (changed("decoded_payload", b'{"fill_level": "\\ud800"}'), 400, "body"),
    "nested without end": (b"[" * 100_000, 400, "body"),
    "a list": (b"[]", 422, "body"),
    "a wrong type": (changed("f_cnt", "42"), 422, "uplink_message.f_cnt"),
    "a number as text": (changed("decoded_payload", {"fill_level": "62"}), 422, f"{DECODED}.fill_level"),
    "NaN": (changed("decoded_payload", b'{"fill_level": NaN}'), 422, f"{DECODED}.fill_level"),
    "Infinity": (changed("decoded_payload", b'{"fill_level": -Infinity}'), 422, f"{DECODED}.fill_level"),
    "too large a number": (changed("decoded_payload", b'{"fill_level": 1e999}'), 422, f"{DECODED}.fill_level"),
    "a NUL": (changed("decoded_payload", {"note": "a\0b"}), 422, f"{DECODED}.note"),
    "a NUL in a name": (changed("decoded_payload", {"a\0b": 1}), 422, f"{DECODED}.a␀b"),
    "a line end in a name": (changed("decoded_payload", b'{"a\\nERROR": NaN}'), 422, f"{DECODED}.a\nERROR"),
    "nested deep": (changed("decoded_payload", b'{"a":' + b"[" * 50 + b"]" * 50 + b"}"), 422, DECODED),
    "the year 9999": (changed("received_at", "9999-12-31T23:59:59Z"), 422, "uplink_message.received_at"),
    "the year 1": (changed("received_at", "0001-01-01T00:00:00+23:59"), 422, "uplink_message.received_at"),
    "no time zone": (changed("received_at", "2026-11-20T11:59:30"), 422, "uplink_message.received_at"),
    "no place on Earth": (
        changed("locations", {"user": {"latitude": 91}}), 422, "uplink_message.locations[...].latitude",
    ),
    "50 MB": (BIG, 413, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", UPLINKS)
def test_a_wrong_uplink_is_refused_by_its_field(
    city: City, caplog: pytest.LogCaptureFixture, case: str
) -> None:
    content, status, field = UPLINKS[case]
    answer, line = refuse(city, caplog, "/ingest/tts/rathaus", content, city.network)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert [item["field"] for item in answer.json().get("errors", [])] == ([field] if field else [])
    assert "stadt.request" in line


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [
        ("/ingest/tts/rathaus", "stadt_" + "x" * 43, 401),
        ("/ingest/tts/rathaus", "", 401),
        ("/ingest/tts/rathaus", "other_network", 403),
        ("/ingest/tts/rathaus", "writer", 403),
        ("/ingest/tts/geschlossen", "network", 403),
        ("/ingest/tts/nix", "network", 404),
        ("/sta/v1.1/Observations", "", 401),
        ("/sta/v1.1/Observations", "network", 403),
        ("/sta/v1.1/Things", "network", 403),
        ("/sta/v1.1/CreateObservations", "network", 403),
    ],
)
def test_a_wrong_token_writes_nothing(
    city: City, caplog: pytest.LogCaptureFixture, path: str, who: str, status: int
) -> None:
    secret = getattr(city, who, who)
    answer, _ = refuse(city, caplog, path, body(uplink(f_cnt=7)), secret)
    assert answer.status_code == status


def test_an_unknown_device_writes_nothing(city: City, caplog: pytest.LogCaptureFixture) -> None:
    answer, _ = refuse(city, caplog, "/ingest/tts/geschlossen", body(uplink()), city.other_network)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-device")
    assert answer.json()["errors"][0]["field"] == "end_device_ids.device_id"


OBSERVATIONS: Mapping[str, tuple[bytes, int, str]] = {
    "malformed": (b'{"result"', 400, ""),
    "no result": (b"{}", 400, "result"),
    "NaN": (b'{"result": NaN}', 400, ""),
    "too large a number": (b'{"result": 1e999}', 400, ""),
    "a NUL": (b'{"result": "a\\u0000b"}', 400, "result"),
    "a lone surrogate": (b'{"result": "\\ud800"}', 400, ""),
    "nested without end": (b'{"result": ' + b"[" * 100_000, 400, ""),
    "nested deep": (b'{"result": ' + b"[" * 100 + b"]" * 100 + b"}", 400, "result"),
    "the year 9999": (b'{"result": 1, "phenomenonTime": "9999-12-31T23:59:59Z"}', 400, "phenomenonTime"),
    "the year 1": (b'{"result": 1, "phenomenonTime": "0001-01-01T00:00:00+23:59"}', 400, "phenomenonTime"),
    "no time zone": (b'{"result": 1, "phenomenonTime": "2026-11-20T11:59:30"}', 400, "phenomenonTime"),
    "a number as time": (b'{"result": 1, "phenomenonTime": 5}', 400, "phenomenonTime"),
    "an unknown name": (b'{"result": 1, "a\\nERROR b": 1}', 400, "a\nERROR b"),
    "an endless number": (b'{"result": ' + b"9" * 5000 + b"}", 400, ""),
    "50 MB": (BIG, 413, ""),
}


@pytest.mark.parametrize("case", OBSERVATIONS)
def test_a_wrong_observation_is_refused_by_its_field(
    city: City, caplog: pytest.LogCaptureFixture, case: str
) -> None:
    content, status, field = OBSERVATIONS[case]
    path = f"/sta/v1.1/Datastreams({city.datastream})/Observations"
    answer, _ = refuse(city, caplog, path, content, city.writer)
    assert answer.status_code == status
    document = answer.json()
    assert (document["code"], document["type"]) == (status, "error")
    if field:
        assert field in [item["field"] for item in document["errors"]]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (b'[1, "9999-12-31T23:59:59Z"]', "[0].dataArray[1].phenomenonTime"),
        (b'["a\\u0000b", "2026-11-20T11:59:30Z"]', "[0].dataArray[1].result"),
        (b'[null, "2026-11-20T11:59:30Z"]', "[0].dataArray[1].result"),
        (b"[1]", "[0].dataArray[1]"),
        (b"[1, 2]", "[0].dataArray[1].phenomenonTime"),
    ],
)
def test_one_wrong_row_of_a_data_array_keeps_all_out(
    city: City, caplog: pytest.LogCaptureFixture, row: bytes, field: str
) -> None:
    good = b'[1, "2026-11-20T11:59:30Z"]'
    content = (
        b'[{"Datastream": {"@iot.id": %d}, "components": ["result", "phenomenonTime"], "dataArray": [%b, %b]}]'
        % (city.datastream, good, row)
    )
    answer, _ = refuse(city, caplog, "/sta/v1.1/CreateObservations", content, city.writer)
    assert answer.status_code == 400
    assert field in [item["field"] for item in answer.json()["errors"]]


@pytest.mark.parametrize(
    "number", ["9223372036854775808", "-1", "99999999999999999999", '"1"', "1.5", "true", "null"]
)
def test_an_id_that_nothing_has_writes_nothing(
    city: City, caplog: pytest.LogCaptureFixture, number: str
) -> None:
    content = f'{{"result": 1, "Datastream": {{"@iot.id": {number}}}}}'.encode()
    answer, _ = refuse(city, caplog, "/sta/v1.1/Observations", content, city.writer)
    assert answer.status_code == 400


def test_what_a_stranger_posts_to_another_organisation_makes_nothing_there(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    """The feature of interest that a first observation brings along is made after the right is checked."""
    club = Organisation.objects.create(key="verein", name="Verein")
    expires_at = timezone.now() + timedelta(days=1)
    _, stranger = issue_token(OPERATOR, "x", (READ, WRITE), expires_at=expires_at, organisation=club)
    path = f"/sta/v1.1/Datastreams({city.datastream})/Observations"
    answer, _ = refuse(city, caplog, path, b'{"result": 1}', stranger)
    assert answer.status_code == 403
    array = (
        b'[{"Datastream": {"@iot.id": %d}, "components": ["result"], "dataArray": [[1]]}]' % city.datastream
    )
    answer, _ = refuse(city, caplog, "/sta/v1.1/CreateObservations", array, stranger)
    assert answer.status_code == 403
