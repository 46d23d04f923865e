"""Two thousand reports with photos in ten minutes, while residents look at the map: none is lost, and pages stay quick.

`STADT_SOAK_REPORTS` and `STADT_SOAK_SECONDS` make it smaller or larger.
"""

import asyncio
import io
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

REPORTS = int(os.environ.get("STADT_SOAK_REPORTS", "2000"))
SECONDS = float(os.environ.get("STADT_SOAK_SECONDS", "600"))
SENDERS = 8
READERS = 2
# The budget of a page (seconds), kept by 95 of 100 answers.
PAGE_SECONDS = 0.5
CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass
class Run:
    """What happened: references that were answered, times of pages, and everything that was no success."""

    references: list[str] = field(default_factory=list)
    posting: list[float] = field(default_factory=list)
    pages: dict[str, list[float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


@pytest.mark.soak
def test_two_thousand_reports_with_photos_lose_none(
    city_home: Path, start_city: Any, environment_of: Any
) -> None:
    def ask(what: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "tests.soak.reports", what],
            cwd=CHECKOUT,
            env=environment_of(city_home),
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout)

    with start_city(city_home) as city:
        made = ask("prepare")
        run = asyncio.run(_press(city, made))
        kept = ask("count")
    posting = sorted(run.posting)
    print(
        f"\n{len(run.references):,} reports with photos, median {posting[len(posting) // 2]:.3f} s, slowest {posting[-1]:.3f} s"
    )
    slow = {}
    for name, times in run.pages.items():
        ordered = sorted(times)
        usual = ordered[int(len(ordered) * 0.95)]
        print(
            f"{name}: {len(ordered):,} answers, median {ordered[len(ordered) // 2]:.3f} s, 95 of 100 within {usual:.3f} s,"
            f" slowest {ordered[-1]:.3f} s"
        )
        if usual > PAGE_SECONDS:
            slow[name] = usual
    assert run.failures == []
    assert len(run.references) == REPORTS
    assert set(run.references) - set(kept["references"]) == set()
    assert (kept["photos"], kept["missing"]) == (REPORTS, [])
    assert slow == {}


async def _press(city: Any, made: dict[str, Any]) -> Run:
    run, is_over = Run(), asyncio.Event()
    async with httpx.AsyncClient(base_url=city.url, timeout=60, trust_env=False) as client:
        code, answers = await _service(client)
        photo = _photo()

        async def sender(number: int) -> None:
            began = time.monotonic()
            for turn in range(number, REPORTS, SENDERS):
                await asyncio.sleep(max(0.0, began + turn * SECONDS / REPORTS - time.monotonic()))
                await _send(client, run, made, (code, answers), photo, turn)

        readers = [asyncio.create_task(_read(client, run, made, is_over)) for _ in range(READERS)]
        await asyncio.gather(*(sender(number) for number in range(SENDERS)))
        is_over.set()
        await asyncio.gather(*readers)
    return run


async def _service(client: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    """The first service, and an answer to each of its compulsory questions."""
    [code, *_] = [one["service_code"] for one in (await client.get("/open311/v2/services.json")).json()]
    definition = (await client.get(f"/open311/v2/services/{code}.json")).json()
    samples = {"number": "1", "datetime": "2026-11-01", "string": "Probe", "text": "Probe"}
    return code, {
        f"attribute[{one['code']}]": samples.get(one["datatype"]) or one["values"][0]["key"]
        for one in definition["attributes"]
        if one["required"]
    }


async def _send(
    client: httpx.AsyncClient,
    run: Run,
    made: dict[str, Any],
    service: tuple[str, dict[str, str]],
    photo: bytes,
    turn: int,
) -> None:
    lon, lat = made["centre"]
    chance = random.Random(turn)
    data = {
        "service_code": service[0],
        "lat": f"{lat + chance.uniform(-0.01, 0.01):.6f}",
        "long": f"{lon + chance.uniform(-0.01, 0.01):.6f}",
        "description": f"Probe der Dauerlast, Nummer {turn}: {chance.getrandbits(64):x}",
        **service[1],
    }
    asked = time.monotonic()
    answer = await client.post(
        "/open311/v2/requests.json",
        data=data,
        files={"media": (f"{turn}.jpg", photo, "image/jpeg")},
        headers={"Authorization": f"Bearer {made['secret']}"},
    )
    if answer.status_code == 200:
        run.references.append(answer.json()[0]["service_request_id"])
        run.posting.append(time.monotonic() - asked)
    else:
        run.failures.append(f"POST {answer.status_code} {answer.text[:200]}")


async def _read(client: httpx.AsyncClient, run: Run, made: dict[str, Any], is_over: asyncio.Event) -> None:
    west, south, east, north = made["bbox"]
    paths = {
        "list and map": "/melden/",
        "what the map shows": f"/melden/karte.geojson?bbox={west},{south},{east},{north}",
        "report form": "/melden/neu/",
        "Open311": "/open311/v2/requests.json?page_size=50",
    }
    turn = 0
    while not is_over.is_set():
        name, path = list(paths.items())[turn % len(paths)]
        asked = time.monotonic()
        answer = await client.get(path)
        if answer.status_code == 200:
            run.pages.setdefault(name, []).append(time.monotonic() - asked)
        else:
            run.failures.append(f"GET {path} {answer.status_code} {answer.text[:200]}")
        turn += 1
        await asyncio.sleep(0.5)


def _photo() -> bytes:
    """A photo as telephones make it, scaled down: 12 megapixels would measure the decoder alone."""
    chance = random.Random(3)
    small = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3))
    out = io.BytesIO()
    small.resize((1600, 1200)).save(out, "JPEG", quality=85)
    return out.getvalue()
