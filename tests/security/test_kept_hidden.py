"""A kept dataset that is not for everybody is seen through no door: its key answers as one that never was.

The addresses come from the application itself, so that a new one is tested without being told.
"""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from stadt.core.registry import registry
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.tests.conftest import office
from stadt.hub.datasets.kept.tests.office import Office, kept_now
from stadt.hub.datasets.tests.lake import lake, lake_folder

__all__ = ["lake", "lake_folder", "office"]

pytestmark = pytest.mark.django_db

KEY, UNKNOWN = "verborgen.eichen", "verborgen.buchen"
WORD = "Geheimeiche"
CARD = {
    "key": KEY,
    "title": WORD,
    "description": f"{WORD} an der Straße",
    "keywords": [WORD],
    "publisher": f"Amt für {WORD}n",
    "contact": f"{WORD.lower()}@example.org",
    "sample": f"{WORD.lower()}/baum",
}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# CKAN names what it wants in the query, and its name for a package and a resource is made of the key.
BY_QUERY = (
    "/api/3/action/package_show?id={key}",
    "/api/3/action/package_show?id={name}",
    "/api/3/action/resource_show?id={key}",
    "/api/3/action/resource_show?id={key}.csv",
    "/api/3/action/datastore_search?resource_id={key}",
    "/api/3/action/datastore_info?id={key}",
    "/files/{key}/latest/{key}.csv",
    "/files/{key}/1/{key}.csv",
    "/files/{key}/1/{key}.parquet",
    "/api/v1/datasets/{key}/rows?number=1",
)
SEARCHES = (
    f"/suche?q={WORD}",
    f"/daten/?q={WORD}",
    f"/daten/?suche={WORD}",
    f"/api/3/action/package_search?q={WORD}",
    "/api/3/action/package_search?rows=1000",
    "/api/3/action/package_search?include_drafts=true&include_private=true&rows=1000",
    f"/api/3/action/package_autocomplete?q={WORD}",
    f"/api/3/action/resource_search?query=name:{WORD}",
    f"/api/3/action/tag_list?query={WORD}",
    "/api/3/action/current_package_list_with_resources",
    "/api/3/action/organization_list?all_fields=true",
    "/sitemap.xml",
    "/metrics",
)


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path
        elif isinstance(entry, URLResolver):
            yield from patterns(entry, path)


PATHS = sorted(
    {path for path in patterns(get_resolver()) if "^" not in path and not path.startswith("konto/")}
)
KEYED = [f"/{path}" for path in PATHS if re.search(r"<(str:)?\w+>", path)]
PLAIN = [f"/{path}" for path in PATHS if "<" not in path]


def addresses_of(key: str) -> list[str]:
    """Every address that takes a key, for this one."""
    keyed = [PARAMETER.sub(lambda match: key if match[1] in {"key", "name"} else "1", path) for path in KEYED]
    return keyed + [path.format(key=key, name=key.replace(".", "-", 1)) for path in BY_QUERY]


def start(office: Office, **more: str) -> None:
    services.start_dataset(
        office.keeper, office.organisation.pk, {**CARD, "theme": "ENVI", "licence": "CC_ZERO", **more}
    )


def deliver(office: Office, **more: str) -> None:
    start(office, **more)
    office.deliver(f"id;word\nb1;{WORD}\n".encode(), KEY)


def submit(office: Office, **more: str) -> None:
    deliver(office, **more)
    services.submit_for_review(office.keeper, KEY, kept_now(KEY).revision)


def publish_inside(office: Office, **more: str) -> None:
    deliver(office, access="internal", **more)
    office.review(KEY)


def withdraw_inside(office: Office) -> None:
    publish_inside(office)
    services.withdraw(office.keeper, KEY, "Grund")


def change_inside(office: Office) -> None:
    publish_inside(office)
    services.change_card(office.keeper, KEY, kept_now(KEY).revision, {"access": "public"})


def delete(office: Office) -> None:
    deliver(office)
    services.delete_draft(office.keeper, KEY)


def personal(office: Office) -> None:
    deliver(office, access="personal")


HIDDEN = [start, deliver, submit, publish_inside, withdraw_inside, change_inside, personal, delete]
TOLD_APART: dict[str, int] = {}
"""What each address answers for a key that never was."""

Ask = Callable[..., httpx.Response]


def answer(client: Client, ask: Ask, address: str) -> tuple[int, str]:
    """Status and text; mounts are asked as the server would."""
    if any(address.startswith(mount.prefix) for mount in registry.mounts):
        response = ask("GET", address, peer="192.0.2.7")
        return response.status_code, response.text
    found = client.get(address)
    body = b"".join(found) if found.streaming else found.content
    return found.status_code, body.decode(errors="backslashreplace")  # some are files, such as a workbook


# Files are sent by another connection, which sees what is committed only.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_a_hidden_dataset_answers_like_one_that_never_was(
    visitors: dict[str, Client], ask: Ask, office: Office, hide: Callable[[Office], None]
) -> None:
    hide(office)
    assert len(KEYED) > 10
    for address, other in zip(addresses_of(KEY), addresses_of(UNKNOWN), strict=True):
        if other not in TOLD_APART:
            TOLD_APART[other] = answer(visitors["nobody"], ask, other)[0]
        status, text = answer(visitors["nobody"], ask, address)
        assert status == TOLD_APART[other], address
        assert WORD.lower() not in text.lower(), address


@pytest.mark.parametrize(
    "hide", [submit, publish_inside, withdraw_inside, personal], ids=lambda hide: hide.__name__
)
def test_no_page_list_or_search_knows_of_a_hidden_dataset(
    visitors: dict[str, Client], ask: Ask, office: Office, hide: Callable[[Office], None]
) -> None:
    machine = [path for path in (*PLAIN, *SEARCHES) if "/api/" in path or path.startswith("/catalog")]
    before = {path: answer(visitors["anonymous"], ask, path) for path in machine}
    hide(office)
    for address in (*PLAIN, *SEARCHES):
        status, text = answer(visitors["anonymous"], ask, address)
        assert status < 500, address
        assert KEY not in text.replace(f"q={WORD}", ""), address
        if WORD not in address:  # a search repeats what was looked for
            assert WORD.lower() not in text.lower(), address
    assert {path: answer(visitors["anonymous"], ask, path) for path in machine} == before


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_dataset_tells_that_it_is_gone_and_nothing_else(
    visitors: dict[str, Client], ask: Ask, office: Office
) -> None:
    deliver(office)
    office.review(KEY)
    assert answer(visitors["anonymous"], ask, f"/api/v1/datasets/{KEY}/rows")[0] == 200
    assert answer(visitors["anonymous"], ask, f"/files/{KEY}/1/{KEY}.csv")[0] == 200
    services.withdraw(office.keeper, KEY, f"Darin standen Namen von {WORD}", "Wird neu gezählt.")
    for address in (
        f"/api/v1/datasets/{KEY}",
        f"/api/v1/datasets/{KEY}/rows",
        f"/api/v1/datasets/{KEY}/rows?number=1",
        f"/files/{KEY}/latest/{KEY}.csv",
        f"/files/{KEY}/1/{KEY}.csv",
        f"/daten/{KEY}/",
    ):
        status, text = answer(visitors["anonymous"], ask, address)
        assert status == 410, address
        assert "Namen von" not in text, address
    assert "Wird neu gezählt." in text


@pytest.mark.django_db(transaction=True)
def test_what_was_internal_before_stays_hidden_when_the_dataset_becomes_public(
    visitors: dict[str, Client], ask: Ask, office: Office
) -> None:
    publish_inside(office)
    services.change_card(office.keeper, KEY, kept_now(KEY).revision, {"access": "public", "title": "Eichen"})
    office.deliver(b"id;word\nb1;offen\n", KEY)
    office.review(KEY)
    assert answer(visitors["anonymous"], ask, f"/api/v1/datasets/{KEY}/rows?number=2")[0] == 200
    for address in (f"/api/v1/datasets/{KEY}/rows?number=1", f"/files/{KEY}/1/{KEY}.csv"):
        status, text = answer(visitors["anonymous"], ask, address)
        assert status == 410
        assert WORD not in text
