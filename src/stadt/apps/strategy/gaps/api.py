"""`/api/v1/strategy/gaps/…`: what is missing, how ready the indicators are and what the platform carries, as JSON."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field

from stadt.apps.strategy.gaps import carriage, finding, readiness
from stadt.apps.strategy.gaps.kinds import Entry, Found, Gap
from stadt.apps.strategy.gaps.state import read_state
from stadt.core.errors import NotFound

router = Router()


def load_router() -> Router:
    """The router for the platform's one HTTP interface."""
    return router


class GapOut(Schema):
    """A kind of gap: how many of `total` items have it, and of how many nobody can say yet (`unknown`)."""

    key: str
    title: str
    meaning: str
    closing: str
    about: str = Field(description="indicator, measure or frame")
    count: int
    unknown: int
    total: int


class GapEntryOut(Schema):
    """Something that has the gap; `title` as printed."""

    code: str
    title: str
    note: str


class GapList(Schema):
    """All kinds of gaps, also closed ones."""

    items: list[GapOut]


class GapWithEntries(GapOut):
    """One kind of gap with everything that has it."""

    entries: list[GapEntryOut]
    unknown_entries: list[GapEntryOut]


class ReadinessOut(Schema):
    """What an indicator has and lacks; a row that repeats another one has neither and the state `duplicate`."""

    code: str
    name: str
    state: str = Field(description="ready, incomplete or duplicate")
    met: list[str]
    missing: list[str]


class ReadinessList(Schema):
    """All printed rows of indicators."""

    criteria: list[str]
    items: list[ReadinessOut]


class CarriageOut(Schema):
    """How a measure stands to the platform; `apps` are installed and linked, `datasets` what they publish."""

    code: str
    title: str
    way: str = Field(description="carried, partner, planned, not_needed or open")
    apps: list[str]
    datasets: list[str]
    planned: str


class CarriageList(Schema):
    """All measures."""

    items: list[CarriageOut]


@router.get("", response=GapList, summary="Gaps of the strategy")
def list_gaps(request: HttpRequest) -> GapList:
    """Every kind of gap with its count."""
    return GapList(items=[GapOut(**_gap(gap, found)) for gap, found in finding.find_all(read_state())])


@router.get("/readiness", response=ReadinessList, summary="How ready the indicators are")
def list_readiness(request: HttpRequest) -> ReadinessList:
    """For each indicator which of the criteria it meets."""
    items = [
        ReadinessOut(
            code=item.indicator.code,
            name=item.indicator.name,
            state="duplicate" if item.is_duplicate else "ready" if item.is_ready else "incomplete",
            met=[criterion.key for criterion in item.met],
            missing=[criterion.key for criterion in item.missing],
        )
        for item in readiness.list_readiness(read_state())
    ]
    return ReadinessList(criteria=[item.key for item in readiness.CRITERIA], items=items)


@router.get("/coverage", response=CarriageList, summary="Which part of the platform carries which measure")
def list_coverage(request: HttpRequest) -> CarriageList:
    """For each measure the installed apps that carry it and their public datasets."""
    items = [
        CarriageOut(
            code=item.measure.code,
            title=item.measure.title,
            way=item.way.value,
            apps=[part.label for part in item.parts],
            datasets=[key for part in item.parts for key, _title in part.datasets],
            planned=item.planned,
        )
        for item in carriage.list_carriage(read_state())
    ]
    return CarriageList(items=items)


@router.get("/{key}", response=GapWithEntries, summary="One kind of gap")
def get_gap(request: HttpRequest, key: str) -> GapWithEntries:
    """One kind of gap with its list."""
    gap = finding.ALL.get(key)
    if gap is None:
        raise NotFound(f"There is no gap {key}.")
    found = gap.find(read_state())
    return GapWithEntries(
        **_gap(gap, found),
        entries=[_entry(item) for item in found.entries],
        unknown_entries=[_entry(item) for item in found.unknown],
    )


def _gap(gap: Gap, found: Found) -> dict[str, Any]:
    return {
        "key": gap.key,
        "title": gettext(gap.title),
        "meaning": gettext(gap.meaning),
        "closing": gettext(gap.closing),
        "about": gap.about.value,
        "count": found.count,
        "unknown": len(found.unknown),
        "total": found.total,
    }


def _entry(item: Entry) -> GapEntryOut:
    return GapEntryOut(code=item.code, title=item.title, note=item.note)
