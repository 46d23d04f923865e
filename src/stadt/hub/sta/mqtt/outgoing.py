"""From the feed of changes to messages: what everybody may see, on the topics of 18-088, clause 14.2.

A broker does not tell who subscribed to what, nor who may see what: it gets what is public, on a bounded set of topics.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from stadt.core.errors import ConfigurationError, StadtError
from stadt.hub.observations.feed import Change, Cursor
from stadt.hub.observations.multi import is_multi
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.compiler.plans import Form
from stadt.hub.sta.entities import DATASTREAM, ENTITY_TYPES, MULTI_DATASTREAM, OBSERVATION
from stadt.hub.sta.live.selection import Selection
from stadt.hub.sta.model import EntityType
from stadt.hub.sta.mqtt.wire import ROOT
from stadt.hub.sta.reading import Connection

MOST_MORE_TOPICS = 100
# The two properties that nearly every subscriber wants, in both orders, below every datastream.
SELECTIONS = (("result", "phenomenonTime"), ("phenomenonTime", "result"))
Raw = dict[str, msgspec.Raw]
DECODER = msgspec.json.Decoder(Raw)
# Columns of which the property has another name than its column in camel case.
RENAMED = {
    "moved_to": "phenomenonTime",
    "phenomenon_time_end": "phenomenonTime",
    "valid_time_start": "validTime",
    "valid_time_end": "validTime",
}


class Message(NamedTuple):
    """One message to publish."""

    topic: str
    payload: bytes


class Topics:
    """Everything that is published, compiled once. `more` are further resources, such as `Things(1)/Datastreams`.

    Raises:
        ConfigurationError: one of the further topics cannot be listened to.
    """

    def __init__(self, base: str, more: Sequence[str] = ()) -> None:
        if len(more) > MOST_MORE_TOPICS:
            raise ConfigurationError(f"STADT_MQTT_TOPICS nennt mehr als {MOST_MORE_TOPICS} Themen.")
        self.sets = [
            (entity, Selection(entity.set_name, b"", Visibility.PUBLIC, base)) for entity in ENTITY_TYPES
        ]
        self.more = [(f"{ROOT}{topic}", _selection(topic, base)) for topic in more]

    async def messages(
        self, connection: Connection, changes: Sequence[Change], start: Cursor
    ) -> list[Message]:
        """The messages of some changes, in the order of the feed within each topic."""
        found: list[Message] = []
        by_place = {(change.transaction, change.id): change for change in changes}
        present = {change.entity for change in changes}
        for entity, selection in self.sets:
            if entity.name not in present:
                continue
            for shown in await selection.shown(connection, changes, start):
                change = by_place[shown.cursor.transaction, shown.cursor.id]
                found += _messages(entity, change, shown.id, shown.body)
        for topic, selection in self.more:
            if selection.target.entity.name in present:
                shown_now = await selection.shown(connection, concerning(selection, changes), start)
                found += [Message(topic, payload(selection, shown.body)) for shown in shown_now]
        return found


def _selection(topic: str, base: str) -> Selection:
    path, _, query = topic.partition("?")
    try:
        return Selection(path, query.encode(), Visibility.PUBLIC, base)
    except StadtError as error:
        raise ConfigurationError(f"STADT_MQTT_TOPICS: „{topic}“: {error.detail}") from None


def _messages(entity: EntityType, change: Change, number: int, body: bytes) -> list[Message]:
    """Of one entity: to its set, to itself, and to those of its properties that changed."""
    found = [Message(f"{ROOT}{entity.set_name}", body)]
    if entity is OBSERVATION:
        stream = change.datastream_ids[change.ids.index(number)]
        kind = MULTI_DATASTREAM if is_multi(stream) else DATASTREAM
        below = f"{ROOT}{kind.set_name}({stream})/Observations"
        found.append(Message(below, body))
        parts = DECODER.decode(body)
        for names in SELECTIONS:
            chosen = {name: parts[name] for name in names if name in parts}
            found.append(Message(f"{below}?$select={','.join(names)}", msgspec.json.encode(chosen)))
    if not change.is_new:  # nobody can have subscribed to an id that did not exist
        parts = DECODER.decode(body)
        place = f"{ROOT}{entity.set_name}({number})"
        found.append(Message(place, body))
        for name in changed_properties(entity, change):
            value = parts.get(name, msgspec.Raw(b"null"))
            found.append(Message(f"{place}/{name}", msgspec.json.encode({name: value})))
    return found


def concerning(selection: Selection, changes: Sequence[Change]) -> list[Change]:
    """The changes that a resource can show: of a property those that changed it."""
    entity, plan = selection.target.entity, selection.plan
    found = [change for change in changes if change.entity == entity.name]
    if plan.form is Form.PROPERTY:
        return [change for change in found if plan.name in changed_properties(entity, change)]
    return found


def payload(selection: Selection, body: bytes) -> bytes:
    """An entity as it is; a property with its name, as a GET shows it (18-088, 14.2.4)."""
    plan = selection.plan
    return msgspec.json.encode({plan.name: msgspec.Raw(body)}) if plan.form is Form.PROPERTY else body


def changed_properties(entity: EntityType, change: Change) -> list[str]:
    """The properties of the standard among the columns that changed."""
    names = {RENAMED.get(name) or _camel(name) for name in change.names}
    return [item.name for item in entity.properties if item.name in names]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
