"""`/api/v1/datasets/<key>/rows`: rows page by page or put together, as JSON, CSV or GeoJSON."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext
from ninja import Query, Schema
from pydantic import Field

from stadt.core.people.access import client_of
from stadt.hub.datasets import queries
from stadt.hub.datasets.access_log import count_access
from stadt.hub.datasets.aggregation import Aggregation, read_groups, understand_aggregation
from stadt.hub.datasets.conditions import MOST_FILTERS, refused
from stadt.hub.datasets.cursors import LARGEST_NUMBER, LONGEST, Cursor, digest_of, read_cursor, write_cursor
from stadt.hub.datasets.declaration import Dataset
from stadt.hub.datasets.pacing import rows_pace
from stadt.hub.datasets.paging import PageOfRows, read_page_of_rows
from stadt.hub.datasets.public import get_public
from stadt.hub.datasets.selection import FARTHEST, MOST_ROWS, Selection, understand
from stadt.hub.datasets.shape import fields_of
from stadt.hub.datasets.snapshots import SnapshotInfo
from stadt.hub.lake.exports import csv_heading, csv_line, feature_json, row_json

API = "api"
MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8; header=present",
    "geojson": "application/geo+json",
}
# The newest snapshot may be replaced any minute; a numbered one stays, until somebody has to purge it.
NEWEST, NUMBERED = "public, max-age=30", "public, max-age=3600"


class RowPage(Schema):
    """A page of rows, each an object by column: geometry as GeoJSON in WGS 84, times as ISO 8601 in UTC."""

    dataset: str
    number: int
    published: datetime
    licence: str
    simulated: bool
    total: int = Field(description="the number of all rows that fit the filters, or of all groups")
    limit: int
    offset: int
    next: str | None = Field(description="address of the next page below the city's, null after the last")
    rows: list[dict[str, Any]]


class RowQuery(Schema):
    """The question. `filter` is `<column>:<operator>:<value>` and may be repeated; all must hold.

    Operators: `eq`, `ne`, `lt`, `le`, `gt`, `ge`, `in` (values separated by commas), `null` (`true` or `false`), and for
    texts `contains` and `begins`, which do not mind case.
    """

    limit: int = Field(100, ge=1, le=MOST_ROWS, description="rows at most; a page of long rows ends sooner")
    offset: int = Field(0, ge=0, le=FARTHEST, description="rows to leave out; for whole tables follow `next`")
    sort: str = Field("", max_length=400, description="columns separated by commas, `-column` for descending")
    select: str = Field("", max_length=4000, description="columns separated by commas; empty: all")
    filter: list[str] = Field([], max_length=MOST_FILTERS)
    bbox: str = Field("", max_length=100, description="`west,south,east,north` in WGS 84 degrees")
    group_by: str = Field(
        "",
        max_length=400,
        description="columns separated by commas; dates as `column:day`, `:month` or `:year`",
    )
    aggregate: str = Field(
        "",
        max_length=1000,
        description="`count`, `column:count`, `column:sum`, `:mean`, `:median`, `:min`, `:max`, separated by commas",
    )
    number: int | None = Field(
        None, ge=1, le=LARGEST_NUMBER, description="of the snapshot; the newest without"
    )
    cursor: str = Field("", max_length=LONGEST, description="taken from `next`")
    format: str = Field(
        "", max_length=10, description="`json`, `csv` or `geojson`; else what `Accept` asks for"
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was understood, about one snapshot."""

    dataset: Dataset
    snapshot: SnapshotInfo
    form: str
    selection: Selection
    aggregation: Aggregation | None
    cursor: Cursor | None
    digest: str


def list_rows(request: HttpRequest, key: str, query: Annotated[RowQuery, Query()]) -> HttpResponse:
    """Rows of the newest snapshot or of one by number; with `group_by` or `aggregate` put together.

    A page's `next` (also in the header `Link`) goes on in the same snapshot, however many are published meanwhile.
    CSV is RFC 4180 with commas and decimal points; GeoJSON needs a dataset with places. An answer has an `ETag`.
    """
    rows_pace.take(client_of(request))
    asked = _understood(request, key, query)
    etag = _etag(asked)
    if etag in (known := parse_etags(request.headers.get("If-None-Match", ""))) or known == ["*"]:
        answer = HttpResponse(status=304)
    else:
        page = _read(asked)
        answer = _answer(request, asked, page)
        count_access(key, API, request.headers.get("User-Agent", ""))
    answer["ETag"] = etag
    is_numbered = query.number is not None or asked.cursor is not None
    answer["Cache-Control"] = NUMBERED if is_numbered else NEWEST
    answer["Vary"] = "Accept"
    return answer


def _understood(request: HttpRequest, key: str, query: RowQuery) -> Asked:
    dataset = get_public(key)
    cursor = read_cursor(query.cursor) if query.cursor else None
    if cursor and query.number not in {None, cursor.number}:
        raise refused("cursor", gettext("gehört zu einem anderen Stand"))
    snapshot = queries.get_snapshot(key, cursor.number if cursor else query.number)
    is_grouped = bool(query.group_by or query.aggregate)
    if is_grouped and query.select:
        raise refused("select", gettext("passt nicht zu group_by und aggregate"))
    selection = understand(
        snapshot.columns,
        limit=query.limit,
        offset=query.offset,
        sort="" if is_grouped else query.sort,
        filters=query.filter,
        bbox=query.bbox,
        select=query.select,
    )
    aggregation = (
        understand_aggregation(
            snapshot.columns, group_by=query.group_by, aggregate=query.aggregate, sort=query.sort
        )
        if is_grouped
        else None
    )
    digest = digest_of(
        key, query.sort, query.select, query.filter, query.bbox, query.group_by, query.aggregate
    )
    if cursor and cursor.question != digest:
        raise refused("cursor", gettext("gehört zu einer anderen Frage"))
    form = _form(request, query, has_places=dataset.geometry is not None and not is_grouped)
    if form == "geojson":
        shown = {*selection.columns, dataset.geometry}
        selection = replace(
            selection, columns=tuple(column for column in snapshot.columns if column in shown)
        )
    return Asked(dataset, snapshot, form, selection, aggregation, cursor, digest)


def _form(request: HttpRequest, query: RowQuery, *, has_places: bool) -> str:
    forms = [form for form in MEDIA_TYPES if has_places or form != "geojson"]
    if query.format:
        if query.format not in forms:
            raise refused("format", gettext("hier gibt es %(known)s") % {"known": ", ".join(forms)})
        return query.format
    types = {MEDIA_TYPES[form].partition(";")[0]: form for form in forms}
    return types.get(request.get_preferred_type(list(types)) or "", "json")


def _etag(asked: Asked) -> str:
    selection = asked.selection
    whole = (
        asked.snapshot.dataset,
        asked.snapshot.number,
        asked.snapshot.content_hash,
        asked.dataset.licence.name,
        asked.digest,
        asked.form,
        selection.limit,
        selection.offset,
        asked.cursor,
    )
    return f'"{hashlib.sha256(msgspec.json.encode(whole)).hexdigest()[:32]}"'


def _read(asked: Asked) -> PageOfRows:
    selection = asked.selection
    if asked.aggregation is None:
        member = {"json": row_json, "csv": csv_line, "geojson": feature_json}[asked.form]
        return read_page_of_rows(asked.snapshot, selection, member, asked.digest, asked.cursor)
    start = asked.cursor.position if asked.cursor else selection.offset
    groups = read_groups(
        asked.snapshot, selection, asked.aggregation, offset=start, as_csv=asked.form == "csv"
    )
    told = start + len(groups.rows)
    more = Cursor(asked.snapshot.number, asked.digest, groups.total, told) if groups.rows else None
    return PageOfRows(groups.rows, groups.total, more if told < groups.total else None)


def _answer(request: HttpRequest, asked: Asked, page: PageOfRows) -> HttpResponse:
    following = _address(request, page.next) if page.next else ""
    about = {
        "dataset": asked.snapshot.dataset,
        "number": asked.snapshot.number,
        "published": asked.snapshot.published_at,
        "licence": asked.dataset.licence.value.uri,
        "simulated": asked.snapshot.is_simulated,
        "total": page.total,
        "limit": asked.selection.limit,
        "offset": asked.selection.offset,
        "next": following or None,
    }
    body = {"json": _json, "csv": _csv, "geojson": _geojson}[asked.form](about, asked, page.rows)
    answer = HttpResponse(body, content_type=MEDIA_TYPES[asked.form])
    links = [f'<{asked.dataset.licence.value.uri}>; rel="license"']
    if following:
        links.insert(0, f'<{following}>; rel="next"')
    answer["Link"] = ", ".join(links)
    return answer


def _json(about: dict[str, Any], asked: Asked, rows: Sequence[str]) -> bytes:
    return msgspec.json.encode(about)[:-1] + b',"rows":[' + ",".join(rows).encode() + b"]}"


def _geojson(about: dict[str, Any], asked: Asked, rows: Sequence[str]) -> bytes:
    head = msgspec.json.encode({"type": "FeatureCollection", **about})
    return head[:-1] + b',"features":[' + ",".join(rows).encode() + b"]}"


def _csv(about: dict[str, Any], asked: Asked, rows: Sequence[str]) -> bytes:
    fields = (
        [item.field for item in asked.aggregation.results]
        if asked.aggregation
        else fields_of(asked.selection.columns)
    )
    return "\r\n".join([csv_heading(fields), *rows, ""]).encode()


def _address(request: HttpRequest, cursor: Cursor) -> str:
    """The next page: the same question, from the cursor on."""
    query = request.GET.copy()
    query.pop("offset", None)
    query["cursor"] = write_cursor(cursor)
    return f"{request.path}?{query.urlencode()}"
