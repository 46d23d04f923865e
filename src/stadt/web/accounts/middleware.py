"""Notes which sessions are in use, so that people see where they are signed in."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from stadt.core.people.models import User
from stadt.core.people.sessions import touch_session

logger = logging.getLogger("stadt.accounts")

GetResponse = Callable[[HttpRequest], HttpResponse]

TOUCH_SECONDS = 300.0
MOST_REMEMBERED = 10_000


class SessionMiddleware:
    """Touches the session of a signed-in person at most every five minutes from each web process."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.touched: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and isinstance(request.user, User) and self._is_due(key):
            self._touch(request, request.user.pk, key)
        return self.get_response(request)

    def _is_due(self, key: str) -> bool:
        now = time.monotonic()
        if now - self.touched.get(key, -TOUCH_SECONDS) < TOUCH_SECONDS:
            return False
        if len(self.touched) >= MOST_REMEMBERED:
            self.touched.clear()
        self.touched[key] = now
        return True

    def _touch(self, request: HttpRequest, user_id: int, key: str) -> None:
        try:
            address = get_adapter(request).get_client_ip(request)
            touch_session(user_id, key, address, request.headers.get("User-Agent", ""))
        except DatabaseError as error:  # a city that cannot write still shows its pages
            logger.warning("a session was not noted: %s", type(error).__name__)
