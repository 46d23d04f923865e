"""Ten minutes at a thousand observations a second, while readers ask: no error, flat memory, every reading counted.

`STADT_SOAK_SECONDS` makes it shorter or longer.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest

PER_SECOND = 1_000
CLIENTS = 50
STREAMS = 50
SECONDS = float(os.environ.get("STADT_SOAK_SECONDS", "600"))
WARM_SECONDS = 60.0
# A process that loses a kilobyte for each hundred requests would grow by more.
MOST_GROWTH = 60 * 1024 * 1024
START = datetime(2026, 5, 1, tzinfo=UTC)


@dataclass
class Run:
    """What happened: acknowledged readings, answers to readers, and everything that was no success."""

    acknowledged: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)


@pytest.fixture
def prepared(city_home: Path, start_city: Any, environment_of: Any) -> Iterator[tuple[Any, list[int], str]]:
    """A running city without demo, its fifty datastreams and a token that may write."""
    with start_city(city_home) as city:
        done = subprocess.run(
            [sys.executable, "-m", "tests.soak.prepare", str(STREAMS)],
            cwd=Path(__file__).resolve().parents[2],
            env=environment_of(city_home),
            check=True,
            capture_output=True,
            text=True,
        )
        made = json.loads(done.stdout)
        yield city, made["datastreams"], made["secret"]


@pytest.mark.soak
def test_ten_minutes_of_a_thousand_readings_a_second_lose_nothing(
    prepared: tuple[Any, list[int], str],
) -> None:
    city, streams, secret = prepared
    run = asyncio.run(_press(city, streams, secret))
    counted = sum(_count(city, stream) for stream in streams)
    rate = run.acknowledged / SECONDS
    (_, first), (_, last) = run.memory[0], run.memory[-1]
    print(
        f"\n{run.acknowledged:,} acknowledged ({rate:,.0f}/s), memory {first / 1e6:.0f} MB after the first"
        f" {run.memory[0][0]:.0f} s, {last / 1e6:.0f} MB at the end"
    )
    for name, times in run.times.items():
        ordered = sorted(times)
        median = ordered[len(ordered) // 2]
        print(f"{name}: {len(ordered):,} answers, median {median:.3f} s, slowest {ordered[-1]:.3f} s")
    assert run.failures == []
    assert counted == run.acknowledged
    assert rate > 0.95 * PER_SECOND
    assert last - first < MOST_GROWTH


async def _press(city: Any, streams: list[int], secret: str) -> Run:
    run = Run()
    end = time.monotonic() + SECONDS
    headers = {"Authorization": f"Bearer {secret}"}
    writers = [_write(_client(city, headers), run, streams[number], number, end) for number in range(CLIENTS)]
    readers = [_read(_client(city), run, streams, number, end) for number in range(4)]
    await asyncio.gather(*writers, *readers, _watch(city, run, end))
    return run


def _client(city: Any, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    """One connection for each: a pool that many share is slower than the city."""
    return httpx.AsyncClient(base_url=city.url, headers=headers, timeout=60, trust_env=False)


async def _write(client: httpx.AsyncClient, run: Run, stream: int, number: int, end: float) -> None:
    """A data array of twenty readings each second: fifty gateways, each with the sensors around it."""
    per_post = PER_SECOND // CLIENTS
    due = time.monotonic() + number / CLIENTS
    turn = 0
    while due < end:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        rows = [[_moment(turn * per_post + row), row + turn / 10] for row in range(per_post)]
        block = {
            "Datastream": {"@iot.id": stream},
            "components": ["phenomenonTime", "result"],
            "dataArray": rows,
        }
        answer = await client.post("/sta/v1.1/CreateObservations", json=[block])
        if answer.status_code == 201:
            run.acknowledged += len(answer.json())
        else:
            run.failures.append(f"POST {answer.status_code} {answer.text[:200]}")
        due += 1
        turn += 1
    await client.aclose()


async def _read(client: httpx.AsyncClient, run: Run, streams: list[int], number: int, end: float) -> None:
    newest = f"$orderby={quote('phenomenonTime desc')}&$top=100"
    latest = quote("Observations($orderby=phenomenonTime desc;$top=1),Thing")
    above = f"$filter={quote('result gt 5')}"
    turn = number
    while time.monotonic() < end:
        stream = streams[turn % len(streams)]
        name, path = (
            ("newest 100", f"Datastreams({stream})/Observations?{newest}"),
            ("latest of 50", f"Datastreams?$top=50&$expand={latest}"),
            ("filtered", f"Datastreams({stream})/Observations?{above}&$count=true&$top=10"),
            ("by path", f"Things?$filter={quote(f'Datastreams/id eq {stream}')}"),
        )[turn % 4]
        asked = time.monotonic()
        answer = await client.get(f"/sta/v1.1/{path}")
        if answer.status_code == 200:
            run.times.setdefault(name, []).append(time.monotonic() - asked)
        else:
            run.failures.append(f"GET {path} {answer.status_code} {answer.text[:200]}")
        turn += 1
        await asyncio.sleep(0.1)
    await client.aclose()


async def _watch(city: Any, run: Run, end: float) -> None:
    """Private memory of all processes of the city, from the moment when it has everything loaded."""
    began = time.monotonic()
    warm = min(WARM_SECONDS, SECONDS / 5)
    while time.monotonic() < end:
        await asyncio.sleep(min(10.0, warm))
        passed = time.monotonic() - began
        if passed >= warm:
            run.memory.append((passed, await asyncio.to_thread(_memory, city)))


def _memory(city: Any) -> int:
    """Of web and worker; PostgreSQL's buffers fill up to their fixed size."""
    total = 0
    for process in city.descendants():
        try:
            if process.name() != "postgres":
                total += process.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
    return total


def _moment(value: int) -> str:
    return (START + timedelta(seconds=value)).isoformat()


def _count(city: Any, stream: int) -> int:
    status, _, body = city.get(f"/sta/v1.1/Datastreams({stream})/Observations/$count")
    assert status == 200
    return int(body)
