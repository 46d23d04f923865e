"""The cache that all web processes share."""

import threading
import time
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection, connections

from stadt.core.shared_cache import SharedCache
from stadt.core.shared_values import SharedValue, forget_expired

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "value", [["a", 1.5], {"tief": {"er": [None, True]}}, "y", 7, "", "null", None, False]
)
def test_a_value_comes_back_as_it_was_kept(value: Any) -> None:
    cache.set("ort", value, 60)
    assert cache.get("ort", "nichts da") == value


def test_what_is_over_is_not_told() -> None:
    cache.set("ort", 1, 0)
    assert cache.get("ort") is None
    assert not cache.touch("ort", 60)
    assert not cache.delete("ort")


def test_of_two_that_add_one_succeeds_until_the_time_is_over() -> None:
    assert cache.add("schloss", "erster", 60)
    assert not cache.add("schloss", "zweiter", 60)
    assert cache.get("schloss") == "erster"
    cache.touch("schloss", 0)
    assert cache.add("schloss", "dritter", 60)


def test_a_value_can_be_removed_and_counted_up() -> None:
    cache.set("zahl", 1, 60)
    assert cache.incr("zahl") == 2
    assert cache.delete("zahl")
    assert cache.get("zahl") is None


def test_a_pickle_is_refused() -> None:
    with pytest.raises(TypeError):
        cache.set("ort", object(), 60)


def test_the_job_forgets_what_is_over_and_nothing_else() -> None:
    cache.set("alt", 1, 0)
    cache.set("neu", 1, 600)
    forget_expired()
    assert [row.key for row in SharedValue.objects.all()] == [":1:neu"]


def test_the_table_costs_no_durable_writes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'core_sharedvalue'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.django_db(transaction=True)
def test_many_that_add_at_once_make_one_winner() -> None:
    assert isinstance(caches["default"], SharedCache)
    won: list[bool] = []
    start = threading.Barrier(8)

    def attempt() -> None:
        start.wait()
        won.append(cache.add("schloss", "x", 60))
        connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=time.get_clock_info("monotonic").resolution + 60)
    assert sorted(won) == [False] * 7 + [True]
