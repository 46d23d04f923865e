"""No answer, count, order, link or error changes by what its reader may not see: random readers, queries and changes."""

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.conformance.sta.access.test_access import committed, hide_multi, requests
from tests.conformance.sta.request_data.test_filter_oracle import OBSERVED, OF_THINGS, ORDERS, QUIET, UNSHRUNK

from stadt.hub.sta.syntax.nodes import Query
from stadt.hub.sta.syntax.writing import write_query_string

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]

# Who reads, and the organisations whose closed entities that reader may not see.
HIDDEN = {
    "": ("amt", "verein", "dritte"),
    "reader": ("verein", "dritte"),
    "stranger": ("amt", "dritte"),
    "both": ("dritte",),
}
MOST_PAGES = 30
EXPANDS = [
    "", "", "Datastreams,Locations", "Datastreams($count=true;$orderby=name desc;$expand=Observations($top=2;$count=true))",
    "Datastreams($filter=Observations/result gt 1;$select=name),HistoricalLocations($expand=Locations)",
    "Locations($expand=Things($count=true)),MultiDatastreams($count=true)",
]  # fmt: skip
PLAIN = [
    "/Locations?$orderby=geo.distance(location,geography'POINT(7 51)')&$count=true",
    "/Locations?$filter=geo.distance(location,geography'POINT(7.1 51.5)') lt 1&$resultFormat=GeoJSON&$top=1",
    "/Locations?$filter=st_within(location,geography'POLYGON((6 50,8 50,8 52,6 52,6 50))')&$expand=Things($count=true)",
    "/FeaturesOfInterest?$orderby=feature&$expand=Observations($top=1;$orderby=result desc;$count=true)&$count=true",
    "/Datastreams?$orderby=Thing/name desc,properties/rank&$expand=Thing($expand=Locations),Sensor&$top=1&$count=true",
    "/Datastreams?$filter=Observations/any(o: o/result gt 1e200) or Observations/all(o: o/result ne 1)&$count=true",
    "/Sensors?$filter=Datastreams/all(d: d/name ne 'secret')&$expand=Datastreams($count=true)&$count=true",
    "/ObservedProperties?$filter=Datastreams/Observations/result gt 100&$expand=MultiDatastreams($count=true)",
    "/Things?$filter=Datastreams/Thing/Datastreams/any(d: d/name eq 'secret')&$count=true",
    "/MultiDatastreams?$count=true&$expand=Observations,ObservedProperties",
    "/Observations?$orderby=Datastream/Thing/name,result desc&$top=50&$resultFormat=dataArray&$count=true",
    "/Observations?$orderby=result desc&$top=40&$resultFormat=CSV",
    "/HistoricalLocations?$orderby=Thing/name desc,time&$expand=Thing,Locations&$count=true",
    "/Things?$filter=nmae eq 'secret'", "/Observations?$filter=result div 0 eq 1", "/Things?$orderby=id desc&$top=1",
]  # fmt: skip


def _observations(condition: Any, order: Any, form: str, top: int) -> str:
    options = write_query_string(Query(filter=condition, orderby=order, top=top, count=True))
    return f"/Observations?{options}{form}"


def _things(condition: Any, expand: str, top: int) -> str:
    options = write_query_string(Query(filter=condition, top=top, count=True))
    return f"/Things?{options}" + (f"&$expand={quote(expand, safe='')}" if expand else "")


def _access(seed: int) -> str:
    return requests(random.Random(seed), largest=300, count=1)[0]


ADDRESSES = st.one_of(
    st.builds(
        _observations,
        OBSERVED,
        ORDERS,
        st.sampled_from(["", "", "&$resultFormat=dataArray", "&$resultFormat=CSV"]),
        st.sampled_from([30, 100]),
    ),
    st.builds(_things, OF_THINGS, st.sampled_from(EXPANDS), st.sampled_from([1, 100])),
    st.builds(_access, st.integers(0, 10**9)),
    st.sampled_from(PLAIN),
)


@dataclass
class Secrets:
    """What was hidden, by organisation, and the ways to add to it, to change it and to take from it."""

    city: "City"
    streams: dict[str, list[int]] = field(default_factory=dict)

    def add(self, owner: str, chance: random.Random) -> None:
        """Entities of every type, some of them at what everybody sees."""
        from django.db import connection
        from django.utils import timezone

        from stadt.core.people.models import Organisation
        from stadt.hub.observations import models
        from stadt.hub.observations.append import append
        from stadt.hub.observations.batch import Batch, Reading

        city, organisation = self.city, Organisation.objects.get(key=owner)
        longitude, latitude = chance.uniform(7, 7.3), chance.uniform(51, 52)
        point = {"type": "Point", "coordinates": [longitude, latitude]}
        thing = models.Thing.objects.create(name="secret", organisation=organisation, properties={"floor": 1})
        place = models.Location.objects.create(
            name="secret", organisation=organisation, location=point, lon=longitude, lat=latitude
        )
        thing.locations.add(place)
        models.HistoricalLocation.objects.create(thing=thing).locations.add(place)
        sensor = models.Sensor.objects.create(name="secret", organisation=organisation)
        seen = models.ObservedProperty.objects.create(
            name="secret", organisation=organisation, definition="secret"
        )
        feature = models.FeatureOfInterest.objects.create(
            name="secret", organisation=organisation, feature=point
        )
        stream = models.Datastream.objects.create(
            name=chance.choice(["secret", "a", "Z"]),
            thing_id=chance.choice([city.open_thing, thing.pk]),
            sensor_id=chance.choice([city.open_sensor, sensor.pk]),
            observed_property_id=chance.choice([city.open_property, seen.pk]),
            feature_id=chance.choice([city.open_feature, feature.pk]),
            organisation=organisation,
            properties={"rank": chance.choice([-1, "x", 99])},
        )
        feature.datastreams.add(stream)
        models.DatastreamState.objects.create(datastream=stream, updated_at=timezone.now())
        start = datetime(2026, 2, 1, tzinfo=UTC)
        readings = [
            Reading(
                stream.pk,
                start + timedelta(hours=chance.randrange(-900, 900)),
                chance.choice([1e300, -1e300, 1, "secret", True]),
                feature_of_interest_id=chance.choice([city.open_feature, feature.pk]),
            )
            for _ in range(chance.choice([0, 1, 12]))
        ]
        if chance.random() < 0.3:
            readings += hide_multi(city, stream, feature.pk)
        connection.ensure_connection()
        append(connection.connection, Batch.of(readings))
        self.streams.setdefault(owner, []).append(stream.pk)

    def change(self, owner: str, chance: random.Random) -> None:
        """Other names, places and results."""
        from stadt.core.people.actor import Actor
        from stadt.hub.observations import models
        from stadt.hub.observations import services as observing

        for stream in self.streams.get(owner, [])[-2:]:
            models.Datastream.objects.filter(pk=stream).update(
                name=chance.choice(["", "zzz"]), properties={"rank": 5}
            )
            models.Thing.objects.filter(name="secret", organisation__key=owner).update(
                properties={"kind": "closed"}
            )
            found = models.Observation.objects.filter(datastream_id=stream).first()
            if found is not None:
                key = observing.ObservationKey(stream, found.phenomenon_time, found.id)
                observing.correct_observations(
                    Actor.system("test"), [observing.Correction(*key, result=chance.random())]
                )

    def remove(self, owner: str, chance: random.Random) -> None:
        """A datastream, or its first observation."""
        from stadt.core.people.actor import Actor
        from stadt.hub.observations import models
        from stadt.hub.observations import services as observing

        streams, actor = self.streams.get(owner, []), Actor.system("test")
        if not streams:
            return
        found = models.Observation.objects.filter(datastream_id=streams[0]).first()
        if found is not None and chance.random() < 0.5:
            key = observing.ObservationKey(streams[0], found.phenomenon_time, found.id)
            observing.delete_observations(actor, [key])
        else:
            observing.delete_datastreams(actor, [streams.pop(0)])


@pytest.fixture(scope="module")
def secrets(sta: "Client", city: "City") -> Secrets:
    """A third organisation, and a reader of the two others."""
    from django.utils import timezone

    from stadt.core.people.models import ApiToken, Organisation
    from stadt.core.tokens import digest_of

    above = Organisation.objects.create(key="oben", name="Oben")
    Organisation.objects.filter(key__in=["amt", "verein"]).update(parent=above)
    Organisation.objects.create(key="dritte", name="Dritte")
    sta.tokens["both"] = f"stadt_{token_urlsafe(32)}"
    ApiToken.objects.create(
        title="both",
        digest=digest_of(sta.tokens["both"]),
        hint="…",
        scopes=["observations.read"],
        organisation=above,
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert sta.get("/Things/$count", token="both") == 3
    return Secrets(city)


def whole(sta: "Client", address: str, token: str) -> list[tuple[int, bytes]]:
    """The answer, and all pages behind it."""
    found: list[tuple[int, bytes]] = []
    following = address
    while following and len(found) < MOST_PAGES:
        answer = sta.request("GET", following, token=token)
        assume(answer.status_code != 503)  # a busy machine
        found.append((answer.status_code, answer.content))
        following = answer.links.get("next", {}).get("url", "")
        if "json" in answer.headers.get("content-type", "") and answer.content[:1] == b"{":
            following = answer.json().get("@iot.nextLink", "")
    assert all(status < 500 or status == 501 for status, _ in found)
    return found


def batch(sta: "Client", addresses: list[str], token: str) -> tuple[int, bytes]:
    """The same as one batch."""
    asked = [{"id": str(n), "method": "get", "url": address[1:]} for n, address in enumerate(addresses)]
    headers = {"Prefer": "continue-on-error"}
    answer = sta.request("POST", "/$batch", token=token, json={"requests": asked}, headers=headers)
    assume(b'"status":503' not in answer.content)
    assert answer.status_code == 200
    return answer.status_code, answer.content


def check(sta: "Client", secrets: Secrets, reader: str, addresses: list[str], seed: int) -> None:
    """Ask, change what the reader may not see, and ask again."""
    assume(all(len(address) < 12_000 for address in addresses))
    chance = random.Random(seed)
    before = [whole(sta, address, reader) for address in addresses], batch(sta, addresses, reader)
    for _ in range(chance.randint(1, 3)):
        way = chance.choice([secrets.add, secrets.add, secrets.change, secrets.remove])
        owner = chance.choice(HIDDEN[reader])
        committed(lambda way=way, owner=owner: way(owner, chance))
    after = [whole(sta, address, reader) for address in addresses], batch(sta, addresses, reader)
    for address, one, other in zip(addresses, before[0], after[0], strict=True):
        assert one == other, (reader, address)
    assert before[1] == after[1], json.dumps(addresses)


CASES = given(
    reader=st.sampled_from(sorted(HIDDEN)),
    addresses=st.lists(ADDRESSES, min_size=4, max_size=4),
    seed=st.integers(0, 10**9),
)


@settings(max_examples=50, deadline=None, derandomize=True, phases=UNSHRUNK, suppress_health_check=QUIET)
@CASES
def test_what_a_reader_may_not_see_changes_no_answer(
    sta: "Client", secrets: Secrets, reader: str, addresses: list[str], seed: int
) -> None:
    check(sta, secrets, reader, addresses, seed)


@pytest.mark.soak
@settings(max_examples=500, deadline=None, phases=UNSHRUNK, suppress_health_check=QUIET)
@CASES
def test_nor_do_many_more(
    sta: "Client", secrets: Secrets, reader: str, addresses: list[str], seed: int
) -> None:
    check(sta, secrets, reader, addresses, seed)
