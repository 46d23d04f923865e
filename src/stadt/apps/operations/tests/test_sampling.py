"""Samples are taken once for each five minutes, and charts are drawn from them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from stadt.apps.operations import charts, queries, sampling
from stadt.apps.operations.models import CheckChange, Fact, Sample
from stadt.core.traffic import TrafficHour

NOW = datetime(2026, 11, 24, 10, 7, 31, tzinfo=UTC)
AT = datetime(2026, 11, 24, 10, 5, tzinfo=UTC)


@pytest.mark.django_db
def test_a_sample_taken_twice_is_one_sample() -> None:
    sampling.take_sample(NOW)
    sampling.take_sample(NOW + timedelta(minutes=2))
    (sample,) = Sample.objects.all()
    assert sample.at == AT
    assert sample.database_bytes > 0
    assert 0 < sample.disk_free <= sample.disk_total
    assert Fact.objects.count() == 3


@pytest.mark.django_db
def test_partitions_count_for_their_table() -> None:
    names = [row[0] for row in sampling.largest_tables()]
    assert len(names) == sampling.MOST_TABLES
    assert not [name for name in names if name.startswith("observations_observation_")]


@pytest.mark.django_db
def test_samples_and_changes_are_forgotten_after_ninety_days() -> None:
    for days in (89, 91):
        at = timezone.now() - timedelta(days=days)
        make_sample(at)
        CheckChange.objects.create(key="x", at=at, is_bad=True)
    sampling.forget()
    assert (Sample.objects.count(), CheckChange.objects.count()) == (1, 1)


def make_sample(at: datetime, readings: int = 0, refused: dict[str, int] | None = None) -> Sample:
    return Sample.objects.create(
        at=at, database_bytes=2**30, disk_free=2**32, disk_total=2**34, readings=readings, jobs_waiting=0,
        jobs_failed=0, refused=refused or {},
    )  # fmt: skip


@pytest.mark.django_db
def test_refused_messages_of_today_are_the_difference_since_midnight() -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    make_sample(midnight - timedelta(minutes=5), refused={"1": 10})
    newest = make_sample(midnight + timedelta(minutes=5), refused={"1": 13, "2": 4})
    assert queries.refused_today(newest) == {1: 3, 2: 4}


def test_the_lakes_size_is_that_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"x" * 10)
    (tmp_path / "c").write_bytes(b"x" * 5)
    assert sampling.lake_bytes(str(tmp_path)) == 15
    assert sampling.lake_bytes("s3://bucket/lake") is None


def samples(*readings: int) -> list[Sample]:
    return [
        Sample(
            at=AT + timedelta(minutes=5 * step), readings=count, database_bytes=0, disk_free=0, disk_total=0
        )
        for step, count in enumerate(readings)
    ]


def test_readings_a_minute_are_the_difference_between_samples() -> None:
    chart = charts.readings(samples(1000, 1500, 1500), 1)
    assert chart is not None
    assert [row[1] for row in chart.rows] == [100.0, 0.0]


def test_deleted_readings_leave_a_gap() -> None:
    chart = charts.readings(samples(1000, 400, 900), 1)
    assert chart is not None
    assert [row[1] for row in chart.rows] == [None, 100.0]


def test_many_samples_are_thinned_and_the_newest_is_kept() -> None:
    many = samples(*range(25_920))
    thinned = charts.thin(many)
    assert len(thinned) <= charts.MOST_POINTS
    assert thinned[-1] is many[-1]


def test_a_city_that_has_just_begun_has_no_chart() -> None:
    assert charts.all_charts([], [], 1) == []


@pytest.mark.django_db
def test_the_last_hour_counts_this_hour_and_the_one_before() -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for ago, requests in ((0, 5), (1, 7), (3, 100)):
        TrafficHour.objects.create(hour=hour - timedelta(hours=ago), requests=requests, errors=1)
    assert queries.traffic_of_last_hour() == (12, 2)


def test_requests_of_a_month_are_added_up_by_local_day() -> None:
    hours = [datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (21, 22, 23)]
    found = charts.by_day([(hour, 10, 1) for hour in hours])
    assert [(day.isoformat(), requests, errors) for day, requests, errors in found] == [
        ("2026-11-23T00:00:00+01:00", 20, 2),
        ("2026-11-24T00:00:00+01:00", 10, 1),
    ]
