"""Rollups say what the raw observations say, whatever arrived, changed or went, and whenever the job ran."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.core.people.models import Setting
from stadt.hub.observations import rolling
from stadt.hub.observations.append import append
from stadt.hub.observations.batch import Batch, Reading
from stadt.hub.observations.models import Datastream, DatastreamDay, Observation, Rollup
from stadt.hub.observations.queries import Figures, Visibility, Width, list_buckets
from stadt.hub.observations.removal import purge
from stadt.hub.observations.rolling import ROLLED, roll_up, roll_up_quiet
from stadt.hub.observations.services import (
    Correction,
    ObservationKey,
    correct_observations,
    delete_datastreams,
    delete_observations,
    store_readings,
)
from stadt.hub.observations.tests.city import ACTOR, another, make_datastreams, raw
from stadt.hub.observations.tests.test_concurrency import at_once

BERLIN = ZoneInfo("Europe/Berlin")
# Around the change of time in spring, around the end of a month, and before the months that have tables.
FIRST = datetime(2026, 3, 28, 12, tzinfo=UTC)
LAST = datetime(2026, 4, 2, tzinfo=UTC)
EVER = (datetime(1, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))

MOMENTS = st.one_of(
    st.integers(0, 110 * 4).map(lambda n: FIRST + timedelta(minutes=15 * n)),
    st.sampled_from([datetime(1999, 12, 31, 23, 30, tzinfo=UTC), datetime(2025, 10, 26, 0, 59, tzinfo=UTC)]),
)
VALUES = st.one_of(st.integers(-9, 9).map(float), st.sampled_from(["text", True, [1, 2], 1e300]))
CHANGES = st.one_of(
    st.tuples(st.just("append"), st.lists(st.tuples(MOMENTS, VALUES, st.integers(0, 3)), max_size=8)),
    st.tuples(st.just("correct"), st.tuples(st.integers(0, 99), st.one_of(VALUES, MOMENTS))),
    st.tuples(st.just("delete"), st.integers(0, 99)),
    st.tuples(st.just("job"), st.none()),
)


def start_of(moment: datetime, width: Width) -> datetime:
    local = moment.astimezone(BERLIN).replace(minute=0, second=0, microsecond=0)
    if width is Width.DAY:
        return local.replace(hour=0, fold=0).astimezone(UTC)
    if width is Width.MONTH:
        return local.replace(day=1, hour=0, fold=0).astimezone(UTC)
    minutes = 60 if width is Width.HOUR else 15
    return moment.astimezone(UTC).replace(minute=moment.minute // minutes * minutes, second=0, microsecond=0)


def percentile(values: list[float], share: float) -> float:
    ordered, place = sorted(values), share * (len(values) - 1)
    low, high = ordered[int(place)], ordered[min(int(place) + 1, len(values) - 1)]
    return low + (place - int(place)) * (high - low)


def evaluated(stream: int, width: Width) -> list[tuple[Any, ...]]:
    """The figures, from the rows alone."""
    groups: dict[datetime, list[tuple[float, bool]]] = {}
    rows = Observation.objects.filter(datastream_id=stream, result_number__isnull=False)
    for row in rows:
        assert row.result_number is not None
        member = (row.result_number, row.is_simulated)
        groups.setdefault(start_of(row.phenomenon_time, width), []).append(member)
    found = []
    for start, members in sorted(groups.items()):
        values = [value for value, _ in members]
        is_summed = max(map(abs, values)) < 1e290
        sums = (sum(values), sum(values) / len(values), percentile(values, 0.5), percentile(values, 0.95))
        found.append(
            (start, len(values), min(values), max(values), any(flag for _, flag in members))
            + (sums if is_summed else (None,) * 4)
        )
    return found


def shown(item: Figures) -> tuple[Any, ...]:
    return (
        item.start, item.count, item.minimum, item.maximum, item.is_simulated,
        item.total, item.mean, item.p50, item.p95,
    )  # fmt: skip


def assert_right(stream: int) -> None:
    for width in Width:
        found = [shown(item) for item in list_buckets(stream, width, *EVER, visibility=Visibility.ALL)]
        wanted = evaluated(stream, width)
        assert [row[:5] for row in found] == [row[:5] for row in wanted]
        for row, other in zip(found, wanted, strict=True):
            assert list(row[5:]) == pytest.approx(list(other[5:]), abs=1e-9)


def apply(stream: int, change: tuple[str, Any]) -> None:
    verb, what = change
    if verb == "job":
        roll_up()
        return
    if verb == "append":
        # A key that came before is a duplicate.
        batch = Batch.of(
            Reading(
                stream,
                moment,
                value,
                source="s",
                key=f"{stream} {moment} {key}" if key else "",
                is_simulated=key == 3,
            )
            for moment, value, key in what
        )
        store_readings(ACTOR, batch)
        return
    keys = list(Observation.objects.filter(datastream_id=stream).order_by("pk").values_list(
        "datastream_id", "phenomenon_time", "id"
    ))  # fmt: skip
    if not keys:
        return
    key = keys[(what if verb == "delete" else what[0]) % len(keys)]
    if verb == "delete":
        delete_observations(ACTOR, [ObservationKey(*key)])
    elif isinstance(what[1], datetime):
        correct_observations(ACTOR, [Correction(key[0], key[1], key[2], moved_to=what[1])])
    else:
        correct_observations(ACTOR, [Correction(key[0], key[1], key[2], result=what[1])])


@pytest.fixture
def stream(db: None) -> int:
    del db
    return make_datastreams(1)[0]


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.lists(CHANGES, min_size=2, max_size=7))
def test_whatever_happens_the_figures_are_those_of_the_rows(
    stream: int, changes: list[tuple[str, Any]]
) -> None:
    with transaction.atomic():
        for change in changes:
            apply(stream, change)
            assert_right(stream)
        transaction.set_rollback(True)


def fill(stream: int, hours: int = 100, start: datetime = FIRST) -> None:
    times = [start + timedelta(hours=number) for number in range(hours)]
    append(raw(), Batch.columns([stream] * hours, times, [float(number) for number in range(hours)]))


def clean_days() -> list[bool]:
    return list(
        DatastreamDay.objects.order_by("pk")
        .extra(select={"c": "rolled = version"})
        .values_list("c", flat=True)
    )


def test_the_job_keeps_hours_and_local_days(stream: int) -> None:
    fill(stream)
    roll_up()
    assert Rollup.objects.filter(width=60).count() == 100
    days = Rollup.objects.filter(width=1440).order_by("start").values_list("start", "count")
    assert list(days)[:2] == [
        (datetime(2026, 3, 27, 23, tzinfo=UTC), 11),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
    ]
    assert all(clean_days())


def test_what_is_kept_is_what_is_read(stream: int) -> None:
    fill(stream)
    roll_up()
    Rollup.objects.filter(width=60).update(minimum=-1)
    assert {item.minimum for item in list_buckets(stream, Width.HOUR, *EVER)} == {-1}
    fill(stream, 1)
    read = list_buckets(stream, Width.HOUR, *EVER)
    assert {item.minimum for item in read if item.start.date() == FIRST.date()} == {
        float(n) for n in range(12)
    }
    assert {item.minimum for item in read if item.start.date() != FIRST.date()} == {-1}


def test_the_open_day_is_never_kept(stream: int) -> None:
    today = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    append(raw(), Batch.columns([stream], [today], [1.0]))
    roll_up()
    assert not Rollup.objects.exists()
    assert_right(stream)


def test_a_day_is_kept_when_it_is_over_though_nothing_changed_since(
    stream: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(stream, 1)

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Then":
            return cls(2026, 3, 28, 23, tzinfo=tz)

    monkeypatch.setattr(rolling, "datetime", Then)
    roll_up()
    assert not Rollup.objects.exists()
    # As if other transactions had moved on: the day is found because it is over, not because it changed.
    DatastreamDay.objects.update(changed=1)
    monkeypatch.undo()
    assert Setting.objects.get(key=ROLLED).value["day"] == "2026-03-28"
    roll_up()
    assert Rollup.objects.filter(width=60).count() == 1


def test_a_job_that_dies_in_the_middle_leaves_nothing(stream: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(stream)
    monkeypatch.setattr(rolling, "_COMPUTE", (*rolling._COMPUTE, "SELECT 1 / 0"))
    with pytest.raises(Exception, match="division by zero"), transaction.atomic():
        roll_up()
    assert not Rollup.objects.exists()
    assert not any(clean_days())
    monkeypatch.undo()
    roll_up()
    assert_right(stream)
    assert all(clean_days())


def test_a_job_goes_on_in_pieces(stream: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(stream, 24 * 5)
    monkeypatch.setattr(rolling, "SECONDS", -1.0)
    monkeypatch.setattr(rolling, "DAYS_AT_ONCE", 2)
    done = []
    for _ in range(4):
        roll_up()
        done.append(sum(clean_days()))
        assert_right(stream)
    assert done == [2, 4, 6, 6]


def test_a_deleted_datastream_leaves_no_rollup_after_the_purge(stream: int) -> None:
    fill(stream)
    roll_up()
    delete_datastreams(ACTOR, [stream])
    assert list_buckets(stream, Width.HOUR, *EVER, visibility=Visibility.ALL) == []
    purge()
    assert not Rollup.objects.exists()
    roll_up()
    assert not Rollup.objects.exists()


def test_only_what_may_be_seen(stream: int) -> None:
    fill(stream)
    Datastream.objects.update(is_public=False)
    assert list_buckets(stream, Width.HOUR, *EVER) == []
    assert list_buckets(stream, Width.HOUR, *EVER, visibility=Visibility(organisations=(77,))) == []
    assert len(list_buckets(stream, Width.HOUR, *EVER, visibility=Visibility(organisations=(0,)))) == 100


def test_a_part_of_the_time(stream: int) -> None:
    fill(stream)
    for is_rolled in (False, True):
        if is_rolled:
            roll_up()
        for width in Width:
            whole = list_buckets(stream, width, *EVER)
            start, end = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)
            part = list_buckets(stream, width, start, end)
            assert part == [item for item in whole if start <= item.start < end]


def write(stream: int, number: int) -> None:
    """Store late and later readings, and delete some."""
    for turn in range(25):
        fill(stream, 30, FIRST + timedelta(minutes=number * 7 + turn))
        rows = Observation.objects.filter(datastream_id=stream).order_by("id")
        keys = list(rows.values_list("datastream_id", "phenomenon_time", "id")[number : number + 1])
        if turn % 3 == 0:
            delete_observations(ACTOR, [ObservationKey(*key) for key in keys])


def look(stream: int) -> None:
    """One moment of the database shows kept figures and rows alike."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert_right(stream)


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_and_jobs_never_show_a_wrong_figure() -> None:
    (stream,) = make_datastreams(1)
    writing = [1, 1]

    def writer(number: int) -> None:
        try:
            write(stream, number)
        finally:
            writing.pop()

    def until_written(work: Callable[[], None]) -> None:
        while writing:
            work()

    at_once(
        lambda: writer(0),
        lambda: writer(1),
        lambda: until_written(roll_up),
        lambda: until_written(roll_up),
        lambda: until_written(lambda: look(stream)),
    )
    roll_up()
    assert all(clean_days())
    assert_right(stream)
    assert Observation.objects.filter(datastream_id=stream).count() > 1000


@pytest.mark.django_db(transaction=True)
def test_what_commits_late_is_rolled_up_later() -> None:
    one, other = make_datastreams(2)
    # The month has its table already: a transaction that makes one keeps every other writer of that month waiting.
    with connection.cursor() as cursor:
        cursor.execute("SELECT observations_ensure_months(%s::date[])", [[FIRST.date()]])
    with another() as late:
        append(late, Batch.columns([one], [FIRST], [1.0]))
        fill(other, 1)
        roll_up()
        late.commit()
    assert_right(one)
    roll_up()
    assert Rollup.objects.filter(datastream_id=one, width=60).count() == 1


def roll_up_until_clean() -> None:
    """A day is quiet when no transaction of the cluster is older than its change; other tests have some that last."""
    end = time.monotonic() + 180
    while clean_days() != [True]:
        assert time.monotonic() < end, "the day never became clean"
        roll_up_quiet()
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_the_job_waits_until_a_day_is_quiet() -> None:
    (stream,) = make_datastreams(1)
    fill(stream, 1)
    roll_up_quiet()
    assert clean_days() == [False]
    roll_up_until_clean()
    fill(stream, 1)
    roll_up_quiet()
    assert clean_days() == [False]
    assert_right(stream)
    roll_up_until_clean()
    assert_right(stream)


@pytest.mark.django_db(transaction=True)
def test_the_doctor_tells_when_more_days_wait_than_a_run_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling, "DUE_AT_ONCE", 2)
    [number] = make_datastreams(1)
    append(raw(), Batch.of([Reading(number, FIRST + timedelta(days=day), 1.0) for day in range(3)]))
    assert "noch nicht zusammengefasst" in (rolling.find_backlog() or "")
    roll_up()
    assert rolling.find_backlog() is None
