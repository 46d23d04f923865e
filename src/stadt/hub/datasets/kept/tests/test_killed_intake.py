"""A worker that is killed while the intake reads or prepares leaves no process and no file; the next try goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connection

from stadt.hub.datasets import queries
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.tests.office import CARD, Office, kept_now
from stadt.hub.datasets.models import Delivery
from stadt.hub.datasets.services import sweep

KEY = "probe.counts"
ROWS = 20_000
WORKER = """
import sys
from dataclasses import replace
import django
from django.conf import settings
settings.STADT = replace(settings.STADT, lake=sys.argv[1])
settings.DATABASES["default"]["NAME"] = sys.argv[2]
django.setup()
from stadt.hub.datasets.kept import jobs
getattr(jobs, sys.argv[3])(delivery_id=int(sys.argv[4]))
"""


def look_until(found: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not found():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def readers(process: int) -> list[psutil.Process]:
    """The processes that read a file for this one."""
    return psutil.Process(process).children(recursive=True)


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("job", ["read_delivery", "prepare_delivery"])
def test_nothing_of_it_stays_and_the_job_is_done_by_the_next(lake: Path, job: str) -> None:
    office = Office()
    services.start_dataset(office.keeper, office.organisation.pk, {**CARD, "key": KEY})
    lines = [f"{number};Stelle {number % 9};{number % 1000},5\r\n".encode() for number in range(ROWS)]
    delivery = services.receive_delivery(office.keeper, KEY, "x.csv", [b"Nr.;Ort;Wert\r\n", *lines])
    if job == "prepare_delivery":
        services.read_delivery(office.keeper, delivery.pk)
    before = sorted(path for path in lake.rglob("*") if path.is_file())
    worker = subprocess.Popen(
        [
            sys.executable,
            "-c",
            WORKER,
            str(lake),
            str(connection.settings_dict["NAME"]),
            job,
            str(delivery.pk),
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "stadt.config.settings"},
    )
    # It reads as soon as its folder of work is there.
    look_until(lambda: list((lake / "deliveries").rglob("intake-*")) and readers(worker.pid))
    [reading] = readers(worker.pid)
    worker.kill()
    assert worker.wait(30) == -signal.SIGKILL
    look_until(lambda: not is_alive(reading))
    assert queries.find_public(KEY) is None
    sweep(age=timedelta(0))
    assert sorted(path for path in lake.rglob("*") if path.is_file()) == before
    assert list((lake / "deliveries").rglob("intake-*")) == []
    services.read_delivery(office.keeper, delivery.pk)
    again = services.prepare_delivery(office.keeper, delivery.pk)
    assert (again.state, again.row_count) == ("prepared", ROWS), again.problems
    assert Delivery.objects.get(pk=delivery.pk).step == ""
    services.submit_for_review(office.keeper, KEY, kept_now(KEY).revision)
    services.approve(office.approver, KEY, kept_now(KEY).revision)
    assert queries.get_snapshot(KEY).row_count == ROWS
