"""Reads resource paths such as `Things(1)/Datastreams/$count` into segments."""

import re

from stadt.hub.sta.syntax.nodes import Name, Path, Segment
from stadt.hub.sta.syntax.problems import BadQuery

SEGMENT = re.compile(r"(?P<name>\$?[^\W\d][\w.\-]*|@iot\.\w+|\d[\w.\-]*)(?:\((?P<key>[^()]*)\))?")
KEY = re.compile(r"-?\d{1,40}|'(?:[^']|'')*'")
MOST_SEGMENTS = 20
LARGEST_ID = 2**53


def read_path(text: str) -> Path:
    """The segments of a decoded path behind the service root, without its leading slash.

    A key that is a string, or a number no id can have, is read as -1: there is no such entity.

    Raises:
        BadQuery: with the position in the path.
    """
    segments: list[Segment] = []
    position = 0
    text = text.removesuffix("/")
    while True:
        match = SEGMENT.match(text, position)
        if match is None or (match.end() < len(text) and text[match.end()] != "/"):
            where = position if match is None else match.end()
            raise BadQuery(where + 1, "expected a name such as Things or Things(1)", "path")
        name = Name(position + 1, match["name"])
        segments.append(Segment(name, _key(match["key"], match.start("key"))))
        if len(segments) > MOST_SEGMENTS:
            raise BadQuery(position + 1, f"a path has at most {MOST_SEGMENTS} steps", "path")
        if match.end() == len(text):
            return Path(tuple(segments))
        position = match.end() + 1


def _key(text: str | None, start: int) -> int | None:
    if text is None:
        return None
    if not KEY.fullmatch(text):
        raise BadQuery(start + 1, "expected a whole number as key", "path")
    if text.startswith("'") or not 0 < int(text) <= LARGEST_ID:
        return -1
    return int(text)
