"""The sessions of a person: where somebody is signed in, and ending that."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from stadt.core.audit import record
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.core.people.rights import MANAGE_SIGN_IN

TOUCH = """
INSERT INTO usersessions_usersession (user_id, session_key, ip, user_agent, created_at, last_seen_at, data)
VALUES (%s, %s, %s, %s, now(), now(), '{}')
ON CONFLICT (session_key) DO UPDATE
SET user_id = excluded.user_id, ip = excluded.ip, user_agent = excluded.user_agent, last_seen_at = now()
"""
USER_AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A place where somebody is signed in; `address` is shortened to the network, such as `203.0.113.0`."""

    pk: int
    user_agent: str
    address: str
    since: datetime
    last_seen: datetime
    is_current: bool


def shorten(address: str) -> str:
    """The network an address is from: /24 of IPv4, /48 of IPv6; nothing more is kept of where somebody was."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - an address that says nothing
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip_network(f"{mapped}/{24 if mapped.version == 4 else 48}", strict=False).network_address)


def touch_session(user_id: int, session_key: str, address: str, user_agent: str) -> None:
    """Note that a session is in use; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCH, [user_id, session_key, shorten(address), user_agent[:USER_AGENT_LENGTH]])


def list_sessions(user: User, current_key: str | None = None) -> list[OpenSession]:
    """The open sessions of a person, the current one first, then the latest used."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    found = UserSession.objects.filter(user=user, session_key__in=alive).order_by("-last_seen_at")
    sessions = [
        OpenSession(
            session.pk,
            session.user_agent,
            shorten(session.ip),
            session.created_at,
            session.last_seen_at,
            session.session_key == current_key,
        )
        for session in found
    ]
    return sorted(sessions, key=lambda session: not session.is_current)


@transaction.atomic
def end_session(actor: Actor, user: User, session_id: int) -> None:
    """End one session.

    Raises:
        Forbidden: it is somebody else's, and the right is missing.
        NotFound: the person has no such session.
    """
    _require_own(actor, user)
    if not _end(UserSession.objects.filter(user=user, pk=session_id)):
        raise NotFound(gettext("Diese Sitzung ist schon beendet."))
    record(actor, "end_session", f"user:{user.pk}", {"session": session_id})


@transaction.atomic
def end_sessions(actor: Actor, user: User, keep: str | None = None) -> int:
    """End all sessions of a person but the one with the key `keep`; returns how many. Raises Forbidden."""
    _require_own(actor, user)
    ended = forget_sessions(user, keep)
    record(actor, "end_sessions", f"user:{user.pk}", {"ended": ended, "kept_own": keep is not None})
    return ended


def forget_sessions(user: User, keep: str | None = None) -> int:
    """End sessions as part of another write, which asks for the right and records it."""
    return _end(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))


def _end(sessions: "QuerySet[Any]") -> int:
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _require_own(actor: Actor, user: User) -> None:
    if actor.user_id != user.pk:
        actor.require(MANAGE_SIGN_IN)


def forget_old_sessions() -> None:
    """The job that removes sessions whose time is over, and what was noted about them."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
