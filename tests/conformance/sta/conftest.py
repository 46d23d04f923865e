"""A small city of things for the conformance tests, and a client that speaks to the handler without a network."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.mosquitto import Mosquitto

    from stadt.core.people.models import Organisation
    from stadt.hub.observations.batch import Reading

# Django's models are imported inside the fixtures: this file is read before Django is set up.
BASE = "http://127.0.0.1:8000/sta/v1.1"
FIRST = datetime(2026, 1, 30, tzinfo=UTC)


class Client:
    """Speaks to the handler in one event loop, so that the pool of connections lives as long as the module's tests."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.tokens: dict[str, str] = {}

    def request(self, method: str, path: str, *, token: str = "", **more: Any) -> httpx.Response:
        """One request; `token` is a name in `tokens`, or a secret."""
        headers = dict(more.pop("headers", {}))
        if token:
            headers["Authorization"] = f"Bearer {self.tokens.get(token, token)}"
        return self.runner.run(self._request(method, path, headers, more))

    async def _request(
        self, method: str, path: str, headers: dict[str, str], more: dict[str, Any]
    ) -> httpx.Response:
        from stadt.hub.sta.handlers import handle

        transport = httpx.ASGITransport(app=handle)
        address = path if path.startswith("http") else f"{BASE}{path}"
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.request(method, address, headers=headers, **more)

    def get(self, path: str, *, token: str = "", status: int = 200) -> Any:
        """The JSON of an answer."""
        answer = self.request("GET", path, token=token)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def values(self, path: str, token: str = "") -> list[dict[str, Any]]:
        """The entities of a collection's first page."""
        found = self.get(path, token=token)["value"]
        assert isinstance(found, list)
        return found

    def names(self, path: str, token: str = "") -> list[str]:
        return [item["name"] for item in self.values(path, token)]

    def pages(self, path: str, token: str = "") -> list[dict[str, Any]]:
        """The entities of all pages."""
        found, address = [], path
        while address:
            page = self.get(address, token=token)
            found += page["value"]
            address = page.get("@iot.nextLink", "")
        return found

    def refusal(self, path: str, status: int = 400, token: str = "") -> str:
        """The message of a refusal."""
        document = self.get(path, token=token, status=status)
        assert document["code"] == status
        assert document["type"] == "error"
        return str(document["message"])

    def post(self, path: str, body: Any, *, token: str = "writer", status: int = 201) -> httpx.Response:
        """Post JSON (or bytes as they are)."""
        more = {"content": body} if isinstance(body, bytes | str) else {"json": body}
        answer = self.request("POST", path, token=token, **more)
        assert answer.status_code == status, answer.text
        return answer

    def close(self) -> None:
        from stadt.core.database.pool import close_async_pool
        from stadt.hub.observations import committer

        self.runner.run(committer.stop())
        self.runner.run(close_async_pool())
        self.runner.close()


@dataclass
class City:
    """Ids of what is there; `open_*` is public, `closed_*` belongs to the organisation `amt`, `other_*` to `verein`."""

    ids: dict[str, int]

    def __getattr__(self, name: str) -> int:
        try:
            return self.ids[name]
        except KeyError:
            raise AttributeError(name) from None


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rows that are really committed, because the handler reads them over its own connections."""
    with django_db_blocker.unblock():
        _empty()
        yield
        _empty()


def _empty() -> None:
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


@pytest.fixture(scope="module")
def sta(database: None) -> Iterator[Client]:
    """The client, with the tokens `reader`, `writer` and `manager` of `amt` and `stranger` of `verein`."""
    from django.utils import timezone

    from stadt.core.people.models import ApiToken, Organisation
    from stadt.core.tokens import digest_of

    client = Client()
    amt = Organisation.objects.create(key="amt", name="Amt")
    verein = Organisation.objects.create(key="verein", name="Verein")
    for name, scopes, organisation in (
        ("reader", ["observations.read"], amt),
        ("writer", ["observations.read", "observations.write"], amt),
        ("manager", ["observations.read", "observations.write", "observations.manage"], amt),
        ("stranger", ["observations.read", "observations.write"], verein),
    ):
        client.tokens[name] = f"stadt_{token_urlsafe(32)}"
        ApiToken.objects.create(
            title=name,
            digest=digest_of(client.tokens[name]),
            hint="…",
            scopes=scopes,
            organisation=organisation,
            expires_at=timezone.now() + timedelta(days=1),
        )
    yield client
    client.close()


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Mosquitto"]:
    """A real broker."""
    from tests.conformance.sta.mosquitto import running

    yield from running(tmp_path_factory.mktemp("mosquitto"))


@pytest.fixture(scope="module")
def city(sta: Client) -> City:
    """Three things; see `City`."""
    from stadt.core.people.models import Organisation

    return City(_fill(Organisation.objects.get(key="amt"), Organisation.objects.get(key="verein")))


def _fill(amt: "Organisation", verein: "Organisation") -> dict[str, int]:
    from django.db import connection
    from django.utils import timezone

    from stadt.hub.observations import models
    from stadt.hub.observations.append import append
    from stadt.hub.observations.batch import Batch

    ids: dict[str, int] = {}
    for number, (kind, owner) in enumerate((("open", amt), ("closed", amt), ("other", verein))):
        thing = models.Thing.objects.create(
            name=f"{kind} thing",
            description="a thing",
            organisation=owner,
            properties={"floor": number, "kind": kind},
        )
        place = models.Location.objects.create(
            name=f"{kind} place",
            organisation=owner,
            location={"type": "Point", "coordinates": [7.1 + number / 10, 51.5]},
        )
        thing.locations.add(place)
        past = models.HistoricalLocation.objects.create(thing=thing, time=FIRST)
        past.locations.add(place)
        sensor = models.Sensor.objects.create(
            name=f"{kind} sensor", organisation=owner, metadata="https://example.org/s.pdf"
        )
        seen = models.ObservedProperty.objects.create(
            name=f"{kind} property", organisation=owner, definition=f"https://example.org/{kind}"
        )
        feature = models.FeatureOfInterest.objects.create(
            name=f"{kind} feature", organisation=owner, feature=place.location
        )
        stream = models.Datastream.objects.create(
            name=f"{kind} stream",
            thing=thing,
            sensor=sensor,
            observed_property=seen,
            organisation=owner,
            feature=feature,
            is_public=kind == "open",
            properties={"rank": number},
            unit_of_measurement={"name": "Grad Celsius", "symbol": "°C", "definition": "Cel"},
        )
        models.DatastreamState.objects.create(datastream=stream, updated_at=timezone.now())
        named = {
            "thing": thing,
            "place": place,
            "past": past,
            "sensor": sensor,
            "property": seen,
            "feature": feature,
        }
        ids |= {f"{kind}_{name}": entity.pk for name, entity in {**named, "stream": stream}.items()}
        connection.ensure_connection()
        assert connection.connection is not None
        stored = append(connection.connection, Batch.of(_readings(stream.pk, 250 if kind == "open" else 7)))
        assert not stored.refusals
        ids[f"{kind}_observation"] = stored.ids[0]
    return ids


def _readings(datastream_id: int, count: int) -> Iterator["Reading"]:
    """Hourly readings across the end of a month; every seventh is text."""
    from stadt.hub.observations.batch import Reading

    for number in range(count):
        result = f"text {number}" if number % 7 == 6 else number / 2
        time = FIRST + timedelta(hours=number)
        yield Reading(datastream_id, time, result, result_time=time + timedelta(seconds=1))
