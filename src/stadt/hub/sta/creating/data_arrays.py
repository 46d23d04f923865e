"""Many observations in one POST: the data array of 18-088 clause 12, read by columns and stored set-wise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from asgiref.sync import sync_to_async

from stadt.core.errors import FieldError, TooLarge
from stadt.core.people.actor import Actor
from stadt.hub.observations.append import MOST_ROWS
from stadt.hub.observations.batch import Batch, Reading
from stadt.hub.observations.committer import submit_batch
from stadt.hub.observations.rights import WRITE
from stadt.hub.sta.creating.cards import Card, cards_inside, find_cards
from stadt.hub.sta.creating.features import generate_features
from stadt.hub.sta.creating.forms import BY_ENTITY
from stadt.hub.sta.creating.links import LARGEST_ID, raw_cursor
from stadt.hub.sta.creating.observations import NO_PLACE, refuse_wrong, seen_card, stored_ids
from stadt.hub.sta.creating.storing import NAMES
from stadt.hub.sta.creating.values import BadEntity, Wrong, document, identifier, moment
from stadt.hub.sta.entities import DATASTREAM, STREAM_TYPES
from stadt.hub.sta.model import EntityType
from stadt.hub.sta.services import create_observations_about
from stadt.hub.sta.syntax.problems import hint

PLAIN = frozenset({"phenomenonTime", "resultTime", "result"})
FEATURES = frozenset({"FeatureOfInterest/id", "FeatureOfInterest/@iot.id"})
FIELDS = {item.name: item for item in BY_ENTITY["Observation"].fields}
KNOWN = (*FIELDS, *sorted(FEATURES))
MOST_BLOCKS = 10_000


class Block:
    """One datastream's rows, checked in form: `columns` by component."""

    def __init__(self, number: int, body: Any) -> None:
        self.place = f"[{number}]"
        if not isinstance(body, dict):
            raise self.wrong("", "expected an object")
        self.kind, self.datastream_id = self._datastream(body)
        components = body.get("components")
        if not isinstance(components, list) or not all(isinstance(name, str) for name in components):
            raise self.wrong("components", "expected a list of names")
        for name in components:
            if name not in KNOWN:
                raise self.wrong("components", f"unknown component '{name[:60]}'{hint(name, KNOWN)}")
        if len(set(components)) < len(components):
            raise self.wrong("components", "names a component twice")
        if "result" not in components:
            raise self.wrong("components", "'result' is missing")
        self.rows = self._rows(body, len(components))
        columns = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(components)
        self.columns: dict[str, Sequence[Any]] = dict(zip(components, columns, strict=True))

    def _datastream(self, body: dict[str, Any]) -> tuple[EntityType, int]:
        given = [kind for kind in STREAM_TYPES if body.get(kind.name) is not None]
        if len(given) > 1:
            raise self.wrong(
                given[1].name, f"a block is about a {' or a '.join(kind.name for kind in given)}"
            )
        kind = given[0] if given else DATASTREAM
        link = body.get(kind.name)
        if not isinstance(link, dict):
            raise self.wrong(kind.name, 'expected {"@iot.id": …}')
        try:
            return kind, identifier(link)
        except Wrong as wrong:
            raise self.wrong(f"{kind.name}.{wrong.field}", wrong.message) from None

    def _rows(self, body: dict[str, Any], width: int) -> list[list[Any]]:
        rows = body.get("dataArray")
        if not isinstance(rows, list):
            raise self.wrong("dataArray", "expected a list of rows")
        for number, row in enumerate(rows):
            if not isinstance(row, list) or len(row) != width:
                raise self.wrong(f"dataArray[{number}]", f"expected a list of {width} values")
        count = body.get("dataArray@iot.count")
        if count is not None and count != len(rows):
            raise self.wrong("dataArray@iot.count", f"says {count}, and there are {len(rows)} rows")
        return rows

    def wrong(self, name: str, message: str) -> BadEntity:
        """A refusal that names a field of this block."""
        return BadEntity.of([FieldError(f"{self.place}.{name}" if name else self.place, message)])


def read_blocks(body: Any) -> list[Block]:
    """The blocks of a body.

    Raises:
        BadEntity: the form is wrong.
        TooLarge: more rows than are stored at once.
    """
    if not isinstance(body, list) or not body:
        raise BadEntity.of(
            [FieldError("body", "expected a list of objects with Datastream, components and dataArray")]
        )
    if len(body) > MOST_BLOCKS:
        raise TooLarge(f"At most {MOST_BLOCKS} blocks are taken at once.")
    blocks = [Block(number, part) for number, part in enumerate(body)]
    count = sum(len(block.rows) for block in blocks)
    if count > MOST_ROWS:
        raise TooLarge(f"The body has {count} observations; at most {MOST_ROWS} are taken at once.")
    return blocks


async def create_observations(actor: Actor, blocks: list[Block]) -> list[int]:
    """Store all observations of the blocks, or none; returns their ids in order.

    Raises:
        SignInNeeded, Forbidden: without `observations.write` for one of the datastreams.
        BadEntity: naming block, row and component.
        Unavailable: nothing was stored; post again.
    """
    actor.require(WRITE)
    wanted = {block.datastream_id for block in blocks}
    cards = await find_cards(wanted, with_feature=False)
    lacking = _lacking(actor, blocks, cards)
    if not any(block.rows for block in blocks):
        return []
    if lacking:
        refuse_wrong(_batch(blocks, cards), _placing(blocks))
        cards |= await find_cards({block.datastream_id for block in lacking}, with_feature=True)
        _require_features(lacking, cards)
    if any(FEATURES & set(block.columns) for block in blocks):
        readings = [reading for block in blocks for reading in _readings(block, cards)]
        return await sync_to_async(create_observations_about)(actor, readings, _placing(blocks))
    return stored_ids(await submit_batch(_batch(blocks, cards), whole=True), _placing(blocks))


def create_observations_inside(actor: Actor, blocks: list[Block]) -> list[int]:
    """As `create_observations`, in the caller's transaction, which may have made the datastreams itself."""
    actor.require(WRITE)
    cursor = raw_cursor()
    cards = cards_inside(cursor, {block.datastream_id for block in blocks})
    lacking = _lacking(actor, blocks, cards)
    if not any(block.rows for block in blocks):
        return []
    if lacking:
        made = generate_features(cursor, sorted({block.datastream_id for block in lacking}))
        cards |= {number: replace(cards[number], feature_id=feature) for number, feature in made.items()}
        _require_features(lacking, cards)
    readings = [reading for block in blocks for reading in _readings(block, cards)]
    return create_observations_about(actor, readings, _placing(blocks))


def _lacking(actor: Actor, blocks: list[Block], cards: dict[int, Card]) -> list[Block]:
    """The blocks whose datastream has no feature yet and whose rows name none; refuses those that may not be written to."""
    for block in blocks:
        try:
            card = cards.get(block.datastream_id)
            seen_card(actor, card, block.kind, block.datastream_id, is_address=False)
        except BadEntity as refused:
            raise block.wrong(refused.fields[0].field, refused.fields[0].message) from None
    return [
        block
        for block in blocks
        if cards[block.datastream_id].feature_id is None and not FEATURES & set(block.columns)
    ]


def _require_features(lacking: list[Block], cards: dict[int, Card]) -> None:
    for block in lacking:
        if cards[block.datastream_id].feature_id is None:
            raise block.wrong("FeatureOfInterest", NO_PLACE)


def _batch(blocks: list[Block], cards: dict[int, Card]) -> Batch:
    if all(set(block.columns) <= PLAIN for block in blocks):
        return _plain_batch(blocks, cards)
    return Batch.of([reading for block in blocks for reading in _readings(block, cards)])


def _plain_batch(blocks: list[Block], cards: dict[int, Card]) -> Batch:
    now = datetime.now(UTC)
    ids: list[int] = []
    features: list[int] = []
    times: list[datetime] = []
    results: list[Any] = []
    result_times: list[datetime | None] = []
    for block in blocks:
        count = len(block.rows)
        ids += [block.datastream_id] * count
        features += [cards[block.datastream_id].feature_id or 0] * count
        times += (
            _moments(block, "phenomenonTime", now) if "phenomenonTime" in block.columns else [now] * count
        )
        results += _results(block)
        given = "resultTime" in block.columns
        result_times += _moments(block, "resultTime", None) if given else [None] * count
    batch = Batch.columns(ids, times, results, result_times=result_times)
    batch.features = np.array(features, np.int64)
    return batch


def _moments(block: Block, name: str, absent: datetime | None) -> list[Any]:
    """Times of a column. The quick way first: it knows no intervals and does not say what is wrong."""
    column = block.columns[name]
    try:
        found = [datetime.fromisoformat(text) if text is not None else absent for text in column]
    except (ValueError, TypeError):
        found = []
    if len(found) == len(column) and all(value is None or value.tzinfo is not None for value in found):
        return found
    return [
        _value(block, row, name, text, moment) if text is not None else absent
        for row, text in enumerate(column)
    ]


def _results(block: Block) -> Sequence[Any]:
    column = block.columns["result"]
    if {type(value) for value in column} <= {int, float}:
        return column
    return [_value(block, row, "result", value, FIELDS["result"].read) for row, value in enumerate(column)]


def _value(block: Block, row: int, name: str, value: Any, read: Any) -> Any:
    try:
        return read(value)
    except Wrong as wrong:
        raise block.wrong(f"dataArray[{row}].{name}", wrong.message) from None


def _readings(block: Block, cards: dict[int, Card]) -> list[Reading]:
    """Rows with components that few clients send."""
    readings = []
    names = list(block.columns)
    for number, row in enumerate(block.rows):
        values: dict[str, Any] = {}
        feature_id = cards[block.datastream_id].feature_id
        for name, value in zip(names, row, strict=True):
            if name in FEATURES:
                feature_id = _feature(block, number, name, value)
            elif value is not None or name == "result":
                values[name] = _value(block, number, name, value, FIELDS[name].read)
        start, end = values.get("phenomenonTime", (datetime.now(UTC), None))
        valid_start, valid_end = values.get("validTime", (None, None))
        reading = Reading(
            block.datastream_id,
            start,
            values["result"],
            phenomenon_time_end=end,
            result_time=values.get("resultTime"),
            result_quality=document(values.get("resultQuality")),
            valid_time_start=valid_start,
            valid_time_end=valid_end,
            parameters=values.get("parameters"),
            feature_of_interest_id=feature_id,
        )
        readings.append(reading)
    return readings


def _feature(block: Block, row: int, name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_ID:
        raise block.wrong(f"dataArray[{row}].{name}", "expected the id of a FeatureOfInterest")
    return value


def _placing(blocks: list[Block]) -> Any:
    starts = np.cumsum([0, *(len(block.rows) for block in blocks)])

    def place(row: int, name: str) -> str:
        number = int(np.searchsorted(starts, row, "right")) - 1
        return f"[{number}].dataArray[{row - int(starts[number])}].{NAMES.get(name, name)}"

    return place
