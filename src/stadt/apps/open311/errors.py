"""Refusals in the words of the specification: 404 for what is not there, 403 for keys, 400 for nearly everything else."""

from stadt.core.errors import FieldError, StadtError


class WrongRequest(StadtError):
    """A request that cannot be fulfilled as it stands."""

    code = "open311-wrong-request"
    status = 400


class UnknownThing(StadtError):
    """A service, request, token, jurisdiction or address that does not exist."""

    code = "open311-not-found"
    status = 404


class KeyNeeded(StadtError):
    """The api_key is missing, unknown, expired, or may not do this."""

    code = "open311-key"
    status = 403


def wrong(parameter: str, reason: str) -> WrongRequest:
    """A refusal that names the parameter."""
    return WrongRequest(f"{parameter} {reason}", fields=(FieldError(parameter, reason),))


def status_of(error: StadtError) -> int:
    """The status an error is told with (specification, Errors)."""
    if error.status in {401, 403}:
        return 403
    if error.status in {404, 405, 413, 429} or error.status >= 500:
        return error.status
    return 400
