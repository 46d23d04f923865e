"""What somebody had typed when the session was over: kept until the same person has signed in again.

A form takes part by carrying the hidden field `kept_by` with `mark(request)`; files are not kept.
"""

import time
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict

from stadt.core.people.models import User

FIELD = "kept_by"
LARGEST_CHARACTERS = 200_000
LONGEST_SECONDS = 24 * 3600
_SALT = "stadt.kept-form"
_KEPT = "kept_form"
_LEFT_OUT = frozenset({FIELD, "csrfmiddlewaretoken"})


def mark(request: HttpRequest) -> str:
    """Whose form it is, signed, so that nobody else can have something kept or read what was."""
    return signing.dumps(_user_id(request), salt=_SALT)


def keep(request: HttpRequest) -> None:
    """Keep the fields of a form that came without a session, if it is marked and not too large."""
    if request.method != "POST" or FIELD not in request.POST:
        return
    try:
        owner = signing.loads(request.POST[FIELD], salt=_SALT)
    except signing.BadSignature:
        return
    fields = [(name, values) for name, values in request.POST.lists() if name not in _LEFT_OUT]
    if sum(len(name) + sum(map(len, map(str, values))) for name, values in fields) > LARGEST_CHARACTERS:
        return
    request.session[_KEPT] = {"path": request.path, "owner": owner, "at": time.time(), "fields": fields}


def take(request: HttpRequest) -> QueryDict | None:
    """What this person had sent to this page without a session; once, and None where there is nothing."""
    kept: dict[str, Any] | None = request.session.get(_KEPT)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[_KEPT]
    if kept["owner"] != _user_id(request) or time.time() - kept["at"] > LONGEST_SECONDS:
        return None
    found = QueryDict(mutable=True)
    for name, values in kept["fields"]:
        found.setlist(name, values)
    return found


def _user_id(request: HttpRequest) -> int:
    return request.user.pk if isinstance(request.user, User) else 0
