"""Pages of collections on their way out: rows as the database sent them, and the document around them."""

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from psycopg.pq.abc import PGresult

from stadt.hub.observations.multi import is_multi
from stadt.hub.sta import answers
from stadt.hub.sta.compiler.formats import Format
from stadt.hub.sta.compiler.plans import Plan
from stadt.hub.sta.entities import DATASTREAM, MULTI_DATASTREAM
from stadt.web.spreadsheets import harmless

# A page that grows beyond this ends there and links to the next one.
LARGEST_ANSWER = 8 * 1024 * 1024


class Body(NamedTuple):
    """A document with its media type; `following` is the address of the next page, where the document cannot say it."""

    content: bytes
    media_type: bytes
    following: str = ""


class Page:
    """The rows of one page. `has_more`: there is at least one row behind it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rows: list[bytes] = []
        self.datastreams: list[int] = []
        self.has_more = False
        self._last: Sequence[bytes | None] = ()
        self._bytes = 0

    @classmethod
    def of_result(cls, plan: Plan, found: PGresult) -> "Page":
        """The page that a small result is."""
        page = cls(plan)
        page.rows = [found.get_value(row, 0) or b"" for row in range(min(found.ntuples, plan.size))]
        while len(page.rows) > 1 and sum(map(len, page.rows)) > LARGEST_ANSWER:
            del page.rows[-(-len(page.rows) // 2) :]
        shown = len(page.rows)
        page.has_more = shown < found.ntuples
        if plan.format is Format.DATA_ARRAY:
            page.datastreams = [_number(found.get_value(row, 1)) for row in range(shown)]
        if page.has_more and shown:
            page._last = [found.get_value(shown - 1, column) for column in range(plan.lead, found.nfields)]
        return page

    def add(self, row: Sequence[bytes | None]) -> bool:
        """Take a row; False when the page is full, which the row it could not take shows."""
        if len(self.rows) >= self.plan.size or self._bytes > LARGEST_ANSWER:
            self.has_more = True
            return False
        shown = row[0] or b""
        self._bytes += len(shown)
        self.rows.append(shown)
        if self.plan.format is Format.DATA_ARRAY:
            self.datastreams.append(_number(row[1]))
        self._last = row[self.plan.lead :]
        return True

    @property
    def following(self) -> str:
        """The address of the next page, empty on the last one and on pages of no size."""
        if not (self.has_more and self.rows):
            return ""
        return self.plan.link(self.plan.keys(self._last), len(self.rows))

    def written(self, count: int | None) -> Body:
        """The page as a document; `count` is the number of all entities, if that was asked for."""
        match self.plan.format:
            case Format.CSV:
                return Body(self._csv(), b"text/csv;charset=utf-8", self.following)
            case Format.GEOJSON:
                opened = [b'{"type":"FeatureCollection",', *self._control(count), b'"features":[']
                return Body(self._closed(opened, self.rows), b"application/geo+json")
            case Format.DATA_ARRAY:
                return Body(
                    self._closed([b"{", *self._control(count), b'"value":['], self._blocks()), answers.JSON
                )
            case _:
                return Body(
                    self._closed([b"{", *self._control(count), b'"value":['], self.rows), answers.JSON
                )

    def _control(self, count: int | None) -> list[bytes]:
        following = self.following
        parts = [b'"@iot.count":%d,' % count] if count is not None else []
        return (
            [*parts, b'"@iot.nextLink":%s,' % answers.json_text(following).encode()] if following else parts
        )

    def _closed(self, opened: list[bytes], rows: list[bytes]) -> bytes:
        return b"".join([*opened, b",".join(rows), b"]}"])

    def _blocks(self) -> list[bytes]:
        """The rows of each datastream together, in the order in which datastreams come first (18-088, 12.1)."""
        blocks: dict[int, list[bytes]] = {}
        for datastream, row in zip(self.datastreams, self.rows, strict=True):
            blocks.setdefault(datastream, []).append(row)
        components = msgspec.json.encode(self.plan.components)
        root = self.plan.root
        found = []
        for datastream, rows in blocks.items():
            kind = MULTI_DATASTREAM if is_multi(datastream) else DATASTREAM
            address = answers.json_text(f"{root}{kind.set_name}({datastream})")
            opened = f'{{"{kind.name}@iot.navigationLink":{address},"components":'.encode()
            found.append(
                b'%s%s,"dataArray@iot.count":%d,"dataArray":[%s]}'
                % (opened, components, len(rows), b",".join(rows))
            )
        return found

    def _csv(self) -> bytes:
        """RFC 4180 with a line of names; objects and lists as JSON, null as an empty field; no text runs as a formula."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.plan.components)
        for row in self.rows:
            writer.writerow([_field(value) for value in msgspec.json.decode(row)])
        return text.getvalue().encode()


def _field(value: object) -> object:
    if isinstance(value, dict | list | bool):
        return msgspec.json.encode(value).decode()
    return harmless(value)


def _number(value: bytes | None) -> int:
    return int.from_bytes(value or b"", "big", signed=True)
