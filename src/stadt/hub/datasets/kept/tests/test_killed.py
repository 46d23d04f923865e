"""A process that is killed while it receives, prepares or publishes leaves what was there, and nothing that stays."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from stadt.hub.datasets import queries
from stadt.hub.datasets.kept import services
from stadt.hub.datasets.kept.tests.office import KEY, MORE_TREES, Office, files_left, kept_now
from stadt.hub.datasets.models import Delivery, Part
from stadt.hub.datasets.services import sweep

DYING = """
import os, signal, sys
from dataclasses import replace
import django
from django.conf import settings
settings.STADT = replace(settings.STADT, lake=sys.argv[1])
settings.DATABASES["default"]["NAME"] = sys.argv[2]
django.setup()
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept import seam, services
from stadt.hub.datasets.kept.services import deliveries, reviews
from stadt.hub.datasets.kept.tests.office import KEY, SimpleIntake, kept_now
from stadt.hub.datasets.models import Delivery

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def half():
    yield b"id;height:number\\n" * 100_000
    die()

intake = SimpleIntake()
for name in ("recognise", "correct", "answer_of", "prepare"):
    setattr(seam, name, getattr(intake, name))
actor = Actor.system("test")
moment = sys.argv[3]
if moment == "receive":
    services.receive_delivery(actor, KEY, "x.csv", half())
newest = Delivery.objects.latest("pk").pk
if moment == "prepare":
    deliveries.describe_columns = die
    services.prepare_delivery(actor, newest)
reviews.publish = die
services.approve(actor, KEY, kept_now().revision)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["receive", "prepare", "approve"])
def test_what_was_published_stays_whole_and_the_next_one_goes_on(
    office: Office, lake: Path, moment: str
) -> None:
    office.publish()
    before = files_left()
    if moment == "prepare":
        services.read_delivery(
            office.keeper, services.receive_delivery(office.keeper, KEY, "x.csv", [MORE_TREES]).pk
        )
        before = files_left()
    if moment == "approve":
        office.deliver(MORE_TREES)
        before = files_left()
        services.submit_for_review(office.keeper, KEY, kept_now().revision)
    died = subprocess.run(
        [sys.executable, "-c", DYING, str(lake), str(connection.settings_dict["NAME"]), moment],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "stadt.config.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr
    latest = queries.get_snapshot(KEY)
    assert (latest.number, latest.row_count) == (1, 2)
    assert queries.read_rows(KEY, "SELECT count(*) FROM data") == [(2,)]
    if moment != "approve":
        assert files_left() != before
    sweep(age=timedelta(0))
    assert files_left() == before
    if moment == "approve":
        services.approve(office.approver, KEY, kept_now().revision)
    else:
        Delivery.objects.update(step="")
        office.deliver(MORE_TREES)
        office.review()
    assert (queries.get_snapshot(KEY).number, queries.get_snapshot(KEY).row_count) == (2, 3)
    named = {Path(path).name for path in Part.objects.values_list("path", flat=True)}
    assert {path.name for path in (lake / "parts").rglob("*.parquet")} == named
