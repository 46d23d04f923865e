"""The group committer: acknowledged means committed, one bad post harms no other, a lost database is told."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from stadt.core import condition
from stadt.core.database import Role
from stadt.core.database.pool import async_pool, close_async_pool
from stadt.core.errors import Unavailable
from stadt.hub.observations import committer as module
from stadt.hub.observations.append import append_async
from stadt.hub.observations.batch import Batch, Reading, Result
from stadt.hub.observations.committer import Committer
from stadt.hub.observations.models import DatastreamState, Observation
from stadt.hub.observations.tests.city import another, counted, counted_anew, make_datastreams, minutes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test finds out about the database is forgotten by the next."""
    monkeypatch.setattr(condition, "_state", condition._State())


def run(work: Callable[[Committer], Awaitable[Any]]) -> Any:
    """Run an asynchronous story with a committer, as a web process does."""

    async def story() -> Any:
        await module.start()
        try:
            return await work(module.committer())
        finally:
            await module.stop()
            await close_async_pool()

    return asyncio.run(story())


def test_many_posts_are_stored_and_each_gets_its_own_id() -> None:
    ids = make_datastreams(3)

    async def story(committer: Committer) -> list[Result]:
        return await asyncio.gather(
            *(committer.submit([Reading(ids[n % 3], minutes(n), float(n))]) for n in range(500))
        )

    results = run(story)
    stored = dict(Observation.objects.values_list("id", "result_number"))
    assert [stored[result.ids[0]] for result in results] == [float(n) for n in range(500)]
    assert counted() == counted_anew()


def test_a_refused_reading_harms_no_other_post() -> None:
    [number] = make_datastreams(1)

    async def story(committer: Committer) -> list[Result]:
        posts = [
            committer.submit([Reading(number, minutes(0), 1.0)]),
            committer.submit([Reading(number, minutes(1), 1.0), Reading(number + 999, minutes(2), 1.0)]),
            committer.submit(
                [Reading(number, minutes(3), 1.0), Reading(number, minutes(4), None)], whole=False
            ),
            committer.submit([Reading(number, minutes(5), 1.0)]),
        ]
        return await asyncio.gather(*posts)

    results = run(story)
    assert [result.stored for result in results] == [1, 0, 1, 1]
    assert [(item.row, item.field) for item in results[1].refusals] == [(1, "datastream_id")]
    assert [(item.row, item.field) for item in results[2].refusals] == [(1, "result")]
    assert Observation.objects.count() == 3


def test_the_same_key_in_concurrent_posts_is_one_reading() -> None:
    [number] = make_datastreams(1)
    reading = Reading(number, minutes(0), 1.0, source="s", key="k")

    async def story(committer: Committer) -> list[Result]:
        return await asyncio.gather(*(committer.submit([reading]) for _ in range(20)))

    results = run(story)
    assert sum(result.stored for result in results) == 1
    assert sorted(result.duplicates for result in results) == [()] + [(0,)] * 19
    assert len({result.ids[0] for result in results}) == 1


@pytest.fixture
def poisonous() -> Iterator[None]:
    """The database refuses the value 666, which nobody checked before."""
    with another(autocommit=True, role=Role.OWNER) as owner:
        owner.execute(
            "ALTER TABLE observations_observation ADD CONSTRAINT poison CHECK (result_number <> 666)"
        )
        yield
        owner.execute("ALTER TABLE observations_observation DROP CONSTRAINT poison")


@pytest.mark.usefixtures("poisonous")
def test_what_only_the_database_refuses_is_found_and_the_others_are_stored() -> None:
    [number] = make_datastreams(1)

    async def story(committer: Committer) -> list[Result]:
        return await asyncio.gather(
            *(
                committer.submit([Reading(number, minutes(n), 666.0 if n in {3, 17} else 1.0)])
                for n in range(20)
            )
        )

    results = run(story)
    assert [n for n, result in enumerate(results) if result.refusals] == [3, 17]
    assert Observation.objects.count() == sum(result.stored for result in results) == 18
    assert counted() == counted_anew()


def test_a_full_queue_refuses_and_says_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    [number] = make_datastreams(1)
    monkeypatch.setattr(module, "MOST_WAITING", 10)

    async def story(committer: Committer) -> tuple[Result, Unavailable]:
        first = asyncio.create_task(committer.submit([Reading(number, minutes(n), 1.0) for n in range(10)]))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable) as refused:
            await committer.submit([Reading(number, minutes(11), 1.0)])
        return await first, refused.value

    result, refused = run(story)
    assert result.stored == 10
    assert (refused.status, "Retry-After" in refused.headers) == (503, True)
    assert Observation.objects.count() == 10


def cut_the_waiting() -> None:
    """Wait until the city waits for the datastream's counter, then end its connection as a dying server does."""
    with another(autocommit=True) as city:
        while not city.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database() AND usename = current_user"
        ).fetchall():
            time.sleep(0.02)


def test_a_connection_lost_in_the_middle_is_told_and_nothing_is_acknowledged_falsely() -> None:
    [number] = make_datastreams(1)

    async def story(committer: Committer) -> tuple[list[Any], Result]:
        with another(role=Role.OWNER) as holder:
            holder.execute("SELECT 1 FROM observations_datastreamstate FOR UPDATE")
            posts = [
                asyncio.create_task(committer.submit([Reading(number, minutes(n), 1.0)])) for n in range(5)
            ]
            await asyncio.to_thread(cut_the_waiting)
            outcomes = await asyncio.gather(*posts, return_exceptions=True)
        return outcomes, await committer.submit([Reading(number, minutes(100), 2.0)])

    outcomes, later = run(story)
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert later.stored == 1
    assert list(Observation.objects.values_list("result_number", flat=True)) == [2.0]


def test_without_a_database_every_post_is_refused_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    [number] = make_datastreams(1)
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.05)

    async def story(committer: Committer) -> list[Any]:
        settings = connection.settings_dict
        monkeypatch.setitem(settings, "NAME", "there_is_no_such_database")
        posts = (committer.submit([Reading(number, minutes(n), 1.0)]) for n in range(3))
        return await asyncio.gather(*posts, return_exceptions=True)

    outcomes = run(story)
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    monkeypatch.undo()
    assert not Observation.objects.exists()


def test_stopping_commits_what_waits_and_takes_nothing_more() -> None:
    [number] = make_datastreams(1)

    async def story(committer: Committer) -> list[Result]:
        posts = [asyncio.create_task(committer.submit([Reading(number, minutes(n), 1.0)])) for n in range(50)]
        await asyncio.sleep(0)
        await module.stop()
        with pytest.raises(Unavailable):
            await committer.submit([Reading(number, minutes(99), 1.0)])
        return await asyncio.gather(*posts)

    assert [result.stored for result in run(story)] == [1] * 50
    assert Observation.objects.count() == 50


def test_a_client_that_leaves_does_not_keep_the_others_waiting() -> None:
    [number] = make_datastreams(1)

    async def story(committer: Committer) -> Result:
        leaving = asyncio.create_task(committer.submit([Reading(number, minutes(0), 1.0)]))
        staying = asyncio.create_task(committer.submit([Reading(number, minutes(1), 1.0)]))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert run(story).stored == 1


def test_a_bulk_is_a_transaction_of_its_own() -> None:
    ids = make_datastreams(2)

    async def story(committer: Committer) -> tuple[Result, Result]:
        count = 5000
        good = Batch.columns(
            [ids[n % 2] for n in range(count)], [minutes(n) for n in range(count)], [1.0] * count
        )
        bad = Batch.columns([ids[0], 999_999_999], [minutes(0), minutes(1)], [1.0, 1.0])
        return await committer.submit_batch(good), await committer.submit_batch(bad)

    good, bad = run(story)
    assert (good.stored, bad.stored) == (5000, 0)
    assert [item.row for item in bad.refusals] == [1]
    assert sum(DatastreamState.objects.values_list("count", flat=True)) == 5000


@pytest.mark.parametrize("state", ["25006", "53100"])
def test_a_database_that_cannot_write_refuses_no_post_for_good_and_takes_the_next(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    [number] = make_datastreams(1)
    failure = psycopg.errors.lookup(state)("no")

    async def fail(*arguments: Any, **more: Any) -> Result:
        raise failure

    async def story(committer: Committer) -> tuple[list[Any], Result]:
        monkeypatch.setattr(module, "append_async", fail)
        posts = (committer.submit([Reading(number, minutes(n), 1.0)]) for n in range(3))
        failed = await asyncio.gather(*posts, return_exceptions=True)
        monkeypatch.setattr(module, "append_async", append_async)
        return failed, await committer.submit([Reading(number, minutes(9), 1.0)])

    failed, after = run(story)
    assert [type(error) for error in failed] == [Unavailable] * 3
    assert after.stored == 1
    assert not condition.is_writable()
    assert condition.worst(condition.conditions()) is condition.Level.FAILED


def test_a_commit_that_hangs_ends_and_the_next_post_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    [number] = make_datastreams(1)
    monkeypatch.setattr(module, "COMMIT_SECONDS", 0.2)

    async def story(committer: Committer) -> Result:
        async with async_pool().connection() as other:
            await other.execute("LOCK TABLE observations_datastreamstate IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(Unavailable):
                await committer.submit([Reading(number, minutes(0), 1.0)])
        return await committer.submit([Reading(number, minutes(1), 1.0)])

    assert run(story).stored == 1
