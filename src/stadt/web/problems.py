"""How the interface's document tells of errors: every one is an `application/problem+json` object (RFC 9457)."""

from typing import Any

from ninja import Schema
from pydantic import Field

from stadt.core.errors import StadtError

MEDIA_TYPE = "application/problem+json"
SCHEMA = "Problem"
FAILED = "The city failed to answer, and the failure is in its log."


class ProblemField(Schema):
    """What is wrong with one parameter or field."""

    field: str = Field(description="name of the parameter, or path in the body")
    message: str


class Problem(Schema):
    """Why a request was not answered (RFC 9457). `code` is stable; `detail` is one sentence for a person."""

    type: str = Field(description="`urn:stadt:error:` and the code")
    title: str
    status: int
    detail: str
    code: str
    instance: str = Field("", description="the path that was asked for")
    errors: list[ProblemField] = Field([], description="field by field, where fields are wrong")


def answers(*errors: type[StadtError]) -> dict[str, Any]:
    """Status → description of the answer, for `responses` in an operation of the document."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{SCHEMA}"}}}
    return {
        str(error.status): {
            "description": FAILED if error is StadtError else (error.__doc__ or "").splitlines()[0],
            "content": content,
        }
        for error in errors
    }


def may_raise(*errors: type[StadtError]) -> dict[str, Any]:
    """`openapi_extra` of an operation that raises more than what every address of the interface may answer."""
    return {"responses": answers(*errors)}
