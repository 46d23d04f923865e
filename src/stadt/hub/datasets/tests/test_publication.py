"""Snapshots: numbered, whole, unchanging, and only new when something changed."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from stadt.core.errors import Conflict, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.datasets import queries, services
from stadt.hub.datasets.declaration import Column, Dataset, Number, Parts, Span, Text, Time
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.models import Part, Snapshot
from stadt.hub.datasets.publication import plan_days
from stadt.hub.datasets.rows import sum_of_digests, write_rows
from stadt.hub.datasets.tests.probe import COLUMNS, Source, declare

pytestmark = pytest.mark.django_db


def test_the_first_publication_has_number_one_and_knows_what_is_simulated(
    containers: Dataset, actor: Actor
) -> None:
    snapshot = services.publish_now(actor, containers.key)
    assert snapshot is not None
    assert (snapshot.number, snapshot.row_count, snapshot.simulated_count) == (1, 2, 1)
    assert snapshot.is_simulated
    assert queries.read_rows(containers.key, "SELECT id, fill, is_simulated FROM data ORDER BY id") == [
        ("c1", 82.5, True),
        ("c2", None, None),
    ]


def test_unchanged_content_gets_no_new_number_even_in_another_order(
    containers: Dataset, source: Source, actor: Actor
) -> None:
    services.publish_now(actor, containers.key)
    source.rows.reverse()
    assert services.publish_now(actor, containers.key) is None
    assert Snapshot.objects.count() == 1


def test_changed_content_gets_the_next_number_and_the_old_one_stays_readable(
    containers: Dataset, source: Source, actor: Actor
) -> None:
    services.publish_now(actor, containers.key)
    source.rows[0]["fill"] = 12.0
    second = services.publish_now(actor, containers.key)
    assert second is not None
    assert second.number == 2
    sql = "SELECT fill FROM data WHERE id = 'c1'"
    assert queries.read_rows(containers.key, sql) == [(12.0,)]
    assert queries.read_rows(containers.key, sql, number=1) == [(82.5,)]


def test_another_unit_is_another_content(containers: Dataset, actor: Actor) -> None:
    services.publish_now(actor, containers.key)
    declare(replace(containers, columns=(COLUMNS[0], replace(COLUMNS[1], unit="1"), *COLUMNS[2:])))
    second = services.publish_now(actor, containers.key)
    assert second is not None
    assert second.number == 2


def test_an_empty_table_is_not_published_first_but_may_become_empty(
    containers: Dataset, source: Source, actor: Actor
) -> None:
    rows, source.rows = source.rows, []
    assert services.publish_now(actor, containers.key) is None
    source.rows = rows
    services.publish_now(actor, containers.key)
    source.rows = []
    emptied = services.publish_now(actor, containers.key)
    assert emptied is not None
    assert (emptied.number, emptied.row_count) == (2, 0)
    assert queries.read_rows(containers.key, "SELECT count(*) FROM data") == [(0,)]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"fill": "viel"}, "fill"),
        ({"fill": float("nan")}, "fill"),
        ({"fill": 10**400}, "fill"),
        ({"fill": True}, "fill"),
        ({"emptied": 1.5}, "emptied"),
        ({"emptied": 2**63}, "emptied"),
        ({"is_simulated": 1}, "is_simulated"),
        ({"since": datetime(2026, 1, 1, tzinfo=UTC)}, "since"),
        ({"seen_at": datetime(2026, 1, 1)}, "seen_at"),  # noqa: DTZ001 - the mistake under test
        ({"geom": (51.5, 400.0)}, "geom"),
        ({"geom": b"\x00"}, "geom"),
        ({"geom": {"type": "Point"}}, "geom"),
        ({"id": "a\0b"}, "id"),
        ({"id": "\ud800"}, "id"),
        ({"colour": "rot"}, "colour"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_published(
    containers: Dataset, source: Source, actor: Actor, lake: Path, cells: dict[str, Any], column: str
) -> None:
    source.rows[1].update(cells)
    with pytest.raises(Invalid) as refused:
        services.publish_now(actor, containers.key)
    assert refused.value.fields[0].field == f"rows[1].{column}"
    assert Snapshot.objects.count() == 0
    assert list((lake / "work").iterdir()) == []


def test_strangers_may_not_publish_and_unknown_datasets_are_not_found(
    containers: Dataset, actor: Actor
) -> None:
    with pytest.raises(NotFound):
        services.publish_now(actor, "probe.nothing")
    with pytest.raises(Exception, match="melden Sie sich an"):
        services.publish_now(Actor.anonymous(), containers.key)


class Readings:
    """Readings by day, as observations would give them."""

    def __init__(self) -> None:
        self.days: dict[date, list[float]] = {}
        self.asked: list[Span] = []

    def marks(self) -> Mapping[date, str]:
        return {day: f"{len(values)}:{sum(values)}" for day, values in self.days.items()}

    def rows(self, span: Span) -> list[tuple[datetime, float]]:
        self.asked.append(span)
        return [
            (datetime(day.year, day.month, day.day, 12, tzinfo=UTC), value)
            for day, values in self.days.items()
            for value in values
            if span.start.date() <= day < span.end.date()
        ]


@pytest.fixture
def readings() -> Readings:
    return Readings()


@pytest.fixture
def by_day(readings: Readings) -> Dataset:
    dataset = Dataset(
        key="probe.readings",
        title="Messwerte",
        description="",
        rows=readings.rows,
        columns=(Column("time", Time), Column("value", Number)),
        parts=Parts.BY_DAY,
        marks=readings.marks,
    )
    declare(dataset)
    return dataset


def test_only_changed_days_are_read_and_written_again(
    by_day: Dataset, readings: Readings, actor: Actor
) -> None:
    today = datetime.now(UTC).date()
    last_month = today.replace(day=1) - timedelta(days=20)
    readings.days = {last_month: [1.0], today: [3.0]}
    first = services.publish_now(actor, by_day.key)
    assert first is not None
    assert [part.name for part in first.parts] == [f"{last_month:%Y-%m}", f"{today:%Y-%m-%d}"]
    readings.asked.clear()
    readings.days[today].append(4.0)
    second = services.publish_now(actor, by_day.key)
    assert second is not None
    assert [span.start.date() for span in readings.asked] == [today]
    assert second.parts[0] == first.parts[0]
    assert queries.read_rows(by_day.key, "SELECT sum(value) FROM data") == [(8.0,)]
    assert queries.read_rows(by_day.key, "SELECT sum(value) FROM data", number=1) == [(4.0,)]


def test_an_unchanged_source_is_not_even_read(by_day: Dataset, readings: Readings, actor: Actor) -> None:
    readings.days = {datetime.now(UTC).date(): [3.0]}
    services.publish_now(actor, by_day.key)
    readings.asked.clear()
    assert services.publish_now(actor, by_day.key) is None
    assert readings.asked == []


def test_a_day_that_was_emptied_leaves_the_next_snapshot(
    by_day: Dataset, readings: Readings, actor: Actor
) -> None:
    today = datetime.now(UTC).date()
    readings.days = {today - timedelta(days=60): [1.0], today: [3.0]}
    services.publish_now(actor, by_day.key)
    del readings.days[today - timedelta(days=60)]
    second = services.publish_now(actor, by_day.key)
    assert second is not None
    assert [part.name for part in second.parts] == [f"{today}"]


def test_a_closed_month_becomes_one_part_and_the_running_month_a_part_for_each_day() -> None:
    marks = {date(2026, 10, 30): "a", date(2026, 10, 31): "b", date(2026, 11, 1): "c", date(2026, 11, 2): "d"}
    assert [part.name for part in plan_days(marks, date(2026, 11, 2))] == [
        "2026-10",
        "2026-11-01",
        "2026-11-02",
    ]
    assert [part.name for part in plan_days(marks, date(2026, 12, 1))] == ["2026-10", "2026-11"]


@given(
    st.dictionaries(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.text(max_size=3)),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)
def test_planned_parts_cover_each_day_exactly_once(marks: dict[date, str], today: date) -> None:
    spans = [part.span for part in plan_days(marks, today) if part.span]
    for day in marks:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        assert sum(span.start <= noon < span.end for span in spans) == 1
    assert spans == sorted(spans, key=lambda span: span.start)


def test_the_digest_of_rows_does_not_depend_on_order_or_parts(containers: Dataset) -> None:
    rows = [{"id": str(number), "fill": number / 3} for number in range(20)]
    with (
        write_rows(containers, rows) as forwards,
        write_rows(containers, reversed(rows)) as backwards,
        write_rows(containers, rows[:7]) as head,
        write_rows(containers, rows[7:]) as tail,
    ):
        assert forwards.digest == backwards.digest == sum_of_digests((head.digest, tail.digest))
        assert forwards.digest != head.digest


def test_a_purged_snapshot_leaves_a_tombstone_and_shared_parts_stay(
    by_day: Dataset, readings: Readings, actor: Actor, lake: Path, django_capture_on_commit_callbacks: Any
) -> None:
    today = datetime.now(UTC).date()
    readings.days = {today - timedelta(days=60): [1.0], today: [3.0]}
    services.publish_now(actor, by_day.key)
    readings.days[today].append(4.0)
    services.publish_now(actor, by_day.key)
    assert len(list((lake / "parts").rglob("*.parquet"))) == 3
    with django_capture_on_commit_callbacks(execute=True):
        services.purge_snapshot(actor, by_day.key, 1)
    assert len(list((lake / "parts").rglob("*.parquet"))) == 2
    with pytest.raises(Gone):
        queries.get_snapshot(by_day.key, 1)
    tombstone = queries.list_versions(by_day.key)[-1]
    assert tombstone.purged_at is not None
    assert tombstone.content_hash
    assert queries.read_rows(by_day.key, "SELECT sum(value) FROM data") == [(8.0,)]


def test_a_cited_snapshot_and_the_newest_are_not_purged(
    containers: Dataset, source: Source, actor: Actor
) -> None:
    first = services.publish_now(actor, containers.key)
    assert first is not None
    with pytest.raises(Conflict, match="der neueste"):
        services.purge_snapshot(actor, containers.key, 1)
    source.rows.pop()
    services.publish_now(actor, containers.key)
    services.set_holds("indicator:1", {first.id})
    with pytest.raises(Conflict, match="zitiert"):
        services.purge_snapshot(actor, containers.key, 1)
    services.set_holds("indicator:1", set())
    services.purge_snapshot(actor, containers.key, 1)


def test_a_number_is_never_given_twice(containers: Dataset, source: Source, actor: Actor) -> None:
    rows = list(source.rows)
    services.publish_now(actor, containers.key)
    source.rows = rows[:1]
    services.publish_now(actor, containers.key)
    services.purge_snapshot(actor, containers.key, 1)
    source.rows = rows
    third = services.publish_now(actor, containers.key)
    assert third is not None
    assert third.number == 3


def test_leftovers_of_a_dead_publisher_are_swept_and_named_parts_are_not(
    containers: Dataset, actor: Actor, lake: Path
) -> None:
    services.publish_now(actor, containers.key)
    orphan = lake / "parts" / containers.key / "whole-0000.parquet"
    orphan.write_bytes(b"half")
    (lake / "work" / "x.part").write_bytes(b"half")
    assert services.sweep() == 0
    assert services.sweep(age=timedelta(0)) == 2
    assert not orphan.exists()
    assert queries.read_rows(containers.key, "SELECT count(*) FROM data") == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_two_publications_at_once_make_one_snapshot(
    containers: Dataset, source: Source, actor: Actor
) -> None:
    source.rows = [{"id": str(number), "fill": float(number)} for number in range(3000)]
    start = threading.Barrier(4)
    found: list[Any] = []

    def run() -> None:
        start.wait()
        try:
            found.append(services.publish_now(actor, containers.key))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(item.number if item else 0 for item in found) == [0, 0, 0, 1]
    assert Snapshot.objects.count() == Part.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_readers_see_whole_snapshots_while_others_are_published(
    containers: Dataset, source: Source, actor: Actor
) -> None:
    """Each snapshot holds one value in all its rows; a mixture would show as two."""
    source.rows = [{"id": str(number), "emptied": 0} for number in range(500)]
    services.publish_now(actor, containers.key)
    done = threading.Event()
    seen: list[Any] = []

    def read() -> None:
        while not done.is_set():
            seen.extend(
                queries.read_rows(containers.key, "SELECT count(*), min(emptied), max(emptied) FROM data")
            )
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    for round_number in range(1, 6):
        source.rows = [{"id": str(number), "emptied": round_number} for number in range(500)]
        services.publish_now(actor, containers.key)
    done.set()
    reader.join()
    assert seen
    assert all(count == 500 and low == high for count, low, high in seen)


def test_a_text_dataset_keeps_its_words(actor: Actor) -> None:
    words = ["", " ", "Ä;\"'\n", "=1+1", "NULL", "🚲"]
    declare(
        Dataset(
            key="probe.words",
            title="",
            description="",
            rows=lambda: [(word,) for word in words],
            columns=(Column("word", Text),),
        )
    )
    services.publish_now(actor, "probe.words")
    assert sorted(word for (word,) in queries.read_rows("probe.words", "SELECT word FROM data")) == sorted(
        words
    )
