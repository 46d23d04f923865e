"""The exchange document: a strategy in one state, with all editions and all versions of its items, as JSON.

The JSON Schema of this format is made from these structs and published beside it. Version 1 stays readable; a change
that older readers would misunderstand gets the next number.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from django.utils.translation import gettext

from stadt.apps.strategy.exchange.errors import BadFile, Problem, refuse, refuse_all
from stadt.apps.strategy.record.content import Item

FORMAT: Final = "stadt.strategy"
VERSION: Final = 1
SCHEMA_ID: Final = "urn:stadt:strategy:1"
MOST_UNKNOWN: Final = 20
Day = date
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment says its time zone, so that moments can be told apart."""


class City(msgspec.Struct, frozen=True):
    """Whose strategy it is."""

    key: str = ""
    name: str = ""


class EditionRecord(msgspec.Struct, frozen=True):
    """A named edition: what was true on `valid_on`, as it was known at `known_at`, with the council's reference."""

    name: str
    state: Literal["adopted", "superseded"]
    valid_on: Day
    known_at: Moment
    note: str = ""
    council_paper: str = ""
    council_date: Day | None = None
    council_link: str = ""
    adopted_at: Moment | None = None
    superseded_at: Moment | None = None


class VersionRecord(msgspec.Struct, frozen=True):
    """What was true of an item from `valid_from` until before `valid_to`, as known from `recorded_at` until `superseded_at`."""

    item: Item
    valid_from: Day
    recorded_at: Moment
    valid_to: Day | None = None
    superseded_at: Moment | None = None
    reason: str = ""


class Document(msgspec.Struct, frozen=True):
    """The whole file. `edition` names the state that `items` shows; empty for the present one."""

    format: Literal["stadt.strategy"] = FORMAT
    version: Literal[1] = VERSION
    city: City = City()
    edition: str = ""
    items: tuple[Item, ...] = ()
    editions: tuple[EditionRecord, ...] = ()
    versions: tuple[VersionRecord, ...] = ()


class _Envelope(msgspec.Struct):
    format: Any = None
    version: Any = None


_decoder = msgspec.json.Decoder(Document)


def write_json(document: Document) -> bytes:
    """The document as UTF-8 JSON, indented by two; equal documents are equal bytes."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def read_json(content: bytes) -> Document:
    """The document that a JSON file holds.

    Raises:
        BadFile: no JSON, another format, an unknown version, a wrong value, or a field that would be lost.
    """
    try:
        envelope = msgspec.json.decode(content, type=_Envelope)
        if envelope.format != FORMAT:
            raise refuse(
                "format",
                gettext("Das ist keine Strategie-Datei; erwartet wird „%(format)s“.") % {"format": FORMAT},
            )
        if envelope.version != VERSION:
            raise refuse(
                "version",
                gettext("Version %(version)s des Formats ist hier nicht bekannt; bekannt ist %(known)d.")
                % {"version": str(envelope.version)[:20], "known": VERSION},
            )
        document = _decoder.decode(content)
        given = msgspec.json.decode(content)
    except msgspec.ValidationError as error:
        raise _wrong_value(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refuse(
            "", gettext("Die Datei ist kein lesbares JSON (%(why)s).") % {"why": str(error)[:120]}
        ) from None
    unknown = list(_unknown(given, msgspec.to_builtins(document), ""))
    if unknown:
        raise refuse_all(
            Problem(path, gettext("Dieses Feld gibt es in Version %(known)d nicht.") % {"known": VERSION})
            for path in unknown[:MOST_UNKNOWN]
        )
    return document


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of version 1."""
    made = msgspec.json.schema(Document)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Strategie einer Stadt / strategy of a city",
        **made,
    }


def _wrong_value(error: msgspec.ValidationError) -> BadFile:
    sentence, _, path = str(error).partition(" - at `")
    place = path.rstrip("`").removeprefix("$.")
    return refuse(place, gettext("Der Wert passt nicht (%(why)s).") % {"why": sentence[:200]})


def _unknown(given: Any, kept: Any, path: str) -> Iterator[str]:
    """Paths of fields that reading would drop without a word."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            place = f"{path}.{key}" if path else str(key)
            if key in kept:
                yield from _unknown(value, kept[key], place)
            else:
                yield place[:200]
    elif isinstance(given, list) and isinstance(kept, list | tuple):
        yield from _unknown_in(zip(given, kept, strict=False), path)


def _unknown_in(pairs: Iterable[tuple[Any, Any]], path: str) -> Iterator[str]:
    for at, (one, other) in enumerate(pairs):
        yield from _unknown(one, other, f"{path}[{at}]")
