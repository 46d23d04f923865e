"""Files that mean harm, through the doors that clients use: told in a sentence, published nowhere, nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, TestCase
from django.utils import timezone

from stadt.apps.publishing.tests.files import csv_rows, workbook
from stadt.apps.publishing.tests.hostile import BOW_TIE, REFUSED, TABLE
from stadt.apps.publishing.tests.office import HOME, Office
from stadt.apps.publishing.tests.once import _django_db_helper, lake, office
from stadt.core.people.actor import Actor
from stadt.core.tokens import issue_token
from stadt.hub.datasets.kept import jobs
from stadt.hub.datasets.models import Delivery, Part, Snapshot
from stadt.hub.datasets.rights import KEEP
from stadt.hub.opendata.index.refresh import refresh_entry
from stadt.hub.opendata.models import CatalogueEntry

__all__ = ["_django_db_helper", "lake", "office"]
pytestmark = pytest.mark.django_db

KEY = "statistik.haushalte-nach-stadtteilen"


@dataclass
class City:
    """An office with one published dataset and a token, and what the public and the lake held at first."""

    office: Office
    headers: dict[str, str]
    lake: Path

    def __post_init__(self) -> None:
        self.before, self.files_before = self.public(), self.files()

    def public(self) -> tuple[Any, ...]:
        """All that anybody sees of datasets, and all that is published."""
        stranger = Client()
        page = stranger.get(f"/daten/{KEY}/")
        assert page.status_code == 200
        return (
            re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode()),
            stranger.get(f"/api/v1/datasets/{KEY}").json(),
            list(Snapshot.objects.values("dataset", "number")),
            list(Part.objects.values_list("pk", flat=True)),
            sorted(CatalogueEntry.objects.values_list("key", flat=True)),
        )

    def files(self) -> set[str]:
        """Everything in the lake, folders of work in progress too."""
        found = (path for path in self.lake.rglob("*") if path.is_file() or path.name.startswith("intake-"))
        return {str(path.relative_to(self.lake)) for path in found} - {"lock"}

    def by_script(self, filename: str, content: bytes) -> tuple[int, dict[str, Any]]:
        """Send a file as the next delivery, with the token; what is told once the worker is done."""
        where = f"/api/v1/publishing/datasets/{KEY}/deliveries"
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = Client(headers=self.headers).post(
                f"{where}?filename={filename}", content, content_type="application/octet-stream"
            )
        if answer.status_code != 201:
            return answer.status_code, answer.json()
        work()
        return 201, Client(headers=self.headers).get(f"{where}/{answer.json()['number']}").json()

    def by_form(self, filename: str, content: bytes) -> tuple[int, str]:
        """Begin a dataset with a file by the form; its page once the worker is done."""
        sent = {
            "file": SimpleUploadedFile(filename, content),
            "organisation": self.office.organisation.pk,
            "title": "Neu",
        }
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = self.office.keeper.client.post(f"{HOME}hochladen/", sent)
        if answer.status_code != 302:
            return answer.status_code, answer.content.decode()
        work()
        page = self.office.keeper.client.get(answer["Location"])
        return page.status_code, page.content.decode()


def work() -> Delivery:
    """What the worker does with the newest delivery: the jobs themselves, over the real reading process."""
    pk = Delivery.objects.latest("pk").pk
    with TestCase.captureOnCommitCallbacks(execute=True):
        jobs.read_delivery(delivery_id=pk)
        if Delivery.objects.get(pk=pk).state == "read":
            jobs.prepare_delivery(delivery_id=pk)
    return Delivery.objects.get(pk=pk)


@pytest.fixture(scope="module")
def published(office: Office, lake: Path) -> City:
    """The city."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        office.published()
    refresh_entry(KEY)
    end = timezone.now() + timedelta(days=1)
    token = issue_token(
        Actor.system("test"), "Skript", [KEEP], expires_at=end, organisation=office.organisation
    )
    return City(office, {"Authorization": f"Bearer {token[1]}"}, lake)


@pytest.fixture
def city(published: City) -> Iterator[City]:
    """The city as it was before each file; what the public sees is to be the same after it."""
    with transaction.atomic():
        yield published
        assert published.public() == published.before
        transaction.set_rollback(True)
    for name in published.files() - published.files_before:
        (published.lake / name).unlink()


def kept_files() -> set[str]:
    """What retention keeps: the files as they were delivered, and nothing made of them."""
    return {f"deliveries/{path}" for path in Delivery.objects.values_list("original", flat=True) if path}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_at_every_door_and_leaves_nothing(city: City, name: str) -> None:
    file, before = REFUSED[name], city.files_before
    status, told = city.by_script(file.filename, file.content)
    assert (status, told["state"], told["row_count"]) == (201, "refused", None)
    assert any(file.sentence in sentence for sentence in told["problems"]), told["problems"]
    status, page = city.by_form(file.filename, file.content)
    assert status == 200
    assert "Die Datei ließ sich nicht lesen" in page
    assert file.sentence in page
    assert city.files() - before == kept_files() - before
    assert not Delivery.objects.filter(state="refused").exclude(prepared="")


def test_an_empty_file_is_refused_before_it_is_kept(city: City) -> None:
    count = Delivery.objects.count()
    status, told = city.by_script("leer.csv", b"")
    assert (status, told["detail"]) == (422, "Die Datei ist leer.")
    status, page = city.by_form("leer.csv", b"")
    assert status == 422
    assert "Die Datei ist leer." in page
    assert (city.files(), Delivery.objects.count()) == (city.files_before, count)


def test_an_invalid_geometry_is_repaired_and_told(city: City) -> None:
    status, page = city.by_form("park.geojson", BOW_TIE)
    assert (status, Delivery.objects.latest("pk").state) == (200, "prepared")
    assert "1 ungültige Geometrie wurde repariert, in Zeile 1." in page


@pytest.mark.parametrize(
    ("filename", "content", "kind"),
    [("haushalte.xlsx", TABLE, "CSV"), ("haushalte.csv", workbook([("a", "b"), (1, 2), (3, 4)]), "Excel")],
)
def test_a_wrong_ending_is_told_and_the_content_read(
    city: City, filename: str, content: bytes, kind: str
) -> None:
    status, page = city.by_form(filename, content)
    assert (status, Delivery.objects.latest("pk").state) == (200, "prepared")
    assert f"Die Datei heißt „{filename}“, ist dem Inhalt nach aber {kind}." in page


def test_numbers_that_json_cannot_hold_break_nothing(city: City) -> None:
    status, _ = city.by_form("werte.json", b'[{"a": 1.5}, {"a": 1e999}, {"a": NaN}]')
    assert (status, Delivery.objects.latest("pk").state) == (200, "prepared")


def test_after_a_refused_file_the_next_good_one_is_taken(city: City) -> None:
    city.by_script("bericht.csv", REFUSED["pdf"].content)
    assert city.by_script("haushalte.csv", csv_rows())[1]["state"] == "prepared"
    assert city.files() >= kept_files()
    assert Delivery.objects.filter(state="superseded").exclude(original="").count() == 0
