"""Which address and role a process takes, and that its connections survive a restart of the server."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest
from psycopg import errors

from stadt.core.database import Role, django_settings, parameters
from stadt.core.database.pool import async_pool, close_async_pool
from stadt.core.environment import load
from stadt.core.secrets import secret

ELSEWHERE = {"STADT_HOME": "/nonexistent", "DATABASE_URL": "postgresql://app:secret@db.example:6432/city"}


def test_a_server_elsewhere_is_reached_by_its_address() -> None:
    found = parameters(load(ELSEWHERE))
    assert (found["host"], found["port"], found["user"], found["dbname"]) == (
        "db.example",
        "6432",
        "app",
        "city",
    )


def test_the_owner_elsewhere_may_have_an_address_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parameters(load(ELSEWHERE), Role.OWNER)["user"] == "app"
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db.example/city")
    assert parameters(load(ELSEWHERE), Role.OWNER)["user"] == "owner"
    assert parameters(load(ELSEWHERE), Role.APP)["user"] == "app"


def test_reading_elsewhere_is_the_same_login_without_writing() -> None:
    found = parameters(load(ELSEWHERE), Role.READ)
    assert found["user"] == "app"
    assert "default_transaction_read_only=on" in found["options"]


def test_the_running_city_uses_a_pool_and_a_migration_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STADT_DATABASE_ROLE", "app")
    assert django_settings(load(ELSEWHERE))["OPTIONS"]["pool"]["max_size"] == 12
    monkeypatch.setenv("STADT_DATABASE_ROLE", "owner")
    assert "pool" not in django_settings(load(ELSEWHERE))["OPTIONS"]


@pytest.mark.django_db
def test_a_handler_works_as_the_app_in_the_tests_own_database() -> None:
    async def ask() -> tuple[object, ...] | None:
        try:
            async with async_pool().connection() as connection:
                cursor = await connection.execute("SELECT current_user, current_database() LIKE 'test%%'")
                return await cursor.fetchone()
        finally:
            await close_async_pool()

    assert asyncio.run(ask()) == ("stadt_app", True)


@pytest.mark.django_db
def test_a_connection_the_server_closed_is_replaced_before_it_is_handed_out() -> None:
    async def lose_and_ask() -> tuple[object, ...] | None:
        try:
            async with async_pool().connection() as connection:
                with pytest.raises(errors.AdminShutdown):
                    await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            async with async_pool().connection() as connection, async_pool().connection() as other:
                pid = connection.info.backend_pid
                await other.execute("SELECT pg_terminate_backend(%s)", [pid])
                await asyncio.sleep(0.1)
            async with async_pool().connection() as connection:
                cursor = await connection.execute("SELECT 1")
                return await cursor.fetchone()
        finally:
            await close_async_pool()

    assert asyncio.run(lose_and_ask()) == (1,)


@pytest.mark.django_db
def test_a_block_is_one_transaction() -> None:
    async def fail_in_the_middle() -> None:
        async with async_pool().connection() as connection:
            await connection.execute("INSERT INTO core_setting (key, value) VALUES ('half', '1')")
            await connection.execute("SELECT 1 / 0")

    async def try_and_count() -> tuple[object, ...] | None:
        try:
            with pytest.raises(errors.DivisionByZero):
                await fail_in_the_middle()
            async with async_pool().connection() as connection:
                cursor = await connection.execute("SELECT count(*) FROM core_setting WHERE key = 'half'")
                return await cursor.fetchone()
        finally:
            await close_async_pool()

    assert asyncio.run(try_and_count()) == (0,)


def test_a_secret_is_generated_once_and_closed_to_others(tmp_path: Path) -> None:
    first = secret(tmp_path, "key")
    assert len(first) >= 43
    assert secret(tmp_path, "key") == first
    assert (tmp_path / "secrets" / "key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / "secrets").iterdir()] == ["key"]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_a_child_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    program = (
        "import signal, subprocess, sys, time\n"
        "from stadt.core.database.parent import die_with_parent\n"
        "child = subprocess.Popen(['sleep', '300'], preexec_fn=die_with_parent(signal.SIGTERM))\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(300)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()
    for _ in range(200):
        if not is_running(pid):
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
