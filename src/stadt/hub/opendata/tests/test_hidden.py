"""Nothing of a dataset that is not public shows: not one byte of any answer depends on what stays inside."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.hub.datasets.declaration import Access, Dataset, Theme
from stadt.hub.datasets.models import Part, Snapshot
from stadt.hub.opendata.services import remember_listings
from stadt.hub.opendata.tests.conftest import CONTAINERS, READINGS, declare, note_snapshot, redeclare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

ADDRESSES = (
    "/catalog.ttl",
    "/catalog.rdf?profile=dcatap.de-2.0",
    "/catalog.jsonld?modified_since=2026-01-01",
    "/daten/",
    "/daten/?q=probe&sortierung=neueste",
    "/daten/?q=prope",
    "/daten/feed.atom",
    "/api/3/action/package_list",
    "/api/3/action/package_search?q=probe&facet.field=%5B%22tags%22,%22organization%22,%22groups%22,%22res_format%22%5D",
    "/api/3/action/package_search?fq=-tags:x&sort=title+asc",
    "/api/3/action/current_package_list_with_resources",
    "/api/3/action/organization_list?all_fields=true",
    "/api/3/action/group_list?all_fields=true",
    "/api/3/action/tag_list",
    "/api/3/action/package_autocomplete?q=probe",
    "/api/3/action/format_autocomplete?q=c",
)
# A page's own secrets, new at each request.
VARYING = re.compile(rb'(nonce|value|content)="[A-Za-z0-9_/+=-]{20,}"')
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20)
HIDDEN = st.builds(
    lambda noun, title, words, theme, access: replace(
        CONTAINERS,
        key=f"probe.{noun}",
        title=title,
        keywords=tuple(words),
        theme=theme,
        access=access,
        publisher=title,
    ),
    st.from_regex(r"a[a-z0-9_]{2,10}", fullmatch=True),
    WORDS,
    st.lists(WORDS, max_size=3),
    st.sampled_from(Theme),
    st.sampled_from([Access.RESTRICTED, Access.NON_PUBLIC]),
)


def answers(client: Client) -> dict[str, tuple[bytes, str, str]]:
    found = {}
    for address in ADDRESSES:
        answer = client.get(address)
        assert answer.status_code == 200
        content = VARYING.sub(b"", answer.content)
        found[address] = (content, answer.get("ETag", ""), answer.get("Last-Modified", ""))
    return found


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hidden=st.lists(HIDDEN, min_size=1, max_size=4, unique_by=lambda dataset: dataset.key))
def test_hidden_datasets_change_not_one_byte(client: Client, hidden: list[Dataset]) -> None:
    redeclare(CONTAINERS, READINGS)
    remember_listings()
    before = answers(client)
    declare(CONTAINERS, *hidden, READINGS)
    for dataset in hidden:
        note_snapshot(dataset)
    after = answers(client)
    for address, told in before.items():
        assert after[address] == told, address
    remember_listings()
    assert answers(client) == before
    for dataset in hidden:
        assert client.get(f"/dataset/{dataset.key}.ttl").status_code == 404
        assert client.get("/api/3/action/package_show", {"id": dataset.key}).status_code == 404
    Snapshot.objects.filter(dataset__in=[dataset.key for dataset in hidden]).delete()
    Part.objects.filter(dataset__in=[dataset.key for dataset in hidden]).delete()
