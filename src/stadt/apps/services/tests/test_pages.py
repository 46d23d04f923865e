"""The pages of services."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_the_overview_shows_its_title(client: Client) -> None:
    answer = client.get("/dienste/")
    assert answer.status_code == 200
    assert "Dienste der Stadt" in answer.content.decode()


@pytest.mark.django_db
def test_the_overview_speaks_english_too(client: Client) -> None:
    answer = client.get("/dienste/", headers={"accept-language": "en"})
    assert "City services" in answer.content.decode()
