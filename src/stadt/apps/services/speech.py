"""Plain language as a reader's choice: switched by `?einfach=1` on any page of the app, kept in a cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

COOKIE = "stadt_einfach"
PARAMETER = "einfach"
A_YEAR = 365 * 24 * 3600

Answer = Callable[..., HttpResponse]


def is_plain(request: HttpRequest) -> bool:
    """Whether the reader wants plain language; there is none but in German."""
    wish = request.GET.get(PARAMETER) or request.COOKIES.get(COOKIE, "")
    return wish == "1" and (get_language() or "de").startswith("de")


def switch_of(request: HttpRequest) -> dict[str, Any]:
    """What `services/speech.html` needs: whether plain language is on, and the address that turns it."""
    query = {name: value for name, value in request.GET.items() if name != PARAMETER}
    on = is_plain(request)
    address = f"{request.path}?{urlencode({**query, PARAMETER: '0' if on else '1'})}"
    return {"is_on": on, "url": address, "is_offered": (get_language() or "de").startswith("de")}


def remembers_speech(view: Answer) -> Answer:
    """Keeps the reader's choice when the page was asked with it."""

    @wraps(view)
    def remembering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        wish = request.GET.get(PARAMETER, "")
        if wish == "1":
            answer.set_cookie(
                COOKIE, "1", max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.STADT.is_secure
            )
        elif wish == "0":
            answer.delete_cookie(COOKIE, samesite="Lax")
        return answer

    return remembering
