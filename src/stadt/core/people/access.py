"""Puts the actor on the request and keeps pages to those who may open them."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext

from stadt.core.doors import Door, client_address, entering
from stadt.core.errors import SignInNeeded
from stadt.core.log import note_actor
from stadt.core.manifest import ACCOUNT, Audience, Page, View
from stadt.core.people import kept_forms
from stadt.core.people.actor import Actor
from stadt.core.people.factors import find_demand
from stadt.core.people.models import User
from stadt.core.tokens import bearer_secret, find_actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

GetResponse = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Sets `request.actor` from the session, or from `Authorization: Bearer` on the machines' addresses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(getattr(request, "scope", {}).get("request_id", ""))
        with entering(_door(request.path), client_of(request), request_id):
            actor = self._actor(request)
            request.actor = actor  # type: ignore[attr-defined]
            note_actor(actor.kind, actor.identifier)
            return self.get_response(request)

    def _actor(self, request: HttpRequest) -> Actor:
        origin = str(getattr(request, "scope", {}).get("request_id", ""))
        authorization = request.headers.get("Authorization", "")
        if authorization and request.path.startswith("/api/"):
            actor = find_actor(bearer_secret(authorization), origin)
            if actor is None:
                raise SignInNeeded(gettext("Das Token ist unbekannt, abgelaufen oder widerrufen."))
            return actor
        if request.path.startswith("/api/") and request.method not in SAFE:
            # These addresses know no form token: a page of another site could write with the visitor's session.
            return Actor.anonymous()
        if isinstance(request.user, User):
            return actor_of_session(request, request.user, origin)
        return Actor.anonymous()


def _door(path: str) -> Door:
    if path.startswith("/api/"):
        return Door.API
    return Door.SETUP if path.startswith("/einrichten/") else Door.PAGE


def client_of(request: HttpRequest) -> str:
    """The address a request came from; behind a proxy of ours the one that the proxy saw."""
    return client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        is_secure=settings.STADT.is_secure,
    )


def actor_of_session(request: HttpRequest, user: User, origin: str = "") -> Actor:
    """The person with the permissions held; they rest while a second factor is demanded and was not shown.

    Every way in by a session asks here, so that none leads past the demand.
    """
    actor = Actor.for_user(user, origin)
    if not actor.grants:
        return actor
    demand = find_demand(request, user, is_staff=True)
    if demand is None or not demand.is_due:
        return actor
    return replace(actor, grants=MappingProxyType({}), lacks_second_factor=True)


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request that went through `ActorMiddleware`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def guard(page: Page) -> View:
    """The page's view, opened only to those it is for; strangers are sent to sign in."""
    permission = page.permission
    if isinstance(permission, Audience) and permission is not ACCOUNT:
        return page.view

    @wraps(page.view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request)
        if not actor.is_known:
            kept_forms.keep(request)
            return redirect_to_login(request.get_full_path())
        if not isinstance(permission, Audience):
            actor.require(permission)
        return page.view(request, *args, **kwargs)

    return guarded
