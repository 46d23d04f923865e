"""Every page for everybody: what somebody may not know of is not there, what may not be done is refused."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from stadt.apps.publishing.tests.files import csv_rows
from stadt.apps.publishing.tests.office import HOME, Office
from stadt.core.people.actor import Actor
from stadt.core.registry import registry
from stadt.core.tokens import issue_token
from stadt.hub.datasets.kept.states import State
from stadt.hub.datasets.models import Delivery, KeptDataset
from stadt.hub.datasets.rights import APPROVE, KEEP

PAGES = [page for page in registry.pages if page.app == "publishing"]


def address(pattern: str, key: str) -> str:
    return "/" + pattern.replace("<str:key>", key).replace("<int:number>", "1").rstrip("/") + "/"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.page.name)
def test_a_page_opens_to_those_of_the_office_and_hides_from_others(office: Office, page: object) -> None:
    kept = office.bare()
    where = address(page.path, kept.key)  # type: ignore[attr-defined]
    is_for_keepers = page.page.permission is KEEP  # type: ignore[attr-defined]
    is_of_one = kept.key in where
    assert "/konto/login/" in Client().get(where)["Location"]
    assert office.nobody.client.get(where).status_code == 403
    assert office.stranger.client.get(where).status_code == (404 if is_of_one else 200)
    assert office.keeper.client.get(where).status_code == (200 if is_for_keepers else 403)
    assert office.approver.client.get(where).status_code == (403 if is_for_keepers else 200)


@pytest.mark.parametrize(
    "page", [one for one in PAGES if "<str:key>" in one.path], ids=lambda one: one.page.name
)
def test_a_stranger_changes_nothing(office: Office, page: object) -> None:
    kept = office.bare()
    before = list(KeptDataset.objects.values()), list(Delivery.objects.values())
    where = address(page.path, kept.key)  # type: ignore[attr-defined]
    for do in ("approve", "return", "accept", "again", ""):
        sent = {"do": do, "revision": kept.revision, "reason": "x", "title": "x", "access": "public"}
        assert office.stranger.client.post(where, sent).status_code in {404, 405}
    assert (list(KeptDataset.objects.values()), list(Delivery.objects.values())) == before


def test_lists_tell_nothing_of_other_offices(office: Office) -> None:
    kept = office.bare()
    for where in (HOME, f"{HOME}freigaben/"):
        assert kept.title not in office.stranger.client.get(where).content.decode()


def test_nobody_uploads_for_another_office(office: Office) -> None:
    answer = office.upload(csv_rows(), organisation=office.elsewhere.pk)
    assert answer.status_code == 422
    assert not KeptDataset.objects.exists()


def secret(office: Office, *scopes: object, elsewhere: bool = False) -> dict[str, str]:
    owner = office.elsewhere if elsewhere else office.organisation
    end = timezone.now() + timedelta(days=1)
    made = issue_token(Actor.system("test"), "Skript", scopes, expires_at=end, organisation=owner)  # type: ignore[arg-type]
    return {"Authorization": f"Bearer {made[1]}"}


def send(key: str, headers: dict[str, str], kind: str = "application/octet-stream") -> object:
    where = f"/api/v1/publishing/datasets/{key}/deliveries?filename=haushalte.csv"
    return Client().post(where, csv_rows(), content_type=kind, headers=headers)


def test_a_script_delivers_with_a_token_and_asks_how_far_it_is(office: Office) -> None:
    kept = office.bare(state=State.PUBLISHED)
    headers = secret(office, KEEP)
    answer = send(kept.key, headers)
    assert answer.status_code == 201  # type: ignore[attr-defined]
    told = answer.json()  # type: ignore[attr-defined]
    assert (told["number"], told["size_bytes"]) == (2, len(csv_rows()))
    asked = Client().get(f"/api/v1/publishing/datasets/{kept.key}/deliveries/2", headers=headers).json()
    assert (asked["state"], asked["step"], asked["has_other_columns"]) == ("received", "reading", False)


def test_a_script_without_the_right_there_is_refused(office: Office) -> None:
    kept = office.bare(state=State.PUBLISHED)
    count = Delivery.objects.count()
    assert send(kept.key, {}).status_code == 401  # type: ignore[attr-defined]
    assert send(kept.key, secret(office, KEEP, elsewhere=True)).status_code == 404  # type: ignore[attr-defined]
    assert send(kept.key, secret(office, APPROVE)).status_code in {403, 404}  # type: ignore[attr-defined]
    assert send("statistik.gibt-es-nicht", secret(office, KEEP)).status_code == 404  # type: ignore[attr-defined]
    assert Delivery.objects.count() == count


def test_a_form_is_no_file(office: Office) -> None:
    kept = office.bare(state=State.PUBLISHED)
    answer = send(kept.key, secret(office, KEEP), "application/x-www-form-urlencoded")
    assert answer.status_code == 422  # type: ignore[attr-defined]
