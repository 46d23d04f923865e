"""Appending: every reading once, counters always right, refusals that name the row."""

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import psycopg
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch, Reading, microseconds
from stadt.hub.observations.models import DatastreamState, IngestKey, Observation
from stadt.hub.observations.tests.city import (
    NOON,
    another,
    counted,
    counted_anew,
    days_counted,
    days_counted_anew,
    make_datastreams,
    minutes,
    raw,
    store,
)

pytestmark = pytest.mark.django_db


class Rollback(Exception):
    """Ends one example without a trace."""


def append_all(*batches: list[Reading]) -> None:
    for batch in batches:
        append(raw(), Batch.of(batch))


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Reading], list[list[Reading]]]:
    """Distinct readings, and the same with repetitions in any order, cut into batches anywhere."""
    places = draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(-3000, 3000)), min_size=1, max_size=12, unique=True)
    )
    readings = [
        Reading(
            stream,
            minutes(minute),
            stream * 100 + minute / 7,
            phenomenon_time_end=minutes(minute + 5) if minute % 3 == 0 else None,
            is_simulated=minute % 2 == 0,
            source="source",
            key=f"{stream}/{minute}" if draw(st.booleans()) else "",
        )
        for stream, minute in places
    ]
    keyed = [reading for reading in readings if reading.key]
    again = draw(st.lists(st.sampled_from(keyed), max_size=8)) if keyed else []
    arriving = draw(st.permutations(readings + again))
    cuts = sorted(draw(st.lists(st.integers(0, len(arriving)), max_size=4)))
    parts = [arriving[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(arriving)], strict=True)]
    return readings, parts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries())
def test_any_order_repetition_and_cut_of_batches_gives_the_same_store(
    arrived: tuple[list[Reading], list[list[Reading]]],
) -> None:
    readings, parts = arrived
    found: list[dict[str, Any]] = []
    for batches in ([readings], parts):
        try:
            with transaction.atomic():
                ids = make_datastreams(3)
                for batch in batches:
                    append_all([_to(reading, ids[reading.datastream_id]) for reading in batch])
                assert counted() == counted_anew()
                assert days_counted() == days_counted_anew()
                found.append(_relative(store(), ids))
                raise Rollback
        except Rollback:
            pass
    assert found[0] == found[1]


def _to(reading: Reading, datastream_id: int) -> Reading:
    values = {name: getattr(reading, name) for name in reading.__struct_fields__}
    return Reading(**(values | {"datastream_id": datastream_id}))


def _relative(stored: dict[str, Any], ids: list[int]) -> dict[str, Any]:
    return {name: [(ids.index(row[0]), *row[1:]) for row in rows] for name, rows in stored.items()}


def test_ids_are_returned_in_the_order_of_the_rows() -> None:
    first, second, _ = make_datastreams()
    batch = Batch.of(
        [Reading(second, minutes(2), 2.0), Reading(first, minutes(1), 1.0), Reading(second, minutes(0), 0.0)]
    )
    result = append(raw(), batch)
    stored = {row.id: row.result_number for row in Observation.objects.all()}
    assert [stored[number] for number in result.ids] == [2.0, 1.0, 0.0]
    assert result.stored == 3


def test_a_repeated_key_is_one_reading_and_the_answer_says_so() -> None:
    [number] = make_datastreams(1)
    reading = Reading(number, minutes(0), 1.5, source="tts", key="frame-1/temperature")
    other = Reading(number, minutes(0), 1.5, source="other", key="frame-1/temperature")
    first = append(raw(), Batch.of([reading, reading, other]))
    second = append(raw(), Batch.of([reading, Reading(number, minutes(1), 2.0)]))
    assert first.duplicates == (1,)
    assert first.ids[1] == first.ids[0]
    assert second.duplicates == (0,)
    assert second.ids[0] == first.ids[0]
    assert (first.stored, second.stored) == (2, 1)
    assert Observation.objects.count() == 3
    assert IngestKey.objects.count() == 2


def test_a_refused_row_is_named_and_the_others_are_stored() -> None:
    [number] = make_datastreams(1)
    batch = Batch.of(
        [
            Reading(number, minutes(0), 1.0),
            Reading(999_999_999, minutes(1), 1.0),
            Reading(number, minutes(2), math.nan),
            Reading(number, minutes(3), -math.inf),
            Reading(number, datetime(9999, 1, 1, tzinfo=UTC), 1.0),
            Reading(number, minutes(5).replace(tzinfo=None), 1.0),
            Reading(number, minutes(6), None),
            Reading(number, minutes(7), "a\0b"),
            Reading(number, minutes(8), 10**400),
            Reading(number, minutes(9), 1.0, phenomenon_time_end=minutes(8)),
            Reading(number, minutes(10), 1.0, source="s", key="\n"),
            Reading(2**70, minutes(11), 1.0),
            Reading(number, minutes(12), {"half": "\ud800"}),
            Reading(number, minutes(13), 2.0),
        ]
    )
    result = append(raw(), batch)
    assert [(item.row, item.field) for item in result.refusals] == [
        (1, "datastream_id"),
        (2, "result"),
        (3, "result"),
        (4, "phenomenon_time"),
        (5, "phenomenon_time"),
        (6, "result"),
        (7, "result"),
        (8, "result"),
        (9, "phenomenon_time_end"),
        (10, "key"),
        (11, "datastream_id"),
        (12, "result"),
    ]
    assert [bool(found) for found in result.ids] == [True] + [False] * 12 + [True]
    assert Observation.objects.count() == result.stored == 2


def test_all_or_nothing_stores_nothing_when_a_row_is_refused() -> None:
    [number] = make_datastreams(1)
    batch = Batch.of(
        [Reading(number, minutes(0), 1.0, source="s", key="k"), Reading(number + 999, minutes(1), 1.0)]
    )
    result = append(raw(), batch, whole=True)
    assert [item.row for item in result.refusals] == [1]
    assert result.stored == 0
    assert not Observation.objects.exists()
    assert not IngestKey.objects.exists()


def test_rows_of_one_group_are_stored_together_or_not_at_all() -> None:
    [number] = make_datastreams(1)
    batch = Batch.of([Reading(number, minutes(n), float(n) if n != 2 else math.nan) for n in range(5)])
    batch.groups = np.array([0, 1, 1, 2, 2])
    result = append(raw(), batch)
    assert [bool(found) for found in result.ids] == [True, False, False, True, True]
    assert [item.row for item in result.refusals] == [2]


@pytest.mark.parametrize("result", [1.5, -0.0, 7, True, False, "nass", {"a": [1, None]}, [1, "zwei"], ""])
def test_a_result_of_any_kind_is_kept_as_it_is(result: Any) -> None:
    [number] = make_datastreams(1)
    append_all([Reading(number, minutes(0), result)])
    row = Observation.objects.get()
    is_number = isinstance(result, int | float) and not isinstance(result, bool)
    assert (row.result_number if is_number else row.result_json) == result
    assert (row.result_json if is_number else row.result_number) is None


def test_every_attribute_of_a_reading_is_kept() -> None:
    [number] = make_datastreams(1)
    append_all(
        [
            Reading(
                number,
                minutes(0),
                1.0,
                phenomenon_time_end=minutes(1),
                result_time=minutes(2),
                result_quality={"flag": 3},
                valid_time_start=minutes(3),
                valid_time_end=datetime(9999, 12, 31, tzinfo=UTC),
                parameters={"battery": 3.6},
                feature_of_interest_id=12,
                is_simulated=True,
            ),
            Reading(number, minutes(-1), 2.0),
        ]
    )
    early, row = Observation.objects.order_by("phenomenon_time")
    assert (row.phenomenon_time_end, row.result_time) == (minutes(1), minutes(2))
    assert (row.result_quality, row.parameters, row.feature_of_interest_id) == (
        {"flag": 3},
        {"battery": 3.6},
        12,
    )
    assert (row.valid_time_start, row.valid_time_end) == (minutes(3), datetime(9999, 12, 31, tzinfo=UTC))
    assert row.is_simulated
    assert (early.phenomenon_time_end, early.parameters, early.feature_of_interest_id) == (None, None, None)
    assert not early.is_simulated
    state = DatastreamState.objects.get()
    assert (state.last_number, state.last_quality, state.last_simulated) == (1.0, {"flag": 3}, True)
    assert (state.end_time, state.first_result_time) == (minutes(1), minutes(2))


def test_what_a_simulated_datastream_sees_is_simulated() -> None:
    [number] = make_datastreams(1, is_simulated=True)
    append_all([Reading(number, minutes(0), 1.0)])
    assert Observation.objects.get().is_simulated
    assert DatastreamState.objects.get().last_simulated


def test_an_older_reading_changes_the_extent_but_not_the_newest_value() -> None:
    [number] = make_datastreams(1)
    append_all([Reading(number, minutes(10), 10.0)], [Reading(number, minutes(-10), -10.0)])
    state = DatastreamState.objects.get()
    assert (state.count, state.first_time, state.last_time) == (2, minutes(-10), minutes(10))
    assert state.last_number == 10.0


def test_times_are_exact_to_the_microsecond_in_any_zone_and_century() -> None:
    [number] = make_datastreams(1)
    moments = [
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(1850, 6, 1, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, 0, 1, tzinfo=timezone(timedelta(hours=2))),
    ]
    append_all([Reading(number, moment, 1.0) for moment in moments])
    assert sorted(Observation.objects.values_list("phenomenon_time", flat=True)) == moments


def test_columns_store_the_same_as_readings() -> None:
    ids = make_datastreams(2)
    times = np.array([microseconds(minutes(n)) for n in range(4)])
    by_columns = Batch.columns([ids[0]] * 4, times, np.arange(4.0), source="s", keys=["a", "b", "", "d"])
    by_readings = Batch.of(
        [
            Reading(ids[1], minutes(n), float(n), source="t", key=key)
            for n, key in enumerate(["a", "b", "", "d"])
        ]
    )
    append(raw(), by_columns)
    append(raw(), by_readings)
    rows = Observation.objects.order_by("phenomenon_time").values_list("phenomenon_time", "result_number")
    assert list(rows.filter(datastream_id=ids[0])) == list(rows.filter(datastream_id=ids[1]))
    assert IngestKey.objects.count() == 6


def test_an_infinite_number_among_columns_is_refused() -> None:
    [number] = make_datastreams(1)
    result = append(raw(), Batch.columns([number] * 3, [NOON] * 3, np.array([1.0, np.nan, np.inf])))
    assert [item.row for item in result.refusals] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_the_running_city_may_append_but_not_make_or_drop_tables() -> None:
    [number] = make_datastreams(1)
    with another(autocommit=True) as city:
        result = append(city, Batch.of([Reading(number, datetime(2003, 5, 1, tzinfo=UTC), 1.0)]))
        assert result.stored == 1
        for statement in (
            "DROP TABLE observations_observation_2003_05",
            "CREATE TABLE observations_observation_2003_06 (LIKE observations_observation)",
            "TRUNCATE observations_observation",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                city.execute(statement)


def test_a_test_leaves_no_readings_behind() -> None:
    """Runs after the one above, whose rows only Django's flush could remove."""
    assert not Observation.objects.exists()
    assert not DatastreamState.objects.exists()
    assert not IngestKey.objects.exists()
