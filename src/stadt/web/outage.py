"""Refuses what would be stored while the city cannot store, before anything of the request is worked on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from stadt.core import condition
from stadt.core.errors import ReadOnly, Unavailable
from stadt.web.errors import answer

GetResponse = Callable[[HttpRequest], HttpResponse]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# The choice of language is kept by the browser.
STORES_NOTHING = "/sprache/"
# Who is to make room must be able to sign in. That takes some hundred bytes, and attempts are counted.
SIGN_IN = ("/konto/login/", "/konto/logout/", "/konto/2fa/authenticate/")


class OutageMiddleware:
    """Stands behind the choice of language and before everything that asks the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = _find_refusal(request)
        return self.get_response(request) if refusal is None else answer(request, refusal)


def _find_refusal(request: HttpRequest) -> Unavailable | None:
    scope = getattr(request, "scope", {})
    if scope.get("stadt.is_outage"):  # this request waited in vain for the database already
        return condition.find_refusal() or Unavailable(gettext(condition.NO_ANSWER))
    if request.method in SAFE or request.path == STORES_NOTHING:
        return None
    refusal = condition.find_refusal()
    if isinstance(refusal, ReadOnly) and request.path.startswith(SIGN_IN):
        return None
    return refusal or _no_room_for_uploads(request)


def _no_room_for_uploads(request: HttpRequest) -> Unavailable | None:
    has_file = request.content_type == "multipart/form-data"
    return condition.find_refusal(condition.Store.UPLOADS) if has_file else None
