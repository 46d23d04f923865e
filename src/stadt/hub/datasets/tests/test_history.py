"""What a dataset was at a date, and how its snapshots differ."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor
from stadt.hub.datasets import history, services
from stadt.hub.datasets.declaration import Column, Dataset, Number, Text
from stadt.hub.datasets.errors import Gone
from stadt.hub.datasets.models import Snapshot
from stadt.hub.datasets.tests.probe import COLUMNS, Source, declare

pytestmark = pytest.mark.django_db


def test_a_date_gives_the_snapshot_that_was_newest_then(
    containers: Dataset, source: Source, actor: Actor
) -> None:
    services.publish_now(actor, containers.key)
    source.rows[0]["fill"] = 1.0
    services.publish_now(actor, containers.key)
    now = timezone.now()
    for number, days in ((1, 10), (2, 5)):
        Snapshot.objects.filter(number=number).update(published_at=now - timedelta(days=days))
    assert history.snapshot_at(containers.key, now).number == 2
    assert history.snapshot_at(containers.key, now - timedelta(days=7)).number == 1
    with pytest.raises(NotFound):
        history.snapshot_at(containers.key, now - timedelta(days=11))
    services.purge_snapshot(actor, containers.key, 1)
    with pytest.raises(Gone):
        history.snapshot_at(containers.key, now - timedelta(days=7))


def test_a_changed_row_is_one_removed_and_one_added(
    containers: Dataset, source: Source, actor: Actor
) -> None:
    services.publish_now(actor, containers.key)
    source.rows[0]["fill"] = 12.0
    services.publish_now(actor, containers.key)
    found = history.difference(containers.key, 1, 2)
    assert (found.rows_added, found.rows_removed) == (1, 1)
    assert [row["fill"] for row in found.examples_removed] == [82.5]
    assert [row["fill"] for row in found.examples_added] == [12.0]
    assert found.examples_added[0]["geom"] == {"type": "Point", "coordinates": [7.1, 51.5]}
    assert not found.columns_added


def test_columns_that_come_go_or_change_are_told_apart_from_rows(containers: Dataset, actor: Actor) -> None:
    services.publish_now(actor, containers.key)
    columns = (COLUMNS[0], replace(COLUMNS[1], unit="1"), *COLUMNS[3:], Column("colour", Text))
    declare(replace(containers, columns=columns))
    services.publish_now(actor, containers.key)
    found = history.difference(containers.key, 1, 2)
    assert [column.name for column in found.columns_added] == ["colour"]
    assert [column.name for column in found.columns_removed] == ["emptied"]
    assert [(item.name, item.was.unit, item.now.unit) for item in found.columns_changed] == [
        ("fill", "%", "1")
    ]
    assert (found.rows_added, found.rows_removed) == (0, 0)
    assert not found.is_empty


def test_tables_without_a_column_in_common_differ_in_every_row(containers: Dataset, actor: Actor) -> None:
    services.publish_now(actor, containers.key)
    other = replace(
        containers, columns=(Column("only", Text),), rows=lambda: [{"only": "x"}], simulated="", order=""
    )
    declare(other)
    services.publish_now(actor, containers.key)
    found = history.difference(containers.key, 1, 2)
    assert (found.rows_added, found.rows_removed) == (1, 2)


CELLS = st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([0.0, 1.5, None]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(before=st.lists(CELLS, min_size=1, max_size=8), after=st.lists(CELLS, min_size=1, max_size=8))
def test_the_difference_is_that_of_two_bags_of_rows(
    actor: Actor, before: list[tuple[object, object]], after: list[tuple[object, object]]
) -> None:
    rows = Source()
    dataset = Dataset("probe.bags", "Beutel", "", rows.read, (Column("word", Text), Column("number", Number)))
    declare(dataset)
    numbers = []
    for cells in (before, after):
        rows.rows = [{"word": word, "number": number} for word, number in cells]
        services.publish_now(actor, dataset.key)
        numbers.append(Snapshot.objects.filter(dataset=dataset.key).latest("number").number)
    found = history.difference(dataset.key, *numbers)
    old, new = Counter(before), Counter(after)
    assert (found.rows_added, found.rows_removed) == ((new - old).total(), (old - new).total())
    assert found.is_empty is (old == new)
