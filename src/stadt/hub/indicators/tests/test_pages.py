"""The page that explains a number: in words, by its formula, and down to readings and files."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stadt.core.people.actor import Actor
from stadt.hub.datasets.services import publish_now
from stadt.hub.indicators import services
from stadt.hub.indicators.declaration import Figure
from stadt.hub.indicators.models import IndicatorValue
from stadt.hub.indicators.search import SOURCE
from stadt.hub.indicators.tests.conftest import FULL_SHARE, NO_CONTAINERS, Probe

pytestmark = pytest.mark.django_db

PAGE = "/kennzahlen/probe.full_share/"


def read(client: Client, url: str = PAGE) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_number_is_explained_down_to_its_readings_and_the_exact_file(
    probe: Probe, actor: Actor, client: Client
) -> None:
    probe.rows[0]["observation_id"] = 4711
    publish_now(actor, "probe.containers")
    services.compute_now(actor, FULL_SHARE.key)
    page = read(client)
    assert "33,3" in page
    assert "Das entspricht 1 von 3." in page
    assert FULL_SHARE.formula in page
    assert "Volle Behälter: 1" in page
    assert "/files/probe.containers/1/probe.containers.csv" in page
    assert "/daten/probe.containers/" in page
    assert "/sta/v1.1/Observations(4711)" in page
    assert "FILTER (fill &gt;= ?)" in page
    assert "vorläufig" in page


def test_a_mean_is_told_as_a_division_and_not_as_a_share(probe: Probe, actor: Actor, client: Client) -> None:
    def mean(period: Any, place: Any, sources: Any) -> Figure:
        return Figure(25.0, numerator=100.0, denominator=4.0)

    probe.declare(replace(FULL_SHARE, unit="ug/m3", compute=mean))
    services.compute_now(actor, FULL_SHARE.key)
    page = read(client)
    assert "Gerechnet als 100 geteilt durch 4." in page
    assert "µg/m³" in page


def test_it_says_whether_it_is_simulated(probe: Probe, actor: Actor, client: Client) -> None:
    publish_now(actor, "probe.containers")
    services.compute_now(actor, FULL_SHARE.key)
    assert "simulierte Daten" not in read(client)
    probe.rows[0]["is_simulated"] = True
    publish_now(actor, "probe.containers")
    services.compute_now(actor, FULL_SHARE.key)
    page = read(client)
    assert "simulierte Daten" in page
    assert "Simulierte Zeilen: 1" in page


def test_no_value_is_told_with_its_reason_and_is_not_zero(probe: Probe, actor: Actor, client: Client) -> None:
    assert "noch nicht berechnet" in read(client)
    publish_now(actor, "probe.containers")
    probe.rows.clear()
    publish_now(actor, "probe.containers")
    services.compute_now(actor, FULL_SHARE.key)
    page = read(client)
    assert f"Noch kein Wert: {NO_CONTAINERS}" in page
    assert "kein Wert" in page
    latest = client.get("/api/v1/indicators/probe.full_share").json()["latest"]
    assert (latest["value"], latest["reason"]) == (None, NO_CONTAINERS)


def test_two_periods_make_a_chart_with_gaps(probe: Probe, actor: Actor, client: Client) -> None:
    publish_now(actor, "probe.containers")
    assert "<stadt-chart" not in read(client)
    indicator = replace(FULL_SHARE, backfill=2)
    services.close_periods(actor, indicator)
    IndicatorValue.objects.filter(period_end__lt=timezone.now() - timedelta(days=1)).update(
        value=None, reason="Fehlt.", state="not_available"
    )
    services.compute_now(actor, FULL_SHARE.key)
    page = read(client)
    assert "<stadt-chart" in page
    history = client.get("/api/v1/indicators/probe.full_share").json()["history"]
    assert [item["value"] is None for item in history] == [True, False, False]


def test_readings_that_a_computation_names_are_linked(probe: Probe, actor: Actor, client: Client) -> None:
    def compute(period: Any, place: Any, sources: Any) -> Figure:
        return Figure(1.0, sample=(42,))

    probe.declare(replace(FULL_SHARE, compute=compute))
    services.compute_now(actor, FULL_SHARE.key)
    assert "/sta/v1.1/Observations(42)" in read(client)


def test_the_list_shows_all_and_unknown_ones_are_not_found(
    probe: Probe, actor: Actor, client: Client
) -> None:
    publish_now(actor, "probe.containers")
    services.compute_now(actor, FULL_SHARE.key)
    page = read(client, "/kennzahlen/")
    assert FULL_SHARE.title in page
    assert "33,3" in page
    assert client.get("/kennzahlen/probe.nothing/").status_code == 404
    assert client.get("/api/v1/indicators/probe.nothing").status_code == 404
    keys = [item["key"] for item in client.get("/api/v1/indicators").json()["indicators"]]
    assert FULL_SHARE.key in keys


def test_the_site_search_finds_indicators(probe: Probe) -> None:
    [hit] = SOURCE.find("voller behalter", 5)
    assert hit.url == PAGE
    assert list(SOURCE.find("", 5)) == []
