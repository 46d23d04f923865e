"""A lake of its own for each test, and a made-up app with a dataset and an indicator over it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from stadt.core.manifest import Manifest
from stadt.core.registry import registry
from stadt.hub.datasets.declaration import Boolean, Column, Dataset, Integer, Number, Text
from stadt.hub.datasets.tests.lake import actor, lake, lake_folder
from stadt.hub.indicators.declaration import Figure, Indicator, Period, PeriodKind

if TYPE_CHECKING:
    from stadt.hub.indicators.sources import Sources
    from stadt.hub.places.queries import Area

# Fixtures that the tests here take by name.
__all__ = ["actor", "lake", "lake_folder"]

NO_CONTAINERS = "Es sind keine Behälter erfasst."


def fullness(period: Period, place: "Area | None", sources: "Sources") -> Figure:
    [(full, total)] = sources.ask(
        "probe.containers", "SELECT count(*) FILTER (fill >= ?), count(*) FROM data", 80
    )
    return Figure.share(full, total, reason=NO_CONTAINERS)


@dataclass
class Probe:
    """The made-up app: rows and computation that a test can change."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def read(self) -> list[dict[str, Any]]:
        return list(self.rows)

    def declare(self, indicator: Indicator) -> None:
        containers = Dataset(
            key="probe.containers",
            title="Behälter",
            description="",
            rows=self.read,
            columns=(
                Column("id", Text),
                Column("fill", Number, unit="%"),
                Column("is_simulated", Boolean),
                Column("observation_id", Integer),
            ),
            simulated="is_simulated",
            refresh=timedelta(minutes=15),
        )
        manifest = Manifest(datasets=(containers,), indicators=(indicator,))
        registry.add(label="probe", name="probe", title="Probe", uses=(), manifest=manifest)


FULL_SHARE = Indicator(
    key="probe.full_share",
    title="Anteil voller Behälter",
    unit="%",
    description="Wie viele Behälter fast voll sind.",
    formula="Behälter mit mindestens 80 % Füllung durch alle Behälter",
    numerator="Volle Behälter",
    denominator="Alle Behälter",
    source="Füllstandssensoren",
    compute=fullness,
    period=PeriodKind.DAY,
    digits=1,
)


@pytest.fixture
def probe() -> Iterator[Probe]:
    """Three containers of which one is full, none simulated."""
    made = Probe(
        [{"id": str(n), "fill": fill, "is_simulated": False} for n, fill in enumerate((90.0, 20.0, 30.0))]
    )
    made.declare(FULL_SHARE)
    yield made
    registry.apps.pop("probe", None)
