"""One observation per POST: the hot path. Typed decoding, remembered datastreams, group commit."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from stadt.core.errors import FieldError, NotFound
from stadt.core.people.actor import Actor
from stadt.hub.observations.batch import Batch, Reading, Result
from stadt.hub.observations.committer import submit
from stadt.hub.observations.multi import is_multi
from stadt.hub.observations.rights import WRITE
from stadt.hub.sta.creating.cards import Card, find_cards, recall
from stadt.hub.sta.creating.storing import NAMES
from stadt.hub.sta.creating.values import BadEntity
from stadt.hub.sta.entities import DATASTREAM, MULTI_DATASTREAM
from stadt.hub.sta.model import EntityType


class Reference(msgspec.Struct, forbid_unknown_fields=True):
    """`{"@iot.id": 5}`"""

    id: int = msgspec.field(name="@iot.id")


class PlainObservation(msgspec.Struct, forbid_unknown_fields=True):
    """What nearly every observation says. Anything else is read the long way, which names what is wrong."""

    result: float | int | bool | str | list[float | int | bool | str | None]
    phenomenonTime: datetime | None = None  # noqa: N815 - the standard's names
    resultTime: datetime | None = None  # noqa: N815
    Datastream: Reference | None = None
    MultiDatastream: Reference | None = None


DECODER = msgspec.json.Decoder(PlainObservation)
NO_PLACE = "is missing, and the Thing has no Location it could be made from"


def decode_plain(body: bytes, is_placed: bool) -> PlainObservation | None:
    """A plain observation; None for a body to be read the long way. `is_placed`: its address says where it belongs."""
    try:
        plain = DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    if is_placed + (plain.Datastream is not None) + (plain.MultiDatastream is not None) != 1:
        return None
    for moment in (plain.phenomenonTime, plain.resultTime):
        if moment is not None and moment.tzinfo is None:
            return None
    return plain


async def create_observation(
    actor: Actor, plain: PlainObservation, place: tuple[EntityType, int] | None
) -> int:
    """Store one observation; returns its id after the commit. `place` is the datastream of the address, if any.

    Raises:
        SignInNeeded, Forbidden: without `observations.write` in the datastream's organisation.
        NotFound: the datastream of the address does not exist, or the actor may not see it.
        BadEntity: the datastream of the body does not, or the observation cannot be stored.
        Unavailable: nothing was stored; post again.
    """
    actor.require(WRITE)
    is_address = place is not None
    kind, wanted = place or _named(plain)
    card = recall(wanted) or (await find_cards({wanted}, with_feature=False)).get(wanted)
    card = seen_card(actor, card, kind, wanted, is_address=is_address)
    reading = Reading(
        wanted,
        plain.phenomenonTime or datetime.now(UTC),
        plain.result,
        result_time=plain.resultTime,
        feature_of_interest_id=card.feature_id,
    )
    if card.feature_id is None:
        refuse_wrong(Batch.of([reading]))
        made = (await find_cards({wanted}, with_feature=True)).get(wanted)
        card = seen_card(actor, made, kind, wanted, is_address=is_address)
        if card.feature_id is None:
            raise BadEntity.of([FieldError("FeatureOfInterest", NO_PLACE)])
        reading = msgspec.structs.replace(reading, feature_of_interest_id=card.feature_id)
    return stored_ids(await submit([reading]))[0]


def _named(plain: PlainObservation) -> tuple[EntityType, int]:
    """What the body says it belongs to."""
    if plain.Datastream is not None:
        return DATASTREAM, plain.Datastream.id
    assert plain.MultiDatastream is not None  # noqa: S101 - by decode_plain
    return MULTI_DATASTREAM, plain.MultiDatastream.id


def refuse_wrong(batch: Batch, place: Any = None) -> None:
    """Refuse readings that cannot be stored before anything is made for them; `place` as in `stored_ids`."""
    batch.check_now()
    stored_ids(Result([], 0, (), tuple(batch.refusals[row] for row in sorted(batch.refusals))), place)


def seen_card(actor: Actor, card: Card | None, kind: EntityType, wanted: int, *, is_address: bool) -> Card:
    """The card, if the actor may write to its datastream of this kind; one it may not see does not exist."""
    if card is None or is_multi(wanted) != (kind is MULTI_DATASTREAM) or not card.is_seen_by(actor):
        if is_address:
            raise NotFound("Nothing found.")
        raise BadEntity.of([FieldError(kind.name, f"there is no {kind.name}({wanted})")])
    card.require_write(actor)
    return card


def stored_ids(result: Result, place: Any = None) -> list[int]:
    """The ids of a result; refusals become one error. `place` names a row's field in the body."""
    if result.refusals:
        raise BadEntity.of(
            FieldError(
                place(item.row, item.field) if place else NAMES.get(item.field, item.field), item.message
            )
            for item in result.refusals[:20]
        )
    return list(result.ids)
