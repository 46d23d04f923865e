"""DuckDB stays inside its limits: no file outside the lake, no long query, no changed setting."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pytest

from stadt.core.errors import Unavailable
from stadt.hub.lake.engine import Engine, literal, quoted

ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 3"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(tmp_path_factory.mktemp("lake"))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '/tmp/outside.csv'",
        "ATTACH '/tmp/outside.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM ST_Read('/etc/hostname')",
        "SET threads = 8",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SELECT * FROM read_parquet('https://example.org/x.parquet')",
    ],
)
def test_nothing_outside_the_lake_can_be_read_written_loaded_or_switched_on(engine: Engine, sql: str) -> None:
    with pytest.raises((duckdb.Error, Unavailable)):
        engine.ask(sql)


def test_a_path_that_climbs_out_of_the_lake_is_refused(engine: Engine) -> None:
    with pytest.raises((duckdb.Error, Unavailable)):
        engine.ask(f"SELECT * FROM read_text({literal(str(engine.root / '..' / '..' / 'x'))})")


def test_a_long_query_is_interrupted_and_the_next_one_runs(engine: Engine) -> None:
    with pytest.raises(Unavailable, match="too long"):
        engine.ask(ENDLESS, seconds=0.2)
    assert engine.ask("SELECT 1") == [(1,)]


def test_a_query_that_needs_too_much_memory_is_stopped(engine: Engine) -> None:
    with pytest.raises(Unavailable):
        engine.ask("SELECT list(range) FROM range(200000000)", seconds=20)
    assert engine.ask("SELECT 1") == [(1,)]


def test_only_a_few_queries_run_at_a_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stadt.hub.lake.engine.WAIT_SECONDS", 0.05)
    refused: list[str] = []
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        try:
            engine.ask(ENDLESS, seconds=1.0)
        except Unavailable as error:
            refused.append(error.detail)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("Too many" in detail for detail in refused) == 2
    assert sum("too long" in detail for detail in refused) == 2


def test_each_query_sees_its_own_view(engine: Engine) -> None:
    found: dict[int, object] = {}

    def run(number: int) -> None:
        found[number] = engine.ask("SELECT x FROM data", view=f"SELECT {number} AS x")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [(number,)] for number in range(8)}


def test_times_are_compared_in_utc_and_come_back_aware(engine: Engine) -> None:
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    in_berlin = noon.astimezone(timezone(timedelta(hours=1)))
    view = "SELECT TIMESTAMP '2026-11-21 12:00:00' AS t"
    assert engine.ask("SELECT t, t = ? FROM data", [in_berlin], view=view) == [(noon, True)]
    with pytest.raises(ValueError, match="naive"):
        engine.ask("SELECT ?", [noon.replace(tzinfo=None)])


def test_names_and_words_cannot_break_out() -> None:
    assert literal("a'; DROP TABLE x; --") == "'a''; DROP TABLE x; --'"
    assert quoted('a" FROM x') == '"a"" FROM x"'


def test_the_extension_comes_from_the_wheel_and_the_folder_is_made(tmp_path: Path) -> None:
    fresh = Engine(tmp_path / "new" / "lake")
    assert fresh.ask("SELECT ST_X(ST_Point(7, 51))") == [(7.0,)]
    assert (tmp_path / "new" / "lake").is_dir()
