"""No answer, count, order, link or error depends on an entity that the reader may not see."""

import random
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.sta.conftest import City, Client

pytestmark = pytest.mark.django_db

SETS = {
    "Things": ["Locations", "HistoricalLocations", "Datastreams", "MultiDatastreams"],
    "Locations": ["Things", "HistoricalLocations"],
    "HistoricalLocations": ["Thing", "Locations"],
    "Datastreams": ["Thing", "Sensor", "ObservedProperty", "Observations"],
    "Sensors": ["Datastreams", "MultiDatastreams"],
    "ObservedProperties": ["Datastreams", "MultiDatastreams"],
    "Observations": ["Datastream", "MultiDatastream", "FeatureOfInterest"],
    "FeaturesOfInterest": ["Observations"],
    "MultiDatastreams": ["Thing", "Sensor", "ObservedProperties", "Observations"],
}
FILTERS = [
    "id gt 0", "id ge {n}", "id eq {n}", "not (id lt {n})", "name eq 'secret'", "name ne 'open thing'", "name gt 'o'",
    "properties/kind eq 'closed'", "properties/rank div 0 eq 1", "result ge 1000", "result mul result gt 1",
    "Datastream/id eq {n}", "Datastream/Thing/name eq 'closed thing'", "Thing/name ne 'open thing'",
    "MultiDatastream/id eq {n}", "MultiDatastreams/name ne 'x'", "not (MultiDatastream/id eq null)", "result[0] gt 1",
    "phenomenonTime ge 2026-03-01T00:00:00Z", "nmae eq 1", "id eq 'x'", "time lt 2030-01-01T00:00:00Z",
]  # fmt: skip
ORDERS = ["id desc", "name", "name desc,id", "result desc", "phenomenonTime desc", "properties/rank", "nmae"]


def requests(chance: random.Random, largest: int, count: int) -> list[str]:
    """Random addresses, right and wrong, many of them naming ids that hidden entities have or will have."""
    found = []
    for _ in range(count):
        name = chance.choice(sorted(SETS))
        path = f"/{name}"
        relations = SETS[name]
        if chance.random() < 0.5:
            path += f"({chance.randint(1, largest)})"
            if chance.random() < 0.6:
                path += f"/{chance.choice(relations)}"
        if chance.random() < 0.15:
            path += "/$count"
        options = []
        if chance.random() < 0.5:
            options.append("$filter=" + chance.choice(FILTERS).format(n=chance.randint(1, largest)))
        if chance.random() < 0.4:
            options.append(f"$orderby={chance.choice(ORDERS)}")
        if chance.random() < 0.4:
            relation = chance.choice(relations)
            inner = chance.choice(
                ["", "", "($top=1;$count=true)", "($filter=id gt 0;$orderby=id desc;$count=true)"]
            )
            options.append(f"$expand={relation}{inner}")
        if chance.random() < 0.5:
            options.append("$count=true")
        if chance.random() < 0.5:
            options.append(f"$top={chance.randint(0, 5)}")
        if chance.random() < 0.2:
            options.append(f"$skip={chance.randint(0, 5)}")
        found.append(path + ("?" + "&".join(options) if options else ""))
    return found


def answers(sta: "Client", addresses: list[str], token: str = "") -> list[tuple[int, bytes]]:
    found = [sta.request("GET", address, token=token) for address in addresses]
    assert all(answer.status_code < 500 or answer.status_code == 501 for answer in found)
    return [(answer.status_code, answer.content) for answer in found]


def hide(city: "City", count: int) -> None:
    """Entities of `verein` among everything that may be seen: at the same thing, sensor, property, place, feature."""
    from datetime import UTC, datetime, timedelta

    from django.db import connections
    from django.utils import timezone

    from stadt.core.people.models import Organisation
    from stadt.hub.observations import models
    from stadt.hub.observations.append import append
    from stadt.hub.observations.batch import Batch, Reading

    verein = Organisation.objects.get(key="verein")
    for number in range(count):
        thing = models.Thing.objects.create(name="secret", organisation=verein, properties={"kind": "closed"})
        thing.locations.add(models.Location.objects.create(name="secret", organisation=verein, location={}))
        models.HistoricalLocation.objects.create(thing=thing)
        models.Sensor.objects.create(name="secret", organisation=verein)
        models.ObservedProperty.objects.create(name="secret", organisation=verein, definition="secret")
        feature = models.FeatureOfInterest.objects.create(name="secret", organisation=verein, feature={})
        stream = models.Datastream.objects.create(
            name="secret", thing_id=city.open_thing if number % 2 else thing.pk, sensor_id=city.open_sensor,
            observed_property_id=city.open_property, organisation=verein, feature_id=city.open_feature,
            properties={"rank": -1}, is_public=False,
        )  # fmt: skip
        feature.datastreams.add(stream)
        models.DatastreamState.objects.create(datastream=stream, updated_at=timezone.now())
        times = [datetime(2026, 2, 1, tzinfo=UTC) + timedelta(days=days) for days in range(-40, 60, 7)]
        readings = [
            Reading(stream.pk, time, 1e300, feature_of_interest_id=city.open_feature) for time in times
        ]
        connection = connections["default"]
        connection.ensure_connection()
        append(connection.connection, Batch.of([*readings, *hide_multi(city, stream, feature.pk)]))


def hide_multi(city: "City", like: Any, feature: int) -> list[Any]:
    """A MultiDatastream of `verein` beside a datastream, observing a public property twice; its readings."""
    from datetime import UTC, datetime

    from django.db import connections
    from django.utils import timezone

    from stadt.hub.observations import models
    from stadt.hub.observations.batch import Reading

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT nextval('observations_multidatastream_id_seq')")
        (number,) = cursor.fetchone()
    stream = models.Datastream.objects.create(
        id=number, name="secret", thing_id=like.thing_id, sensor_id=like.sensor_id, organisation_id=like.organisation_id,
        feature_id=like.feature_id, unit_of_measurements=[{}, {}], multi_observation_data_types=["x", "x"],
    )  # fmt: skip
    for position in range(2):
        stream.multi_properties.create(position=position, observed_property_id=city.open_property)
    models.DatastreamState.objects.create(datastream=stream, updated_at=timezone.now())
    times = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3)]
    return [Reading(number, time, [1e300, 5], feature_of_interest_id=feature) for time in times]


def test_hidden_entities_change_no_answer(sta: "Client", city: "City", django_db_blocker: Any) -> None:
    """The same 300 requests before and after entities were added that the readers may not see, byte for byte."""
    addresses = requests(random.Random(4711), largest=city.other_observation + 20, count=300)
    public, inside = answers(sta, addresses), answers(sta, addresses, "reader")
    assert len({body for _, body in public}) > 60
    committed(lambda: hide(city, 6))
    assert answers(sta, addresses) == public
    assert answers(sta, addresses, "reader") == inside
    assert sta.get("/Things/$count", token="stranger") > sta.get("/Things/$count")


def committed(write: Any) -> None:
    """Write beside the test's own transaction, so that the handler's connections see it."""
    import threading

    from django.db import connection

    problems: list[BaseException] = []

    def run() -> None:
        try:
            write()
        except BaseException as problem:  # noqa: BLE001 - raised in the thread of the test
            problems.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not problems


def test_everybody_sees_what_belongs_to_public_datastreams(sta: "Client", city: "City") -> None:
    for name in SETS:
        expected = {"Observations": 250, "MultiDatastreams": 0}.get(name, 1)
        assert sta.get(f"/{name}/$count") == expected


def test_an_organisation_sees_its_own_beside_what_is_public(sta: "Client", city: "City") -> None:
    assert sta.names("/Things?$orderby=id", "reader") == ["open thing", "closed thing"]
    assert sta.get("/Observations/$count", token="reader") == 257
    assert sta.get(f"/Datastreams({city.closed_stream})/Observations/$count", token="reader") == 7


@pytest.mark.parametrize(
    "kind", ["thing", "place", "past", "stream", "sensor", "property", "feature", "observation"]
)
def test_hidden_and_absent_are_told_alike(sta: "Client", city: "City", kind: str) -> None:
    name = {
        "thing": "Things", "place": "Locations", "past": "HistoricalLocations", "stream": "Datastreams",
        "sensor": "Sensors", "property": "ObservedProperties", "feature": "FeaturesOfInterest",
        "observation": "Observations",
    }[kind]  # fmt: skip
    hidden, absent = getattr(city, f"other_{kind}"), 99_999_999
    for path in ("", f"/{SETS[name][0]}", f"/{SETS[name][0]}/$ref", "/id", "/id/$value"):
        for token in ("", "reader"):
            one = sta.request("GET", f"/{name}({hidden}){path}", token=token)
            other = sta.request("GET", f"/{name}({absent}){path}", token=token)
            assert (one.status_code, one.content) == (other.status_code, other.content) == (404, one.content)


def test_a_token_that_is_unknown_is_refused(sta: "Client", city: "City") -> None:
    assert sta.request("GET", "/Things", token="stadt_unknown").status_code == 401
    assert sta.request("GET", "/Things", headers={"Authorization": "Basic abc"}).status_code == 401


def test_a_session_reads_what_its_person_may(sta: "Client", city: "City") -> None:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from stadt.core.people.models import Membership, Organisation, Role, User

    keys: list[str] = []

    def sign_in() -> None:
        user = User.objects.create_user("sta@example.org", "long enough password")
        role, _ = Role.objects.get_or_create(
            key="sta", defaults={"title": "r", "permissions": ["observations.read"]}
        )
        Membership.objects.create(user=user, organisation=Organisation.objects.get(key="amt"), role=role)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(str(session.session_key))

    committed(sign_in)
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={keys[0]}"}
    try:
        assert len(sta.request("GET", "/Things", headers=cookie).json()["value"]) == 2
        assert sta.request("POST", "/Things", headers=cookie, json={}).status_code == 401
        wrong = {"Cookie": f"{settings.SESSION_COOKIE_NAME}=wrong"}
        assert len(sta.request("GET", "/Things", headers=wrong).json()["value"]) == 1
    finally:
        committed(lambda: User.objects.filter(email="sta@example.org").delete())
