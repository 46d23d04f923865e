"""From messages to observations: each is created as a POST to the same place would be, with the rights of one token.

A broker outside does not tell who published: there the token that the operator gives the bridge binds what may be created.
Our own broker knows its clients: there it is the client's token.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import psycopg
from django.db import OperationalError as DjangoOperationalError
from psycopg_pool import PoolTimeout

from stadt.core import condition
from stadt.core.doors import Door, entering
from stadt.core.errors import SignInNeeded, StadtError, TooLarge, Unavailable
from stadt.core.tokens import find_actor_async
from stadt.hub.observations.rights import WRITE
from stadt.hub.sta.entities import OBSERVATION, STREAM_TYPES
from stadt.hub.sta.mqtt.state import State
from stadt.hub.sta.mqtt.wire import LARGEST_MESSAGE, ROOT
from stadt.hub.sta.syntax.problems import UnknownPath
from stadt.hub.sta.writing import collection_at, create_at, parent_of

if TYPE_CHECKING:
    from aiomqtt import Message

logger = logging.getLogger("stadt.sta")

PAUSE_SECONDS = 2.0
# The database is gone or does not answer: no message is to blame.
AWAY = (psycopg.OperationalError, PoolTimeout, DjangoOperationalError, OSError)


class _Own(msgspec.Struct):
    link: str | None = msgspec.field(default=None, name="@iot.selfLink")


OWN = msgspec.json.Decoder(_Own)


async def take(messages: "Sequence[Message]", secret: str, base: str, state: State) -> None:
    """Create the observations of some messages; returns when each is durable or refused for good.

    What cannot be stored right now is tried until it can: the broker keeps what is not acknowledged.
    """
    left = list(messages)
    while left:
        outcomes = await asyncio.gather(
            *(settle(str(message.topic), message.payload, secret, base, state) for message in left)
        )
        left = [message for message, is_done in zip(left, outcomes, strict=True) if not is_done]
        if left:
            await asyncio.sleep(PAUSE_SECONDS)


async def settle(topic: str, body: object, secret: str, base: str, state: State) -> bool:
    """Create what one message says, or refuse it, and count it; False when it is to be tried again. Raises nothing."""
    try:
        if not isinstance(body, bytes) or len(body) > LARGEST_MESSAGE:
            raise TooLarge(f"A message has at most {LARGEST_MESSAGE} bytes.")
        if _is_ours(body, base):
            state.repeated += 1
            return True
        with entering(Door.SENSORTHINGS, "", "mqtt"):
            await _create(topic, body, secret)
    except StadtError as error:
        if isinstance(error, Unavailable):
            return False
        state.refused += 1
        fields = ",".join(item.field for item in error.fields)
        logger.warning("mqtt %r %d %s fields=%s", topic[:200], error.status, error.code, fields)
    except Exception as error:
        if isinstance(error, AWAY) or condition.refusal_for(error) is not None:
            return False
        # Whatever it is, it must not end the bridge: the next message may be a good one.
        state.refused += 1
        logger.exception("mqtt %r failed", topic[:200])
    else:
        state.created += 1
    return True


async def _create(topic: str, body: bytes, secret: str) -> None:
    actor = await find_actor_async(secret, "mqtt")
    if actor is None:
        raise SignInNeeded("The token is missing, unknown, expired or revoked.")
    actor.require(WRITE)
    target = collection_at(topic.removeprefix(ROOT))
    parent = parent_of(target)
    if target.entity is not OBSERVATION or (parent is not None and parent.entity not in STREAM_TYPES):
        raise UnknownPath(1, "messages create Observations, alone or below a Datastream", "path")
    await create_at(actor, target, body)


def _is_ours(body: bytes, base: str) -> bool:
    """Whether a message is one that a city published: then it has the link to itself, which nobody else would write.

    MQTT 5 keeps our own messages away from us (no local); this holds where another bridge carries them in a circle.
    """
    try:
        return (OWN.decode(body).link or "").startswith(base)
    except (msgspec.DecodeError, RecursionError):
        return False
