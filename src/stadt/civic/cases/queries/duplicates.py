"""Cases that may be the same as one that is about to be told."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import FloatField, Q, Value
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.cases import versions
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries.searching import METRES_PER_DEGREE, near

MOST_COMPARED = 50
ALIKE = 0.3
"""From here on trigrams call two texts alike (the default of pg_trgm)."""
NEARNESS, RECENCY, WORDS = 0.6, 0.2, 0.2
SAME_THING = 0.9


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
    decimals: int | None = None,
) -> list[Candidate]:
    """Likely duplicates, best first: same category, within its metres and days, by distance, time, text and asset. Two queries.

    Args:
        decimals: of the degrees that everybody may know of a case. Whoever shows candidates outside gives it: then places
            are compared as rounded, and texts as released, because who asks often enough finds out what is compared.
    """
    own = versions.get_type(type_key).find_category(category)
    if own is None or not own.duplicate_days:
        return []
    at = at or timezone.now()
    wanted = Q(pk__in=())
    if lon is not None and lat is not None and own.duplicate_metres:
        # Rounding moves a place; what lies too far is left out by the exact comparison below.
        wanted |= near(
            lon, lat, own.duplicate_metres + (METRES_PER_DEGREE * 10.0**-decimals if decimals else 0.0)
        )
    if asset:
        wanted |= Q(asset=asset)
    found = Case.objects.filter(
        wanted,
        type_key=type_key,
        category=category,
        received_at__gt=at - timedelta(days=own.duplicate_days),
        duplicate_of=None,
        anonymised_at=None,
    ).exclude(pk=leave_out or 0)
    likeness = (
        TrigramSimilarity("text" if decimals is None else "published_text", text[:500])
        if text.strip() and "\x00" not in text
        else Value(0.0, output_field=FloatField())
    )
    rows = (
        found.annotate(likeness=likeness).order_by("-received_at").defer("search", "answers")[:MOST_COMPARED]
    )
    reach = (own.duplicate_metres, own.duplicate_days)
    compared = [_compare(_rounded(row, decimals), row.likeness, lon, lat, asset, at, *reach) for row in rows]
    candidates = [one for one in compared if one is not None]
    return sorted(candidates, key=lambda one: (-one.score, one.case_id))[:limit]


def distance(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two points of a city; flat, which is exact to a part in a thousand over some kilometres."""
    aside = (lon - other_lon) * math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot(aside, lat - other_lat) * METRES_PER_DEGREE


def _rounded(row: Case, decimals: int | None) -> Case:
    """The case where everybody may know it to be; it is not to be saved."""
    if decimals is not None and row.lon is not None and row.lat is not None:
        row.lon, row.lat = round(row.lon, decimals), round(row.lat, decimals)
    return row


def _compare(
    row: Case,
    likeness: float,
    lon: float | None,
    lat: float | None,
    asset: str,
    at: datetime,
    metres: int,
    days: int,
) -> Candidate | None:
    reasons, score = [], 0.0
    is_same_thing = bool(asset) and row.asset == asset
    if is_same_thing:
        reasons.append(gettext("dieselbe Sache: %(asset)s") % {"asset": asset})
        score = SAME_THING
    if lon is not None and lat is not None and row.lon is not None and row.lat is not None:
        away = distance(lon, lat, row.lon, row.lat)
        if away > metres and not is_same_thing:
            return None
        if away <= metres:
            reasons.append(gettext("%(metres)d Meter entfernt") % {"metres": round(away)})
            score = max(score, NEARNESS * (1 - away / metres / 2))
    age = max((at - row.received_at).days, 0)
    reasons.append(_when(age))
    score += RECENCY * max(1 - age / days, 0)
    if likeness >= ALIKE:
        reasons.append(gettext("ähnlicher Text"))
    score += WORDS * min(likeness, 1.0)
    return Candidate(row.pk, round(min(score, 1.0), 3), tuple(reasons))


def _when(age: int) -> str:
    if age > 1:
        return gettext("vor %(days)d Tagen gemeldet") % {"days": age}
    return gettext("gestern gemeldet") if age else gettext("heute gemeldet")
