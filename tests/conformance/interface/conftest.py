"""A city with one published dataset of every type of column, one indicator over it and one over the database.

Models can be imported only when Django is set up, which is after this file is read: hence the imports in the fixtures.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from stadt.core.manifest import Manifest
from stadt.core.registry import registry
from stadt.hub.datasets.tests.probe import Source, containers_of
from stadt.hub.indicators.tests.conftest import FULL_SHARE

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS = [
    {
        "id": f"c{number:02}",
        "fill": number / 3,
        "emptied": number,
        "is_simulated": number % 2 == 0,
        "since": date(2026, 3, 1),
        "seen_at": START + timedelta(hours=number),
        "geom": (7.0 + number / 100, 51.5),
    }
    for number in range(20)
]


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Requests of a test share its transaction, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def published(
    db: None, kept_connection: None, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The dataset `probe.containers` with two snapshots, of which the first is purged, two indicators with values, and the printed strategy."""
    from stadt.apps.catalogue.indicators import PUBLISHED_DATASETS
    from stadt.apps.strategy.record.services import import_printed
    from stadt.core.people.actor import Actor
    from stadt.hub.datasets.services import publish_now, purge_snapshot
    from stadt.hub.indicators.models import IndicatorValue
    from stadt.hub.indicators.services import compute_now

    folder: Path = settings.STADT.home / f"lake-{worker_id}"
    monkeypatch.setattr(settings, "STADT", replace(settings.STADT, lake=str(folder)))
    actor = Actor.system("test")
    source = Source(ROWS[:1])
    manifest = Manifest(datasets=(containers_of(source),), indicators=(FULL_SHARE,))
    registry.add(label="probe", name="probe", title="Probe", uses=(), manifest=manifest)
    publish_now(actor, "probe.containers")
    source.rows = ROWS
    publish_now(actor, "probe.containers")
    purge_snapshot(actor, "probe.containers", 1)
    for key in (FULL_SHARE.key, PUBLISHED_DATASETS.key):
        compute_now(actor, key)
    IndicatorValue.objects.filter(key=FULL_SHARE.key).update(id=1)  # addresses name a value by its number
    import_printed(actor)
    yield
    registry.apps.pop("probe", None)
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
