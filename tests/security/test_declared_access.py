"""Every address says who may use it; one that does not is found, and what is said is true."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import get_urlconf, path
from ninja.operation import PathView

from stadt.config import urls
from stadt.config.addresses import DECLARED, all_addresses
from stadt.core.errors import SignInNeeded
from stadt.core.manifest import ACCOUNT, EVERYBODY, LINK, Audience, Manifest, Mount, Page, Permission, Router
from stadt.core.people.access import guard
from stadt.core.people.actor import Actor
from stadt.core.registry import Registry, RegistryError, registry

SAFE = {"GET", "HEAD", "OPTIONS"}
NAMED = sorted(name for name, access in DECLARED.items() if access is ACCOUNT)


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


class SeededUrls:
    """The tree of addresses with one more that nobody declared."""

    urlpatterns = [*urls.urlpatterns, path("geheim/", nothing, name="forgotten")]


def test_every_address_is_declared() -> None:
    assert [address.pattern for address in all_addresses() if not address.is_declared] == []


@override_settings(ROOT_URLCONF=SeededUrls)
def test_an_address_that_nobody_declared_is_found() -> None:
    assert get_urlconf() is None
    assert [address.pattern for address in all_addresses() if not address.is_declared] == ["geheim/"]


def test_nothing_is_declared_that_does_not_exist() -> None:
    found = {address.name for address in all_addresses()}
    assert set(DECLARED) - found == set()


@pytest.mark.parametrize(
    ("kind", "given"), [(Page, ("x", "x", nothing)), (Mount, ("x", nothing)), (Router, ("x", dict))]
)
def test_nothing_can_be_plugged_in_without_saying_who_it_is_for(
    kind: Callable[..., object], given: tuple[object, ...]
) -> None:
    with pytest.raises(TypeError, match="required keyword-only"):
        kind(*given)


@pytest.mark.parametrize(
    "manifest",
    [
        Manifest(pages=(Page("p", "p", nothing, permission=Permission("x.y", "X")),)),
        Manifest(mounts=(Mount("/x/", nothing, reading=None, writing=Permission("x.y", "X")),)),  # type: ignore[arg-type]
        Manifest(routers=(Router("x", dict, reading=Permission("x.y", "X"), writing=None),)),
    ],
)
def test_a_permission_that_nobody_declares_stops_the_start(manifest: Manifest) -> None:
    one = Registry()
    one.add(label="x", name="x", title="X", uses=(), manifest=manifest)
    with pytest.raises(RegistryError, match=r"x\.y"):
        one.seal()


@pytest.mark.parametrize("router", registry.routers, ids=lambda router: router.prefix)
def test_an_interface_has_only_the_methods_it_declares(router: Router) -> None:
    views: list[PathView] = list(router.load().path_operations.values())
    methods = {method for view in views for operation in view.operations for method in operation.methods}
    assert (router.reading is not None) == bool(methods & SAFE)
    assert (router.writing is not None) == bool(methods - SAFE)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMED)
def test_what_is_for_accounts_sends_strangers_to_sign_in(name: str) -> None:
    address = next(f"/{found.pattern}" for found in all_addresses() if found.name == name)
    address = re.sub(r"<int:\w+>", "1", address)
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/login/")


@pytest.mark.django_db
def test_a_page_for_accounts_opens_to_any_account_and_to_no_stranger() -> None:
    page = Page("p", "p/", nothing, permission=ACCOUNT)
    request = HttpRequest()
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.actor = Actor.anonymous()  # type: ignore[attr-defined]
    assert guard(page)(request).status_code == 302
    request.actor = Actor(kind="user", identifier="1")  # type: ignore[attr-defined]
    assert guard(page)(request).status_code == 200


@pytest.mark.parametrize("audience", [EVERYBODY, LINK])
def test_an_open_page_asks_for_nothing(audience: Audience) -> None:
    assert guard(Page("p", "p/", nothing, permission=audience)) is nothing


def test_a_permission_is_demanded_of_strangers_too() -> None:
    with pytest.raises(SignInNeeded):
        Actor.anonymous().require(Permission("x.y", "X"))
