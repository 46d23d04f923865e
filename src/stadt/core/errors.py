"""One family of errors: each carries a code, an HTTP status and details that are safe to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one input field.

    `field` is a path a person can find again: a form field's name, or `result[3]`, `uplink_message.f_cnt` in JSON.
    """

    field: str
    message: str


class StadtError(Exception):
    """Base of all errors that may be told to whoever asked.

    Attributes:
        code: stable, machine-readable name such as `not-found`; listed in the reference.
        status: HTTP status.
        detail: one sentence for a person, safe to show.
        fields: what is wrong, field by field.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(
        self,
        detail: str = "",
        *,
        fields: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail or self.title
        self.fields = fields
        self.headers: Mapping[str, str] = headers or {}

    @property
    def title(self) -> str:
        """The short English phrase of the HTTP status, for machines."""
        return HTTPStatus(self.status).phrase


class ConfigurationError(StadtError):
    """The installation cannot start or run as configured; shown as one line on the command line."""

    code = "configuration"


class BadRequest(StadtError):
    """The request cannot be read at all: malformed JSON, wrong encoding."""

    code = "bad-request"
    status = 400


class Invalid(StadtError):
    """The request was read, and says something that cannot be accepted."""

    code = "invalid"
    status = 422


class SignInNeeded(StadtError):
    """Nobody is signed in, or the token is unknown, expired or revoked."""

    code = "sign-in-needed"
    status = 401

    def __init__(self, detail: str = "", **more: Any) -> None:
        more.setdefault("headers", {"WWW-Authenticate": "Bearer"})
        super().__init__(detail, **more)


class Forbidden(StadtError):
    """Whoever asks is known and may not do this."""

    code = "forbidden"
    status = 403


class SecondFactorNeeded(Forbidden):
    """Whoever asks holds the right, and must first set up or show a second factor."""

    code = "second-factor-needed"


class NotFound(StadtError):
    """There is no such thing, or it may not be seen: the two are never told apart."""

    code = "not-found"
    status = 404


class MethodNotAllowed(StadtError):
    """The address exists and does not take this method."""

    code = "method-not-allowed"
    status = 405


class NotAcceptable(StadtError):
    """None of the formats asked for can be given."""

    code = "not-acceptable"
    status = 406


class Conflict(StadtError):
    """The change contradicts what is stored by now."""

    code = "conflict"
    status = 409


class TooLarge(StadtError):
    """The body is larger than this address takes."""

    code = "too-large"
    status = 413


class TooSlow(StadtError):
    """The body did not arrive whole in the time a request has."""

    code = "too-slow"
    status = 408


class UnsupportedMedia(StadtError):
    """The body is of a type this address does not read."""

    code = "unsupported-media"
    status = 415


class TooMany(StadtError):
    """Too many requests in too short a time."""

    code = "too-many"
    status = 429


class Unavailable(StadtError):
    """The city cannot do this right now and did nothing; asking again later is right."""

    code = "unavailable"
    status = 503

    def __init__(self, detail: str = "", **more: Any) -> None:
        more.setdefault("headers", {"Retry-After": "5"})
        super().__init__(detail, **more)


class ReadOnly(Unavailable):
    """Nothing can be stored at the moment: the disk is full or the database takes no changes. Nothing was changed."""

    code = "read-only"

    def __init__(self, detail: str = "", **more: Any) -> None:
        more.setdefault("headers", {"Retry-After": "60"})
        super().__init__(detail, **more)


def problem(error: StadtError, *, instance: str | None = None) -> dict[str, Any]:
    """The error as an `application/problem+json` object (RFC 9457)."""
    document: dict[str, Any] = {
        "type": f"urn:stadt:error:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
    }
    if instance:
        document["instance"] = instance
    if error.fields:
        document["errors"] = [{"field": item.field, "message": item.message} for item in error.fields]
    return document
