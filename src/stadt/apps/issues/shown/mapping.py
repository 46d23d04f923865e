"""From a case to its public row: what is told, what is rounded, and which cases are not told at all. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from stadt.civic.cases.catalogue import CLOSED_FACES, CaseType, Category, Face

DECIMALS = 4
"""Of a degree: 0.0001° are about 11 m to the north and 7 m to the east in Germany."""
ROLES = frozenset({"before", "after"})
LONGEST_TEXT = 2_000
HOUSE_NUMBER = re.compile(r"^(?P<street>.*?\D)\s+\d{1,4}\s*[a-zA-Z]?(?:\s*[-–/+]\s*\d{1,4}\s*[a-zA-Z]?)*$")


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored photo of a case: its public key, what it shows, and whether a person released it."""

    key: str
    role: str
    width: int
    height: int
    is_published: bool


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the case's history with the words that were written for everybody."""

    at: datetime
    face: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the projection reads of a case: neither what was told in confidence nor who told it is among it."""

    case_id: int
    reference: str
    type_key: str
    category: str
    state: str
    face: str
    received_at: datetime
    changed_at: datetime
    lon: float | None = None
    lat: float | None = None
    street: str = ""
    district_id: int | None = None
    quarter_id: int | None = None
    agency: str = ""
    planned_for: date | None = None
    closed_at: datetime | None = None
    due_at: datetime | None = None
    working_days: int | None = None
    reason: str = ""
    published_text: str = ""
    photos: Sequence[Photo] = field(default_factory=tuple)
    steps: Sequence[Step] = field(default_factory=tuple)
    weight: int = 0
    not_fixed: int = 0
    reopened: int = 0
    merged_into: str = ""
    is_example: bool = False
    is_anonymised: bool = False


def public_row(facts: CaseFacts, case_type: CaseType, zone: ZoneInfo) -> dict[str, Any] | None:
    """The columns of `PublicIssue` without `case_id`, or None when nobody outside may know of the case."""
    category = case_type.find_category(facts.category)
    if not _is_told(facts, case_type, category):
        return None
    face = Face(facts.face)
    is_closed = face in CLOSED_FACES
    closed_at = facts.closed_at.replace(microsecond=0) if facts.closed_at and is_closed else None
    closed_on = closed_at.astimezone(zone).date() if closed_at else None
    received_at = _minute(facts.received_at)
    # What was kept back at first has one step too, but a later one.
    is_untouched = len(facts.steps) < 2 and _minute(facts.changed_at) == received_at
    return {
        "reference": facts.reference,
        "type_key": facts.type_key,
        "category": facts.category,
        "face": str(face),
        "is_closed": is_closed,
        "text": _text(facts, case_type),
        "lon": _rounded(facts.lon),
        "lat": _rounded(facts.lat),
        "street": facts.street,
        "district_id": facts.district_id,
        "quarter_id": facts.quarter_id,
        "agency": facts.agency,
        "received_on": facts.received_at.astimezone(zone).date(),
        "received_at": received_at,
        # Nothing happened yet: then the change is the receipt, and told no more exactly.
        "changed_at": received_at if is_untouched else facts.changed_at,
        "planned_for": facts.planned_for if face is Face.PLANNED else None,
        "closed_on": closed_on,
        "closed_at": closed_at,
        "reason": facts.reason.strip()[:LONGEST_TEXT] if face is Face.NOT_POSSIBLE else "",
        "photos": _photos(facts, case_type),
        "history": [_told_step(step, zone, is_receipt=not number) for number, step in enumerate(facts.steps)],
        "weight": facts.weight,
        "not_fixed": facts.not_fixed,
        "reopened": facts.reopened,
        "working_days": facts.working_days if closed_on else None,
        "in_time": facts.closed_at <= facts.due_at
        if closed_on and facts.closed_at and facts.due_at
        else None,
        "merged_into": facts.merged_into,
        "is_example": facts.is_example,
    }


def street_of(address: str) -> str:
    """The street of an address: without house number, postcode and town. „Ring 12a, 12345 Ort“ gives „Ring“."""
    first = " ".join(address.split(",")[0].split())[:120]
    found = HOUSE_NUMBER.match(first)
    return found["street"].strip() if found else first


def _is_told(facts: CaseFacts, case_type: CaseType, category: Category | None) -> bool:
    if facts.is_anonymised or category is None or not category.is_public:
        return False
    state = case_type.find_state(facts.state)
    return state is not None and state.is_public


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DECIMALS)


def _text(facts: CaseFacts, case_type: CaseType) -> str:
    """Released words, and none at all where the type has never published any."""
    return "" if case_type.public.text_published == "never" else facts.published_text.strip()[:LONGEST_TEXT]


def _photos(facts: CaseFacts, case_type: CaseType) -> list[dict[str, Any]]:
    """Photos that were released. A type that publishes none keeps even those back."""
    if case_type.public.photos_published == "never":
        return []
    return [
        {"key": photo.key, "role": photo.role, "width": photo.width, "height": photo.height}
        for photo in facts.photos
        if photo.is_published and photo.role in ROLES
    ]


def _minute(moment: datetime) -> datetime:
    """When somebody told it: the minute is what programs need, the second would help to recognise who."""
    return moment.replace(second=0, microsecond=0)


def _told_step(step: Step, zone: ZoneInfo, *, is_receipt: bool) -> dict[str, str]:
    at = _minute(step.at) if is_receipt else step.at.replace(microsecond=0)
    told = at.astimezone(zone)
    return {
        "on": told.date().isoformat(),
        "at": told.isoformat(),
        "face": step.face,
        "text": step.text.strip()[:LONGEST_TEXT],
    }
