"""A publisher that is killed in the middle leaves the dataset as it was."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from stadt.core.people.actor import Actor
from stadt.hub.datasets import queries, services
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.tests.probe import Source

PUBLISHER = """
import os, signal, sys
import django
from django.conf import settings
from dataclasses import replace
settings.STADT = replace(settings.STADT, lake=sys.argv[1])
settings.DATABASES["default"]["NAME"] = sys.argv[2]
django.setup()
from stadt.core.people.actor import Actor
from stadt.hub.datasets import services
from stadt.hub.datasets.tests.probe import Source, containers_of, declare

def die(*_, **__):
    print("dying", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

def rows():
    for number in range(200):
        if sys.argv[3] == "rows" and number == 100:
            die()
        yield {"id": f"new{number}", "fill": 1.0}

source = Source()
source.read = rows
declare(containers_of(source))
if sys.argv[3] == "event":
    services.publish = die
services.publish_now(Actor.system("test"), "probe.containers")
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["rows", "event"])
def test_a_killed_publisher_leaves_the_last_snapshot_whole_and_the_next_one_goes_on(
    containers: Dataset, source: Source, actor: Actor, lake: Path, moment: str
) -> None:
    services.publish_now(actor, containers.key)
    name = str(connection.settings_dict["NAME"])
    died = subprocess.run(
        [sys.executable, "-c", PUBLISHER, str(lake), name, moment],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "stadt.config.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    latest = queries.get_snapshot(containers.key)
    assert (latest.number, latest.row_count) == (1, 2)
    assert queries.read_rows(containers.key, "SELECT count(*) FROM data") == [(2,)]
    left = [path for path in lake.rglob("*") if path.is_file()]
    assert len(left) > 1
    source.rows = [{"id": f"new{number}", "fill": 1.0} for number in range(200)]
    after = services.publish_now(actor, containers.key)
    assert after is not None
    assert (after.number, after.row_count) == (2, 200)
    services.sweep(age=timedelta(0))
    assert {path.name for path in (lake / "parts").rglob("*.parquet")} == {
        Path(part.path).name
        for number in (1, 2)
        for part in queries.get_snapshot(containers.key, number).parts
    }
    assert [path for path in (lake / "work").rglob("*") if path.is_file()] == []
