"""`/api/v1/forms`: the forms of the city and the schema of their answers, for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema
from pydantic import Field

from stadt.civic.forms.queries import definition_of, get_form, list_forms
from stadt.civic.forms.schema import json_schema
from stadt.core.errors import NotFound

CACHED = "public, max-age=300"
SCHEMA_TYPE = "application/schema+json"


class FormSummary(Schema):
    """A form; `version` counts its changes."""

    key: str
    version: int
    title: str
    schema_url: str = Field(description="address of the JSON Schema of its answers")


class FormList(Schema):
    """All forms, each in its newest version."""

    forms: list[FormSummary]


def load() -> Router:
    """The router, made when the addresses are put together."""
    router = Router()
    router.get("", response=FormList, summary="Forms of the city")(show_forms)
    router.get(
        "/{key}/schema",
        summary="JSON Schema (2020-12) of a form's answers",
        include_in_schema=False,  # a file, named by `schema_url`
    )(show_schema)
    return router


def show_forms(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """The forms that are offered, by key."""
    response["Cache-Control"] = CACHED
    forms = [
        {
            "key": form.key,
            "version": form.number,
            "title": form.title,
            "schema_url": f"/api/v1/forms/{form.key}/schema",
        }
        for form in list_forms()
    ]
    return {"forms": forms}


def show_schema(request: HttpRequest, key: str) -> HttpResponse:
    """The schema of the newest version."""
    form = get_form(key) if key.isascii() and key.isprintable() else None
    if form is None:
        raise NotFound
    answer = JsonResponse(json_schema(definition_of(form)), content_type=SCHEMA_TYPE)
    answer["Cache-Control"] = CACHED
    return answer
