"""Days of observations as marks, for datasets whose rows come from datastreams."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from django.utils import timezone

from stadt.hub.observations import queries

FIRST_DAY = date(1970, 1, 1)


def days_of(datastream_ids: Callable[[], Sequence[int]]) -> Callable[[], Mapping[date, str]]:
    """A `marks` function: each day (UTC) on which one of the datastreams has readings, with a word that changes when
    readings are added, corrected or deleted, or when other datastreams belong to the dataset."""

    def marks() -> Mapping[date, str]:
        ids = sorted(datastream_ids())
        members = hashlib.sha256(repr(ids).encode()).hexdigest()[:16]
        end = timezone.now().date() + timedelta(days=2)
        found = queries.day_fingerprints(ids, FIRST_DAY, end) if ids else ()
        return {
            item.day: f"{members}:{item.count}:{item.max_id}:{item.changed}" for item in found if item.count
        }

    return marks
