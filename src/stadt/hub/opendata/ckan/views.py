"""`/api/action/<name>` and `/api/3/action/<name>`: the envelope around an action's result or refusal."""

from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from stadt.core.errors import MethodNotAllowed, NotFound, StadtError
from stadt.hub.opendata.ckan.actions import ACTIONS
from stadt.hub.opendata.ckan.errors import NotFoundError, WrongParameters, wrong

LARGEST_BODY = 256 * 1024
LISTS = frozenset({"facet.field", "fq_list", "fields"})


@csrf_exempt
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Run an action that reads; nothing here writes, so that a POST needs no form's token."""
    if request.method not in {"GET", "HEAD", "POST"}:
        raise MethodNotAllowed(headers={"Allow": "GET, HEAD, POST"})
    answer: dict[str, Any] = {"help": f"{settings.STADT.url}/api/3/action/help_show?name={name}"}
    try:
        with override("en"):
            result = _run(request, name)
    except StadtError as error:
        if error.status >= 500:
            raise
        answer |= {"success": False, "error": _told(error)}
        return _send(answer, error.status)
    return _send(answer | {"success": True, "result": result}, 200)


def _run(request: HttpRequest, name: str) -> Any:
    if name not in ACTIONS:
        raise NotFoundError(f"Not found: there is no action '{name[:60]}' here.")
    parameters = _parameters(request)
    for field, value in parameters.items():
        if not is_writable(field) or not is_writable(value):
            raise wrong(
                field.encode("ascii", "replace").decode().replace("\0", "?"),
                "has characters that cannot be written",
            )
    return ACTIONS[name]({**parameters, "user_agent": request.headers.get("User-Agent", "")})


def _parameters(request: HttpRequest) -> dict[str, Any]:
    """From the address, a JSON body or a form; a repeated parameter is a list."""
    found: dict[str, Any] = {}
    for name, values in request.GET.lists():
        found[name] = values if len(values) > 1 and name in LISTS else values[-1]
    if request.method != "POST":
        return found
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"} and request.POST:
        return found | {name: request.POST[name] for name in request.POST}
    if len(request.body) > LARGEST_BODY:
        raise wrong("body", f"has at most {LARGEST_BODY} bytes")
    if not request.body.strip():
        return found
    try:
        body = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise wrong("body", "is not readable JSON") from None
    if not isinstance(body, dict):
        raise wrong("body", "must be a JSON object")
    return found | body


def is_writable(value: Any) -> bool:
    """Whether every text in a value can be kept: no NUL, and no half of a character."""
    if isinstance(value, str):
        return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        return all(is_writable(part) for pair in value.items() for part in pair)
    return all(is_writable(part) for part in value) if isinstance(value, list) else True


def _told(error: StadtError) -> dict[str, Any]:
    kind = str(
        getattr(error, "kind", "Not Found Error" if isinstance(error, NotFound) else "Validation Error")
    )
    told: dict[str, Any] = {"__type": kind, "message": error.detail}
    if isinstance(error, WrongParameters):
        for item in error.fields:
            told.setdefault(item.field, []).append(item.message)
    return told


def _send(answer: dict[str, Any], status: int) -> HttpResponse:
    response = HttpResponse(
        msgspec.json.encode(answer), content_type="application/json;charset=utf-8", status=status
    )
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-cache"
    return response
