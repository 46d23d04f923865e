"""Remembers reads that several parts of one page ask for, as long as that page is made and no longer."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

T = TypeVar("T")

_kept: ContextVar[dict[Callable[[], Any], Any] | None] = ContextVar("stadt_once", default=None)


def once_a_page(read: Callable[[], T]) -> Callable[[], T]:
    """The read, done once while a page is made; jobs, commands and requests that write read each time.

    What it returns is shared, so it must not be changed.
    """

    @wraps(read)
    def reading() -> T:
        kept = _kept.get()
        if kept is None:
            return read()
        if read not in kept:
            kept[read] = read()
        found: T = kept[read]
        return found

    return reading


class OnceMiddleware:
    """Opens the memory for a request that only reads, and forgets it with the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        token = _kept.set({})
        try:
            return self.get_response(request)
        finally:
            _kept.reset(token)
