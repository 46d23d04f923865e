"""A draft's quality: points, what is missing, and what a button can mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from stadt.apps.publishing import queries, words
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.opendata.quality.assessment import assess, problems_of, rating_in_words
from stadt.hub.opendata.quality.criteria import Criterion
from stadt.hub.opendata.quality.kept import known_about, record_of
from stadt.hub.opendata.rules import Finding


@dataclass(frozen=True, slots=True)
class Mend:
    """Something that could be better; `value` is what a button would write into the field, in words."""

    criterion: Criterion
    field: str
    field_title: str
    value: str
    url: str

    @property
    def has_button(self) -> bool:
        """Whether one press mends it."""
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class Quality:
    """What the pages show; `findings` are what a harvester would refuse."""

    points: int
    most: int
    rating: str
    mends: Sequence[Mend]
    findings: Sequence[Finding]


def quality_of(kept: KeptDataset) -> Quality:
    """The quality that the dataset would have if it were published as it is now."""
    record = record_of(kept)
    found = assess(record, known_about(kept))
    seen: set[str] = set()
    mends = []
    for item in found.to_mend:
        if item.fix is None or item.fix.field not in words.FIELDS or item.fix.field in seen:
            continue
        seen.add(item.fix.field)
        value = words.in_words(item.fix.field, item.fix.value) if item.fix.value else ""
        mends.append(
            Mend(item, item.fix.field, str(words.FIELDS[item.fix.field]), value, _place(kept, item.fix.field))
        )
    mends.sort(key=lambda mend: not mend.has_button)
    return Quality(found.points, found.most, rating_in_words(found), mends, problems_of(record))


def find_value(kept: KeptDataset, field: str) -> Any:
    """What the button for a field writes; None where there is none."""
    for item in assess(record_of(kept), known_about(kept)).to_mend:
        if item.fix is not None and item.fix.field == field and item.fix.value:
            return list(item.fix.value) if isinstance(item.fix.value, tuple) else item.fix.value
    return None


def _place(kept: KeptDataset, field: str) -> str:
    """Where a field is filled in: on the card, or for columns where the file is read."""
    delivery = queries.newest_delivery(kept) if field == "columns" else None
    return reverse("publishing:delivery", args=[kept.key, delivery.number]) if delivery else f"#id_{field}"
