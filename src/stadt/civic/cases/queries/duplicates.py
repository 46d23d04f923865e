"""Cases that may be the same as one that is about to be told."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that may be the same; `score` from 0 to 1, `reasons` as sentences."""

    case_id: int
    score: float
    reasons: tuple[str, ...]


def duplicate_candidates(
    type_key: str,
    category: str,
    lon: float | None,
    lat: float | None,
    text: str = "",
    asset: str = "",
    at: datetime | None = None,
    *,
    leave_out: int | None = None,
    limit: int = 5,
) -> list[Candidate]:
    """Likely duplicates, best first: same category, within its metres and days, by distance, time, text and asset."""
    raise NotImplementedError
