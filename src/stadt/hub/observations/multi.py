"""MultiDatastreams (18-088, clause 12): datastreams whose every result is a list, one value for each property observed.

They are rows of the datastreams' table with ids of a range of their own, so that one key space serves the observations
and the kind is known from the id alone.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from stadt.hub.observations.batch import Batch, Integers

# Below 2^53 there is room for 9,006 billion of them; the table's constraint keeps both kinds apart.
FIRST_MULTI_ID = 1_000_000_000_000

COMPLEX = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation"
NO_UNIT = {"name": None, "symbol": None, "definition": None}

NEXT_ID = "SELECT nextval('observations_multidatastream_id_seq')"

WIDTHS = """
SELECT coalesce(array_agg(id ORDER BY id), '{}'),
       coalesce(array_agg(jsonb_array_length(unit_of_measurements)::bigint ORDER BY id), '{}')
FROM observations_datastream WHERE id = ANY(%b)
"""


def is_multi(datastream_id: int) -> bool:
    """Whether an id is that of a MultiDatastream."""
    return datastream_id >= FIRST_MULTI_ID


def multi_ids(batch: Batch, rows: Integers) -> Integers:
    """The MultiDatastreams that these rows belong to, each once."""
    ids = batch.datastream_ids[rows]
    return np.unique(ids[ids >= FIRST_MULTI_ID])


def refuse_other_widths(batch: Batch, widths: Mapping[int, int]) -> bool:
    """Refuse results that are no list of as many values as their MultiDatastream observes; `widths` are by its id.

    The size never changes once a MultiDatastream is made, so that what is stored stays right (`req/multi-datastream/
    constraints`).

    Returns:
        Whether a row was refused.
    """
    before = len(batch.refusals)
    for row in np.flatnonzero(batch.datastream_ids >= FIRST_MULTI_ID).tolist():
        width = widths.get(int(batch.datastream_ids[row]))
        text = batch.result_json[row] if batch.result_json is not None else None
        if width is not None and _length(text) != width:
            batch.refuse(row, "result", f"expected a list of {width} values, one for each ObservedProperty")
    return len(batch.refusals) > before


def _length(text: str | None) -> int | None:
    found: Any = None if text is None else msgspec.json.decode(text)
    return len(found) if isinstance(found, list) else None
