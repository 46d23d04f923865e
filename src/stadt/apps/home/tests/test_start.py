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
    assert "Noch meldet kein Sensor" in page
    assert 'href="/strategie/"' in page
    assert 'href="/daten/"' in page
    assert 'href="/karte/"' in page


@pytest.mark.django_db
def test_the_doors_say_in_sentences_what_lies_behind_them() -> None:
    page = Client().get("/").content.decode()
    assert "Noch ist kein Datensatz veröffentlicht." in page
    assert "Jede Zahl lässt sich bis zu ihren Messwerten zurückverfolgen." in page
    assert "Alles auf einer großen Karte: Umweltmessstationen" in page
    assert "Was die Stadt sich vorgenommen hat:" in page


@pytest.mark.django_db
def test_the_start_page_speaks_english_when_asked() -> None:
    page = Client().get("/", headers={"Accept-Language": "en"}).content.decode()
    assert f"{current().name} now" in page


@pytest.mark.django_db
def test_the_start_page_only_reads() -> None:
    assert Client().post("/").status_code == 405
