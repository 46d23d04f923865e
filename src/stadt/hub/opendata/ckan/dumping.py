"""`/datastore/dump/<resource>`: all rows of a resource as one answer, sent page by page."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import override

from stadt.core.errors import MethodNotAllowed
from stadt.hub.datasets.access_log import count_access
from stadt.hub.datasets.snapshots import SnapshotInfo, get_snapshot
from stadt.hub.opendata.ckan import datastore
from stadt.hub.opendata.ckan.actions import find_rows
from stadt.hub.opendata.ckan.errors import wrong
from stadt.hub.opendata.ckan.forms import heading, lines, xml_row

PORTION = 5000
MOST_ROWS = 1_000_000
BOM = "\ufeff"
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json",
    "xml": "text/xml; charset=utf-8",
}
PASSED_ON = ("q", "filters", "fields", "sort", "distinct")
TRUE = frozenset({"true", "1", "t", "yes", "on"})


def dump(request: HttpRequest, resource: str) -> HttpResponseBase:
    """`?format=csv|tsv|json|xml&bom=true`, with q, filters, fields, sort, limit and offset of `datastore_search`.

    Raises:
        NotFoundError: there is no such resource, or it has no rows here.
        WrongParameters: a parameter cannot be accepted; said before the first row is sent.
    """
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed(headers={"Allow": "GET, HEAD"})
    form = request.GET.get("format", "csv").lower()
    with override("en"):
        if form not in MEDIA_TYPES:
            raise wrong("format", f"must be one of {', '.join(MEDIA_TYPES)}")
        key = find_rows(resource)
        snapshot = get_snapshot(key)
        parameters = {name: request.GET[name] for name in PASSED_ON if name in request.GET}
        start = datastore.whole("offset", request.GET.get("offset"), 0, datastore.FARTHEST)
        limit = min(datastore.whole("limit", request.GET.get("limit"), MOST_ROWS), MOST_ROWS - start)
        first = _page(snapshot, parameters, start, min(PORTION, limit))
    count_access(key, form if form in {"csv", "json"} else "api", request.headers.get("User-Agent", ""))
    begins = BOM if request.GET.get("bom", "").lower() in TRUE else ""
    answer = StreamingHttpResponse(
        _encoded(form, begins, snapshot, parameters, first, start, limit), content_type=MEDIA_TYPES[form]
    )
    answer["Content-Disposition"] = f'attachment; filename="{key}-{snapshot.number}.{form}"'
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "no-cache"
    return answer


def _page(snapshot: SnapshotInfo, parameters: Mapping[str, Any], start: int, limit: int) -> dict[str, Any]:
    return datastore.search(snapshot, {**parameters, "offset": start, "limit": limit, "include_total": False})


async def _encoded(
    form: str,
    begins: str,
    snapshot: SnapshotInfo,
    parameters: Mapping[str, Any],
    first: Mapping[str, Any],
    start: int,
    limit: int,
) -> AsyncIterator[bytes]:
    names = [field["id"] for field in first["fields"]]
    yield (begins + _head(form, names, first["fields"])).encode()
    place, page, separator = start, first, ""
    while page["records"]:
        yield _rows(form, names, page["records"], separator).encode()
        separator = ",\n"
        place += len(page["records"])
        left = start + limit - place
        if left <= 0 or len(page["records"]) < PORTION:
            break
        page = await asyncio.to_thread(_page, snapshot, parameters, place, min(PORTION, left))
    yield {"json": "\n]}\n", "xml": "</data>\n"}.get(form, "").encode()


def _head(form: str, names: list[str], fields: list[dict[str, Any]]) -> str:
    if form == "json":
        return f'{{"fields": {msgspec.json.encode(fields).decode()}, "records": [\n'
    if form == "xml":
        return '<data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    return heading(names, form)


def _rows(form: str, names: list[str], records: list[dict[str, Any]], separator: str) -> str:
    if form == "xml":
        return "".join(xml_row(record, names) for record in records)
    if form == "json":
        return separator + ",\n".join(
            msgspec.json.encode([record.get(name) for name in names]).decode() for record in records
        )
    return lines(records, names, form, harmless=True)
