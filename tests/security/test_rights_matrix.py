"""Every page and every mount for every kind of visitor, from the registry: a new one is tested without being told."""

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from stadt.core.manifest import ACCOUNT, Audience, Permission
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.core.tokens import MANAGE_TOKENS, issue_token

PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
EXAMPLES = {"int": "1", "uuid": "6c84fb90-12c4-11e1-840d-7b25c5ee775a"}
WRITING = ("POST", "PUT", "PATCH", "DELETE")

# What a mount answers to whoever has no right there: reading, and writing.
OPEN = {200, 302, 404, 405}
CLOSED = {401, 403, 404, 405, 501}
READERS = {
    "/static/": OPEN,
    "/files/": OPEN,
    "/health/": OPEN,
    "/sta/": OPEN,
    "/open311/": OPEN,
    "/metrics": CLOSED,
    "/ingest/": CLOSED,
    "/daten/werkstatt/hochladen/": OPEN,
    "/api/v1/publishing/": CLOSED,
}
ADDRESSES = {
    "/static/": "/static/stadt.css",
    "/files/": "/files/waste.containers/latest/waste.containers.csv",
    "/health/": "/health/live",
    "/sta/": "/sta/v1.1/Things",
    "/open311/": "/open311/v2/requests.json",
    "/metrics": "/metrics",
    "/ingest/": "/ingest/tts/rathaus",
    "/daten/werkstatt/hochladen/": "/daten/werkstatt/hochladen/",
    "/api/v1/publishing/": "/api/v1/publishing/datasets/a.b/deliveries/1",
}


# CKAN's clients ask by POST; none of these addresses writes anything (`stadt.hub.opendata` has no verb but its job's).
READ_BY_POST = {"opendata:action", "opendata:action-3"}
# Ends a subscription for a mail program, which has no cookie; the secret in the address is what it may do.
WITHOUT_COOKIE = {"civic_messages:one_click"}
# An answer in JSON that names what is missing in the question.
ASKED_BY_SCRIPTS = {"issues:place"}


def example(prefix: str, path: str) -> str:
    whole = f"/{prefix}/{path}" if prefix else f"/{path}"
    return PARAMETER.sub(lambda match: EXAMPLES.get(match[1] or "str", "x"), whole)


PAGES = [(page, example(registry.apps[page.app].manifest.path, page.page.path)) for page in registry.pages]
GUARDED = [(item, address) for item, address in PAGES if isinstance(item.page.permission, Permission)]
OPEN_PAGES = [(item, address) for item, address in PAGES if isinstance(item.page.permission, Audience)]


def is_sign_in(answer: object) -> bool:
    return getattr(answer, "status_code", 0) == 302 and "/konto/login/" in answer["Location"]  # type: ignore[index]


def test_there_are_pages_of_both_kinds() -> None:
    assert len(GUARDED) > 10
    assert len(OPEN_PAGES) > 20


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("item", "address"), GUARDED, ids=[item.url_name for item, _ in GUARDED])
def test_a_guarded_page_opens_only_to_its_permission(
    visitors: dict[str, Client], item: object, address: str, method: str
) -> None:
    assert is_sign_in(getattr(visitors["anonymous"], method)(address))
    assert getattr(visitors["nobody"], method)(address).status_code == 403
    allowed = getattr(visitors["operator"], method)(address)
    assert allowed.status_code not in {401, 403, 500}
    assert not is_sign_in(allowed)


@pytest.mark.parametrize("visitor", ["anonymous", "nobody", "operator"])
@pytest.mark.parametrize(("item", "address"), OPEN_PAGES, ids=[item.url_name for item, _ in OPEN_PAGES])
def test_an_open_page_opens_to_everybody(
    visitors: dict[str, Client], item: object, address: str, visitor: str
) -> None:
    answer = visitors[visitor].get(address)
    needs_account = item.page.permission is ACCOUNT  # type: ignore[attr-defined]
    expected = {200, 302, 403, 404} if needs_account else {200, 302, 404}
    if item.url_name in ASKED_BY_SCRIPTS:  # type: ignore[attr-defined]
        expected = {422}
    assert answer.status_code in expected, answer.status_code
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    if visitor == "anonymous" and not address.startswith("/konto/"):
        assert is_sign_in(answer) is needs_account


@pytest.mark.parametrize(
    "address", [address for item, address in PAGES if item.url_name not in READ_BY_POST | WITHOUT_COOKIE]
)
def test_no_page_takes_a_form_without_its_protection_token(db: None, address: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(address, {"title": "x"})
    assert answer.status_code in {403, 405}, answer.status_code


def test_no_page_is_exempt_from_the_protection_of_forms() -> None:
    """The interface below /api/v1/ is, and takes no session there: see the next test."""

    def views(resolver: URLResolver, prefix: str) -> list[tuple[str, object]]:
        found: list[tuple[str, object]] = []
        for entry in resolver.url_patterns:
            path = prefix + str(entry.pattern)
            found += views(entry, path) if isinstance(entry, URLResolver) else [(path, entry)]
        return found

    exempt = [
        path
        for path, entry in views(get_resolver(), "")
        if isinstance(entry, URLPattern) and getattr(entry.callback, "csrf_exempt", False)
    ]
    # An identity provider's form comes from another site; it is kept until the browser asks with its own session.
    allowed = {"konto/saml/<slug:organization_slug>/acs/", "api/action/<str:name>", "api/3/action/<str:name>"}
    allowed.add("postfach/abo/<str:secret>/ende/")  # see `WITHOUT_COOKIE`
    assert {path for path in exempt if not path.startswith("api/v1/")} <= allowed


def test_a_session_writes_nothing_through_the_interface(visitors: dict[str, Client]) -> None:
    written = visitors["operator"].post("/api/v1/datasets")
    assert written.wsgi_request.actor.kind == "anonymous"  # type: ignore[attr-defined]
    read = visitors["operator"].get("/api/v1/datasets")
    assert read.wsgi_request.actor.kind == "user"  # type: ignore[attr-defined]


def test_every_mount_has_its_row_here() -> None:
    assert {mount.prefix for mount in registry.mounts} == set(READERS) == set(ADDRESSES)


def token_without_rights_there() -> str:
    expires_at = timezone.now() + timedelta(days=1)
    return issue_token(Actor.system("test"), "Test", (MANAGE_TOKENS,), expires_at=expires_at)[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["anonymous", "unknown token", "token without rights"])
@pytest.mark.parametrize("prefix", sorted(READERS))
def test_a_mount_gives_strangers_what_is_open_and_lets_nobody_write(
    ask: Callable[..., httpx.Response], prefix: str, who: str
) -> None:
    secrets = {
        "unknown token": lambda: "stadt_" + "x" * 43,
        "token without rights": token_without_rights_there,
    }
    headers = {"Authorization": f"Bearer {secrets[who]()}"} if who in secrets else {}
    reading = ask("GET", ADDRESSES[prefix], peer="192.0.2.7", headers=headers)
    assert reading.status_code in READERS[prefix] | {401}
    for method in WRITING:
        written = ask(method, ADDRESSES[prefix], peer="192.0.2.7", headers=headers, content=b"{}")
        assert written.status_code in CLOSED, (method, written.status_code)
