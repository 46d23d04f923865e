"""The web process's way into the intake: messages that wait together are stored in one transaction."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from weakref import WeakKeyDictionary

import psycopg
from django.db import Error as DatabaseError
from django.db import OperationalError, close_old_connections, connection

from stadt.core.condition import note_failure
from stadt.core.errors import StadtError, Unavailable
from stadt.hub.ingest.bookkeeping import count_refusals
from stadt.hub.ingest.intake import Accepted, accept_uplinks
from stadt.hub.ingest.models import Source
from stadt.hub.ingest.tts import Uplink

logger = logging.getLogger("stadt.ingest")

MOST_WAITING = 5000
LARGEST_BATCH = 250
TRIES = 3

_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ingest")


@dataclass(slots=True)
class _Waiting:
    source_id: int
    uplink: Uplink
    answer: asyncio.Future[Accepted]


@dataclass(slots=True)
class Gate:
    """The queue of one event loop. A message is answered only after the commit of its readings."""

    waiting: deque[_Waiting] = field(default_factory=deque)
    drain: asyncio.Task[None] | None = None

    async def submit(self, source_id: int, uplink: Uplink) -> Accepted:
        """Have a message stored.

        Raises:
            Invalid: what is wrong with the message, its device or its payload.
            Unavailable: too many messages wait, or the database is away; nothing was stored.
        """
        if len(self.waiting) >= MOST_WAITING:
            raise Unavailable("Too many messages wait to be stored; send this one again later.")
        answer: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self.waiting.append(_Waiting(source_id, uplink, answer))
        if self.drain is None or self.drain.done():
            self.drain = asyncio.create_task(self._drain())
        return await answer

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self.waiting:
            batch = [self.waiting.popleft() for _ in range(min(len(self.waiting), LARGEST_BATCH))]
            messages = [(item.source_id, item.uplink) for item in batch]
            outcomes = await loop.run_in_executor(_executor, store, messages)
            for item, outcome in zip(batch, outcomes, strict=True):
                if item.answer.done():
                    continue  # whoever asked has left; the message is stored all the same
                if isinstance(outcome, StadtError):
                    item.answer.set_exception(outcome)
                else:
                    item.answer.set_result(outcome)


_gates: WeakKeyDictionary[asyncio.AbstractEventLoop, Gate] = WeakKeyDictionary()


def gate() -> Gate:
    """The gate of the running event loop."""
    return _gates.setdefault(asyncio.get_running_loop(), Gate())


async def count_refusal(source_id: int, device_id: str, code: str, field_path: str) -> None:
    """Count a refused message for the operator's list; a database that is away is no reason to answer differently."""
    await asyncio.get_running_loop().run_in_executor(
        _executor, _count_refusal, source_id, (device_id, code, field_path)
    )


def _count_refusal(source_id: int, refusal: tuple[str, str, str]) -> None:
    try:
        close_old_connections()
        count_refusals(source_id, [refusal])
    except DatabaseError:
        logger.warning("a refused message of source %d could not be counted", source_id)
    finally:
        connection.close()


def store(messages: Sequence[tuple[int, Uplink]]) -> list[Accepted | StadtError]:
    """Store messages of any sources, one transaction for each source. Blocking; called in the gate's thread."""
    outcomes: list[Accepted | StadtError] = [Unavailable()] * len(messages)
    order = sorted(range(len(messages)), key=lambda place: messages[place][0])
    try:
        close_old_connections()
        for source_id, places in groupby(order, key=lambda place: messages[place][0]):
            group = list(places)
            uplinks = [messages[place][1] for place in group]
            for place, outcome in zip(group, _store_group(source_id, uplinks), strict=True):
                outcomes[place] = outcome
    finally:
        connection.close()
    return outcomes


def _store_group(source_id: int, uplinks: Sequence[Uplink]) -> Sequence[Accepted | StadtError]:
    """One source's messages; when storing them together fails for a reason unknown, each is tried alone."""
    for attempt in range(TRIES):
        try:
            return accept_uplinks(Source.objects.get(pk=source_id), uplinks)
        except (
            OperationalError,
            psycopg.OperationalError,
        ) as error:  # deadlock, lost connection; `append` is below Django
            logger.warning(
                "storing %d messages failed (try %d): %s", len(uplinks), attempt + 1, type(error).__name__
            )
            connection.close()
            if note_failure(error):
                break
        except Exception as error:
            if note_failure(error):  # a server that only reads
                break
            if len(uplinks) == 1:
                if isinstance(error, StadtError):  # the store refuses a reading, and says which
                    return [error]
                logger.exception("a message of source %d could not be stored", source_id)
                return [StadtError("The message could not be stored; the error is noted.")]
            return [_store_group(source_id, [uplink])[0] for uplink in uplinks]
    return [Unavailable("The database is away; send the message again later.")] * len(uplinks)
