"""What must be known about a datastream before an observation is stored; remembered for seconds, so that a stream of
single posts asks the database once."""

import time
from dataclasses import dataclass
from typing import Any

from psycopg import RawCursor

from stadt.core.database.pool import async_pool
from stadt.core.people.actor import Actor
from stadt.hub.observations.rights import WRITE
from stadt.hub.sta.creating.features import generate_features_async
from stadt.hub.sta.creating.links import LARGEST_ID, may_see

REMEMBERED_SECONDS = 5.0
MOST_REMEMBERED = 50_000
SQL = """
SELECT d.id, coalesce(d.organisation_id, 0), d.is_public, d.feature_id
FROM observations_datastream d WHERE d.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Card:
    """A datastream as a writer needs it; `organisation_id` is 0 when it belongs to none."""

    id: int
    organisation_id: int
    is_public: bool
    feature_id: int | None
    until: float

    def is_seen_by(self, actor: Actor) -> bool:
        """Whether the actor may know that it exists."""
        return self.is_public or may_see(actor, self.organisation_id)

    def require_write(self, actor: Actor) -> None:
        """Raises Forbidden unless the actor may write to it."""
        actor.require(WRITE, self.organisation_id)


_remembered: dict[int, Card] = {}


def forget() -> None:
    """Forget all cards of this process; other processes go on with theirs for `REMEMBERED_SECONDS`."""
    _remembered.clear()


def recall(datastream_id: int) -> Card | None:
    """The card if it is remembered."""
    card = _remembered.get(datastream_id)
    return card if card is not None and card.until > time.monotonic() else None


async def find_cards(datastream_ids: set[int], *, with_feature: bool) -> dict[int, Card]:
    """The cards of datastreams that exist; with `with_feature` a feature is made for those that have none.

    A thing without location gives no feature: such a card has None.
    """
    found: dict[int, Card] = {}
    for datastream_id in datastream_ids:
        card = recall(datastream_id)
        if card is not None and (card.feature_id is not None or not with_feature):
            found[datastream_id] = card
    missing = [one for one in datastream_ids if one not in found and 0 < one <= LARGEST_ID]
    if missing:
        found |= await _fetch(missing, with_feature)
    return found


def cards_inside(cursor: "RawCursor[Any]", datastream_ids: set[int]) -> dict[int, Card]:
    """The cards of datastreams as the cursor's transaction sees them; not remembered, since it may yet fail."""
    wanted = [one for one in datastream_ids if 0 < one <= LARGEST_ID]
    rows = cursor.execute(SQL.replace("%s", "$1").encode(), (wanted,)).fetchall()
    return {row[0]: Card(row[0], row[1], row[2], row[3], time.monotonic()) for row in rows}


async def _fetch(datastream_ids: list[int], with_feature: bool) -> dict[int, Card]:
    async with async_pool().connection() as connection:
        await connection.set_autocommit(True)
        rows = await (await connection.execute(SQL, (datastream_ids,))).fetchall()
        lacking = [row[0] for row in rows if row[3] is None]
        made = await generate_features_async(connection, lacking) if with_feature and lacking else {}
    if len(_remembered) > MOST_REMEMBERED:
        _remembered.clear()
    until = time.monotonic() + REMEMBERED_SECONDS
    cards = {row[0]: Card(row[0], row[1], row[2], row[3] or made.get(row[0]), until) for row in rows}
    _remembered.update(cards)
    return cards
