"""S-2: an indicator told by area has a value for each district and quarter, from the same inputs as the city's."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from stadt.core.people.actor import Actor
from stadt.hub.datasets.services import publish_now
from stadt.hub.indicators import jobs, queries, services
from stadt.hub.indicators.areas import told_by_area
from stadt.hub.indicators.declaration import Figure
from stadt.hub.indicators.models import IndicatorValue
from stadt.hub.indicators.tests.conftest import FULL_SHARE, Probe
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import children, find_city, list_areas
from stadt.hub.places.tests.conftest import city_areas

__all__ = ["city_areas"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city_areas")]
KEY = FULL_SHARE.key


def counted(period: Any, place: Any, sources: Any) -> Figure:
    """Containers in the place; a district stands in each row's id, and one row is in none."""
    [(count,)] = sources.ask(
        "probe.containers", "SELECT count(*) FROM data WHERE ? = '' OR id LIKE ?", *_wanted(place)
    )
    return Figure(count)


def _wanted(place: Any) -> tuple[str, str]:
    return ("", "") if place is None else (place.key, f"{place.key}:%")


@pytest.fixture
def told(probe: Probe, actor: Actor) -> Probe:
    """Two containers in each district, and one whose place nobody knows."""
    districts = [area.key for area in list_areas(PlaceKind.DISTRICT)]
    probe.rows = [
        {"id": f"{key}:{n}", "fill": 1.0, "is_simulated": False} for key in districts for n in (1, 2)
    ]
    probe.rows.append({"id": "none", "fill": 1.0, "is_simulated": False})
    probe.declare(replace(FULL_SHARE, compute=counted, unit="1", by_area=True, additive=True, digits=0))
    publish_now(actor, "probe.containers")
    return probe


def test_the_parts_come_with_the_city_and_add_up_to_it(told: Probe, actor: Actor) -> None:
    whole = services.compute_now(actor, KEY)
    parts = {value.place_id: value for value in queries.area_values(KEY)}
    districts = list_areas(PlaceKind.DISTRICT)
    assert len(parts) == len(districts) + len(list_areas(PlaceKind.QUARTER))
    assert sum(parts[area.id].value or 0 for area in districts) == (whole.value or 0) - 1
    assert {value.as_of for value in parts.values()} == {whole.as_of}
    one = parts[districts[0].id]
    assert services.recompute(one.id).value == one.value == 2

    shown = told_by_area(queries.definition_of(KEY), whole)
    assert shown is not None
    assert shown.without == "1", "what lies in no area is told, not spread"
    assert len(shown.rows) == len(parts)


def test_what_is_published_meanwhile_reaches_no_part_before_the_city(told: Probe, actor: Actor) -> None:
    def counted_meanwhile(period: Any, place: Any, sources: Any) -> Figure:
        figure = counted(period, place, sources)
        if place is None:
            told.rows = told.rows[-1:]
            publish_now(actor, "probe.containers")
        return figure

    indicator = replace(
        FULL_SHARE, compute=counted_meanwhile, unit="1", by_area=True, additive=True, digits=0
    )
    whole = services.compute_for(actor, indicator, services.present_period(indicator))
    parts = queries.area_values(KEY)
    assert {value.inputs[0]["number"] for value in (whole, *parts)} == {whole.inputs[0]["number"]}
    assert max(value.value or 0 for value in parts) == 2


def test_everybody_sees_the_parts_where_the_number_is_explained(
    told: Probe, actor: Actor, client: Client
) -> None:
    services.compute_now(actor, KEY)
    page = client.get(f"/kennzahlen/{KEY}/").content.decode()
    assert "Wie es in den Stadtteilen aussieht" in page
    assert list_areas(PlaceKind.DISTRICT)[0].name in page
    area = list_areas(PlaceKind.DISTRICT)[0]
    values = client.get(f"/api/v1/indicators/{KEY}/values?place={area.key}").json()["values"]
    assert [value["value"] for value in values] == [2]


def test_a_period_that_is_over_stays_as_it_was_told_in_all_its_parts(told: Probe, actor: Actor) -> None:
    yesterday = services.present_period(replace(FULL_SHARE)).before()
    indicator = replace(FULL_SHARE, compute=counted, by_area=True)
    services.compute_for(actor, indicator, replace(yesterday, as_of=yesterday.end - timedelta(hours=1)))
    told.rows.clear()
    publish_now(actor, "probe.containers")
    services.close_periods(actor, indicator)
    assert {value.value for value in queries.area_values(KEY)} == {0}
    assert not IndicatorValue.objects.exclude(as_of=yesterday.end).exists()
    told.rows.append({"id": f"{children(find_city())[0].key}:1", "fill": 1.0})  # type: ignore[arg-type]
    publish_now(actor, "probe.containers")
    services.compute_for(actor, indicator, yesterday.closed())
    assert {value.value for value in queries.area_values(KEY)} == {0}


def test_what_is_asked_for_in_quick_succession_is_computed_once_and_soon() -> None:
    for _ in range(3):
        jobs.compute_soon(KEY, "probe.gone")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'",
            [jobs.SOON],
        )
        [(arguments, begins)] = cursor.fetchall()
    assert json.loads(arguments)["keys"] == [KEY, "probe.gone"]
    assert timedelta() < begins - datetime.now(UTC) <= jobs.PAUSE
    jobs.compute_some([KEY, "probe.gone"])
