"""The start page tells what the city knows, also when it knows nothing yet."""

import pytest
from django.test import Client

from stadt.core.city import current


@pytest.mark.django_db
def test_an_empty_city_has_a_start_page_with_doors() -> None:
    answer = Client().get("/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"{current().name} jetzt" in page
    assert 'href="/strategie/"' in page
    assert 'href="/daten/"' in page
    assert 'href="/karte/"' in page


@pytest.mark.django_db
def test_the_start_page_speaks_english_when_asked() -> None:
    page = Client().get("/", headers={"Accept-Language": "en"}).content.decode()
    assert f"{current().name} now" in page


@pytest.mark.django_db
def test_the_start_page_only_reads() -> None:
    assert Client().post("/").status_code == 405
