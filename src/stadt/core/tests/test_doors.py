"""The audit knows through which door a write came, and from which network, never from which address."""

import pytest
from django.http import HttpRequest

from stadt.core.audit import record
from stadt.core.doors import Door, client_address, entering, find_entrance, network_of
from stadt.core.people.access import ActorMiddleware
from stadt.core.people.actor import Actor
from stadt.core.people.models import AuditEntry


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48"),
        ("", ""),
        ("rathaus", ""),
    ],
)
def test_an_address_is_kept_as_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_header_is_believed_only_behind_a_proxy() -> None:
    assert client_address("203.0.113.9", "10.0.0.1", is_secure=False) == "203.0.113.9"
    assert client_address("127.0.0.1", "10.0.0.1, 198.51.100.4", is_secure=False) == "198.51.100.4"
    assert client_address("10.1.1.1", "198.51.100.4", is_secure=True) == "198.51.100.4"
    assert client_address("203.0.113.9", "", is_secure=True) == "203.0.113.9"


@pytest.mark.django_db
def test_a_write_keeps_door_network_and_request() -> None:
    with entering(Door.SENSORTHINGS, "192.0.2.77", "abc12345"):
        record(Actor.anonymous(), "x", "thing:1")
    kept = AuditEntry.objects.get()
    assert (kept.door, kept.network, kept.origin) == ("sensorthings", "192.0.2.0/24", "abc12345")
    assert find_entrance() is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "door"),
    [("job:waste.predict", "job"), ("command:admin", "command"), ("demo", "command"), ("test", "inside")],
)
def test_the_system_says_itself_how_it_came(part: str, door: str) -> None:
    record(Actor.system(part), "x", "thing:1")
    assert (AuditEntry.objects.get().door, AuditEntry.objects.get().network) == (door, "")


@pytest.mark.parametrize(
    ("path", "door"), [("/daten/", "page"), ("/api/v1/datasets", "api"), ("/einrichten/x/", "set-up")]
)
def test_an_address_of_django_leads_through_its_door(path: str, door: str) -> None:
    seen = []

    def view(request: HttpRequest) -> None:
        seen.append(find_entrance())

    request = HttpRequest()
    request.path, request.method, request.META = path, "GET", {"REMOTE_ADDR": "192.0.2.77"}
    request.user = None  # type: ignore[assignment]
    ActorMiddleware(view)(request)  # type: ignore[arg-type]
    assert seen[0] is not None
    assert (seen[0].door, seen[0].client) == (door, "192.0.2.77")
    assert find_entrance() is None
