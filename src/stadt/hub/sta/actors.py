"""Who asks: a token in the header, a signed-in person's session, or anybody."""

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from django.http.cookie import parse_cookie

from stadt.core import asgi
from stadt.core.errors import SignInNeeded
from stadt.core.people.access import actor_of_session
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.tokens import bearer_secret, find_actor_async

ANONYMOUS = Actor.anonymous()


async def token_actor(scope: asgi.Scope) -> Actor | None:
    """The machine whose token the request carries; None without a token.

    Raises:
        SignInNeeded: the token is unknown, expired or revoked.
    """
    authorization = asgi.header(scope, b"authorization")
    if not authorization:
        return None
    actor = await find_actor_async(bearer_secret(authorization), str(scope.get("request_id", "")))
    if actor is None:
        raise SignInNeeded("The token is unknown, expired or revoked.")
    return actor


async def writing_actor(scope: asgi.Scope) -> Actor:
    """Who writes: a machine with a token.

    Raises:
        SignInNeeded: without a token that is known.
    """
    actor = await token_actor(scope)
    if actor is None:
        raise SignInNeeded("Writing needs a token: Authorization: Bearer …")
    return actor


async def reading_actor(scope: asgi.Scope) -> Actor:
    """Who reads. A session reads and never writes, so that no page elsewhere can write in a person's name."""
    actor = await token_actor(scope)
    if actor is not None:
        return actor
    cookie = asgi.header(scope, b"cookie")
    if settings.SESSION_COOKIE_NAME not in cookie:
        return ANONYMOUS
    session = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME, "")
    return await sync_to_async(_session_actor)(session) if session else ANONYMOUS


def _session_actor(key: str) -> Actor:
    request = HttpRequest()
    request.session = SessionStore(key)
    try:
        user = get_user(request)
        return actor_of_session(request, user) if isinstance(user, User) and user.is_active else ANONYMOUS
    finally:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
