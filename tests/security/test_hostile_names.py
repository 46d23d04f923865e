"""Names that others choose stay text: in pages, lists beside maps, tables, JSON and the log of who did what."""

import asyncio
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadt.core.database.pool import close_async_pool
from stadt.core.tokens import find_actor_async, issue_token
from stadt.hub.ingest.services import (
    DeviceDraft,
    ProfileDraft,
    RowDraft,
    add_device,
    create_profile,
    create_source,
)
from stadt.hub.ingest.tests.city import OPERATOR, organisation
from stadt.hub.observations.rights import READ

HOSTILE = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"


@pytest.mark.parametrize("language", ["de", "en"])
def test_names_of_devices_and_profiles_are_escaped_wherever_they_stand(
    visitors: dict[str, Client], language: str
) -> None:
    row = RowDraft("fill_level", "fill-level", HOSTILE, "%")
    profile = create_profile(
        OPERATOR,
        ProfileDraft(
            key="fill",
            title=HOSTILE[:60],
            category="container",
            rows=[row],
            description=HOSTILE,
            is_public=True,
        ),
    )
    source = create_source(
        OPERATOR, slug="rathaus", title=HOSTILE, organisation=organisation(), default_profile=profile
    )
    draft = DeviceDraft(device_id="a-1", title=HOSTILE, profile=profile, lon=7.1, lat=51.5)
    device = add_device(OPERATOR, source, draft)
    client = visitors["operator"]
    client.cookies["django_language"] = language
    paths = ("", "rathaus/", "rathaus/geraete/", f"rathaus/geraete/{device.pk}/", "profile/", "profile/fill/")
    seen = 0
    for path in paths:
        answer = client.get(f"/betrieb/quellen/{path}")
        assert answer.status_code == 200, path
        text = answer.content.decode()
        assert "<img src=x" not in text, path
        assert "<script>alert" not in text, path
        seen += text.count("&lt;img src=x")
    assert seen >= len(paths)


@pytest.mark.django_db(transaction=True)
def test_what_a_token_does_is_recorded_with_the_request_it_did_it_in() -> None:
    expires_at = timezone.now() + timedelta(days=1)
    _, secret = issue_token(OPERATOR, "x", (READ,), expires_at=expires_at, organisation=organisation())

    async def origins() -> list[str]:
        try:
            found = [await find_actor_async(secret, origin) for origin in ("first", "second")]
        finally:
            await close_async_pool()
        return [actor.origin for actor in found if actor]

    assert asyncio.run(origins()) == ["first", "second"]
