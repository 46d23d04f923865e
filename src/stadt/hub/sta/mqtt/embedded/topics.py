"""What one client listens to: each topic is an address, compiled with that client's eyes, with a place in the feed."""

from collections.abc import Sequence
from dataclasses import dataclass

from stadt.core.errors import BadRequest, TooMany
from stadt.hub.observations.feed import Change, Cursor, Place, find_place
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.live.selection import Selection, selection
from stadt.hub.sta.live.tail import Tail
from stadt.hub.sta.mqtt.outgoing import concerning, payload
from stadt.hub.sta.mqtt.wire import ROOT

LONGEST_TOPIC = 4_000
MOST_TOPICS = 50


@dataclass
class Topic:
    """One subscription, begun at `place`. Everything up to `cursor` was sent, or lay before it."""

    name: str
    chosen: Selection
    quality: int
    place: Place
    cursor: Cursor


async def open_topic(name: str, quality: int, viewer: Visibility, base: str, followed: Tail) -> Topic:
    """A subscription that begins now; quality 2 is served as 1.

    Raises:
        StadtError: the topic is no resource, has a wildcard, or leads through what is not there for this viewer.
    """
    if not name.startswith(ROOT) or "+" in name or "#" in name:
        raise BadRequest(f"A topic is an address below {ROOT}, without wildcards.")
    if len(name) > LONGEST_TOPIC:
        raise TooMany(f"A topic has at most {LONGEST_TOPIC} characters.")
    path, _, query = name.removeprefix(ROOT).partition("?")
    chosen = selection(path, query.encode(), viewer, base)
    async with followed.connection() as connection:
        await chosen.require(connection)
        place = await find_place(connection, None)
    return Topic(name, chosen, min(quality, 1), place, place.cursor)


async def due(topic: Topic, changes: Sequence[Change], followed: Tail) -> list[bytes]:
    """The messages that are to be sent to one topic about some changes. Raises Unavailable: see `Tail.connection`."""
    concerned = concerning(topic.chosen, [change for change in changes if topic.place.is_news(change)])
    if not concerned:
        return []
    async with followed.connection() as connection:
        found = await topic.chosen.shown(connection, concerned, topic.cursor)
    return [payload(topic.chosen, shown.body) for shown in found]
