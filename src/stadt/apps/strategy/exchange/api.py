"""`/api/v1/strategy/export.…` and `schema.json`: the strategy as files, and so not operations of the interface's document."""

import hashlib

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router, Schema
from pydantic import Field

from stadt.apps.strategy.exchange.document import schema
from stadt.apps.strategy.exchange.queries import FORMATS, file_name, file_of
from stadt.apps.strategy.rights import SEE_INTERNAL
from stadt.core.people.access import actor_of

router = Router()


class ExportQuery(Schema):
    """Which state leaves."""

    edition: str = Field("", max_length=40, description="name of an adopted edition; empty: as it is today")
    internal: bool = Field(
        False, description="with versions that begin later; needs the right to see internal matters"
    )


@router.get(
    "/export.json", include_in_schema=False, summary="The strategy as JSON, with editions and history"
)
def export_json(request: HttpRequest, query: Query[ExportQuery]) -> HttpResponse:
    """The whole exchange document; it obeys `schema.json`."""
    return _answer(request, "json", query)


@router.get("/export.csv.zip", include_in_schema=False, summary="The strategy as a set of CSV files")
def export_csv(request: HttpRequest, query: Query[ExportQuery]) -> HttpResponse:
    """One CSV file for every table, in a ZIP."""
    return _answer(request, "csv.zip", query)


@router.get("/export.xlsx", include_in_schema=False, summary="The strategy as a workbook")
def export_xlsx(request: HttpRequest, query: Query[ExportQuery]) -> HttpResponse:
    """One sheet for every table."""
    return _answer(request, "xlsx", query)


@router.get("/export.stratml.xml", include_in_schema=False, summary="The strategy as StratML Part 2")
def export_stratml(request: HttpRequest, query: Query[ExportQuery]) -> HttpResponse:
    """ANSI/AIIM 22:2017; structure and identifiers."""
    return _answer(request, "stratml.xml", query)


@router.get("/schema.json", include_in_schema=False, summary="The JSON Schema of the exported JSON")
def get_schema(request: HttpRequest) -> HttpResponse:
    """JSON Schema 2020-12 of format version 1."""
    written = msgspec.json.format(msgspec.json.encode(schema()), indent=2)
    return HttpResponse(written, content_type="application/schema+json")


def _answer(request: HttpRequest, suffix: str, query: ExportQuery) -> HttpResponse:
    if query.internal:
        actor_of(request).require(SEE_INTERNAL)
    content = file_of(suffix, query.edition, internal=query.internal)
    answer = HttpResponse(content, content_type=FORMATS[suffix].media_type)
    answer["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    answer["Cache-Control"] = "private, no-cache" if query.internal else "no-cache"
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=file_name(suffix, query.edition))
        or "attachment"
    )
    return answer
