"""Carries a change set out: one transaction for all of its changes, or none of them."""

import logging
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from stadt.core.condition import sqlstate_of
from stadt.core.errors import BadRequest, StadtError, Unavailable
from stadt.core.people.actor import Actor
from stadt.hub.observations.rights import MANAGE, WRITE
from stadt.hub.sta import answers
from stadt.hub.sta.batch.parts import Part, names_in, resource_of
from stadt.hub.sta.batch.references import Made, filled, referred
from stadt.hub.sta.batch.replies import Reply
from stadt.hub.sta.creating import cards
from stadt.hub.sta.creating.data_arrays import create_observations_inside, read_blocks
from stadt.hub.sta.creating.drafts import Draft, read_draft
from stadt.hub.sta.creating.selecting import read_selection
from stadt.hub.sta.creating.values import decode_json
from stadt.hub.sta.entities import OBSERVATION
from stadt.hub.sta.preferences import CORRECT_UNIT, prefers
from stadt.hub.sta.services import (
    Parent,
    create_entity,
    create_observations_together,
    delete_entities,
    delete_entity,
    find_identifier,
    update_entity,
    writing,
)
from stadt.hub.sta.writing import (
    CREATE_OBSERVATIONS,
    collection_at,
    collection_to_delete,
    entity_at,
    parent_of,
    require_json,
    way_of,
)

logger = logging.getLogger("stadt.request")

ATTEMPTS = 5
# Deadlock and serialisation failure (PostgreSQL's appendix A): the same changes can be made in a moment.
PASSING = frozenset({"40P01", "40001"})


class PartFailed(Exception):
    """A part that keeps its change set from being done, and why."""

    def __init__(self, part: Part, error: StadtError) -> None:
        super().__init__(error.detail)
        self.part, self.error = part, error


@dataclass(slots=True)
class Running:
    """One attempt at a change set, in the caller's transaction.

    Attributes:
        known: what earlier parts of the batch made, and then those of the set.
        referred: ids that parts of the set may refer to in their addresses.
        waiting: observations that are stored together with those that follow them.
    """

    actor: Actor
    base: str
    host: str
    until: float
    known: dict[str, Made | None]
    referred: frozenset[str] = frozenset()
    replies: dict[int, Reply] = field(default_factory=dict)
    waiting: list[tuple[int, Part, Draft, Parent | None]] = field(default_factory=list)

    def take(self, number: int, part: Part) -> None:
        """Do one part; observations are put by until something else comes.

        Raises:
            PartFailed: with the refusal.
        """
        if time.monotonic() > self.until:
            raise PartFailed(part, Unavailable("The batch takes too long; send it in parts."))
        try:
            self._take(number, part)
        except StadtError as error:
            raise PartFailed(part, error) from error

    def _take(self, number: int, part: Part) -> None:
        resource = referred(resource_of(part, self.base, self.host), self.known)
        raw, _, query = resource.partition("?")
        try:
            path = unquote_to_bytes(raw).decode()
        except UnicodeDecodeError:
            raise BadRequest("The percent-encoding of the address is not UTF-8.") from None
        if part.method != "POST":
            self.store_waiting()
            self._change(number, part, path, query)
            return
        self.actor.require(WRITE)
        require_json(part.headers.get("content-type", ""))
        if b'"$' in part.body and any(f'"${item[1].id}"'.encode() in part.body for item in self.waiting):
            self.store_waiting()
        document = decode_json(filled(part.body, self.known))
        if path == CREATE_OBSERVATIONS:
            self.store_waiting()
            ids = create_observations_inside(self.actor, read_blocks(document))
            addresses = answers.addresses(self.base, OBSERVATION.set_name, ids)
            self._reply(number, part, 201, [], addresses, None)
            return
        target = collection_at(path)
        parent = parent_of(target)
        draft = read_draft(target.entity, document, parent.navigation.inverse if parent else "")
        if target.entity is OBSERVATION and part.id not in self.referred:
            self.waiting.append((number, part, draft, parent))
            return
        self.store_waiting()
        self._created(number, part, Made(target.entity, create_entity(self.actor, draft, parent)))

    def _change(self, number: int, part: Part, path: str, query: str) -> None:
        self.actor.require(MANAGE)
        many = collection_to_delete(path) if part.method == "DELETE" else None
        if many is not None:
            count = delete_entities(self.actor, many, read_selection(many, query.encode()))
            self._reply(number, part, 200, [], b'{"@iot.count":%d}' % count, None)
            return
        target = entity_at(path, query.encode())
        entity, identifier = target.entity, find_identifier(self.actor, target)
        if part.method == "DELETE":
            delete_entity(self.actor, entity, identifier)
            self._reply(number, part, 200, [], b"", None)
            return
        way = way_of(part.method, part.headers.get("content-type", ""))
        body = decode_json(filled(part.body, self.known))
        is_correction = prefers(part.headers.get("prefer", ""), CORRECT_UNIT)
        update_entity(self.actor, entity, identifier, body, way, corrects_unit=is_correction)
        _, document = answers.reference(self.base, entity.set_name, identifier)
        self._reply(number, part, 200, [], document, Made(entity, identifier))

    def store_waiting(self) -> None:
        """Store the observations that were put by: all at once, and one by one when that is refused, to name the culprit.

        Raises:
            PartFailed: naming the part that cannot be stored.
        """
        waiting, self.waiting = self.waiting, []
        if not waiting:
            return
        try:
            ids = create_observations_together(
                self.actor, [(draft, parent) for _, _, draft, parent in waiting]
            )
        except StadtError as error:
            if is_passing(error):
                raise
            self._name_culprit(waiting, error)
        for (number, part, _, _), identifier in zip(waiting, ids, strict=True):
            self._created(number, part, Made(OBSERVATION, identifier))

    def _name_culprit(
        self, waiting: Sequence[tuple[int, Part, Draft, Parent | None]], error: StadtError
    ) -> NoReturn:
        for _, part, draft, parent in waiting:
            try:
                create_observations_together(self.actor, [(draft, parent)])
            except StadtError as found:
                raise PartFailed(part, found) from error
        raise PartFailed(waiting[-1][1], error)

    def _created(self, number: int, part: Part, made: Made) -> None:
        address, document = answers.reference(self.base, made.entity.set_name, made.id)
        self._reply(number, part, 201, [(b"location", address.encode())], document, made)

    def _reply(
        self,
        number: int,
        part: Part,
        status: int,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        made: Made | None,
    ) -> None:
        kind = [(b"content-type", answers.JSON)] if body else []
        self.replies[number] = Reply(status, [*kind, *headers], body)
        if part.id:
            self.known[part.id] = made


def run_change_set(
    actor: Actor, parts: Sequence[Part], known: Mapping[str, Made | None], base: str, host: str, until: float
) -> tuple[list[Reply], dict[str, Made | None]]:
    """Do all changes of a set in one transaction; tried again when other transactions were in the way.

    Returns:
        The replies in the order of the parts, and what is known by now.

    Raises:
        PartFailed: nothing of the set was done.
        StadtError: the transaction could not be committed; nothing was done.
    """
    named = frozenset(name for part in parts for name in names_in(resource_of(part, base, host)))
    for attempt in range(ATTEMPTS):
        running = Running(actor, base, host, until, dict(known), named)
        try:
            with writing():
                for number, part in enumerate(parts):
                    running.take(number, part)
                try:
                    running.store_waiting()
                except StadtError as error:
                    raise PartFailed(parts[-1], error) from error
        except (PartFailed, StadtError) as error:
            if not is_passing(error) or attempt + 1 == ATTEMPTS:
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - spreads writers, no secret
        else:
            cards.forget()  # only now do other transactions see what has changed
            return [running.replies[number] for number in range(len(parts))], running.known
    raise AssertionError("the last attempt returns or raises")


def is_passing(error: BaseException) -> bool:
    """Whether an error came from a deadlock or the like."""
    seen: Any = error
    while seen is not None:
        if sqlstate_of(seen) in PASSING:
            return True
        seen = seen.__cause__
    return False
