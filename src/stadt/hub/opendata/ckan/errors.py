"""Refusals in CKAN's words; each becomes an answer with `success: false`."""

from stadt.core.errors import FieldError, StadtError


class NotFoundError(StadtError):
    """There is no such package, resource, organisation, group or action."""

    code = "ckan-not-found"
    status = 404
    kind = "Not Found Error"


class NotAllowed(StadtError):
    """An action that this portal gives to nobody."""

    code = "ckan-not-allowed"
    status = 403
    kind = "Authorization Error"


class WrongParameters(StadtError):
    """A parameter that cannot be accepted; CKAN answers these with 409."""

    code = "ckan-validation"
    status = 409
    kind = "Validation Error"


class WrongQuery(StadtError):
    """A search expression that cannot be understood."""

    code = "ckan-search-query"
    status = 400
    kind = "Search Query Error"


def wrong(field: str, message: str) -> WrongParameters:
    """A refusal that names the parameter."""
    return WrongParameters(f"{field}: {message}", fields=(FieldError(field, message),))
