"""What the page of the own account shows about the person's roles and deputies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from stadt.apps.people import queries
from stadt.core.people.models import User


def own_roles(request: HttpRequest) -> Mapping[str, Any]:
    """The roles that count now or will, and whom the person represents."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the page asks everybody else to sign in
    return {"held": queries.memberships(user), "represents": queries.deputyships_held(user)}


def deputy_door(request: HttpRequest) -> Mapping[str, Any]:
    """The way to naming a deputy, for those who have something to represent."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - as above
    return {"is_shown": bool(queries.memberships(user) or queries.deputyships_held(user))}
