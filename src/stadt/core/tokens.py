"""Scoped, expiring API tokens: 256 random bits shown once, kept as SHA-256."""

import hashlib
import secrets
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection as django_connection
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from stadt.core.audit import record
from stadt.core.database.pool import async_pool
from stadt.core.errors import FieldError, Forbidden, Invalid
from stadt.core.log import note_actor
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, Organisation
from stadt.core.people.reach import require_in_city
from stadt.core.people.tree import get_city
from stadt.core.registry import registry

PREFIX = "stadt_"
LONGEST_LIFE = timedelta(days=2 * 366)
CACHE_SECONDS = 5.0
CACHE_ENTRIES = 4096

MANAGE_TOKENS = Permission(
    "core.manage_tokens", gettext_noop("Zugangstoken ausstellen und widerrufen"), stays_with_holder=True
)

# The token with its organisation and all below it, in one round trip.
FIND = """
SELECT t.id, t.scopes, t.subject, t.organisation_id, ARRAY(
    WITH RECURSIVE below(id) AS (
        SELECT t.organisation_id WHERE t.organisation_id IS NOT NULL
        UNION
        SELECT o.id FROM core_organisation o JOIN below b ON o.parent_id = b.id
    )
    SELECT id FROM below
)
FROM core_apitoken t
WHERE t.digest = %s AND t.revoked_at IS NULL AND t.expires_at > statement_timestamp()
"""

_known: dict[bytes, tuple[float, Actor]] = {}


def digest_of(secret: str) -> bytes:
    """SHA-256 of the secret. No slow hash: 256 random bits cannot be guessed, and each request pays for it."""
    return hashlib.sha256(secret.encode()).digest()


def bearer_secret(authorization: str) -> str:
    """The secret of an `Authorization: Bearer …` header, or an empty string."""
    scheme, _, secret = authorization.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


@transaction.atomic
def issue_token(
    actor: Actor,
    title: str,
    scopes: Iterable[Permission],
    *,
    expires_at: datetime,
    organisation: Organisation | None = None,
    subject: str = "",
) -> tuple[ApiToken, str]:
    """Make a token. The secret is returned once and cannot be had again.

    Raises:
        Forbidden: unless the actor may manage tokens there and holds every scope given away by own right; a token of no
            organisation is the city's.
        Invalid: when the title or the scopes are empty, a scope unknown, or the life longer than two years.
    """
    wanted = tuple(scopes)
    _require_managing(actor, organisation.pk if organisation else None)
    if not wanted:
        raise Invalid(
            gettext("Ein Token ohne Rechte kann nichts."), fields=(FieldError("scopes", gettext("fehlt")),)
        )
    for scope in wanted:
        if scope.key not in registry.permissions:
            raise Invalid(gettext("Dieses Recht gibt es nicht."), fields=(FieldError("scopes", scope.key),))
        if actor.kind != "system" and not actor.can_give(
            scope.key, organisation.pk if organisation else get_city().pk
        ):
            raise Forbidden(
                gettext("Ein Token kann nicht mehr dürfen als Sie selbst: %(key)s.") % {"key": scope.key}
            )
    if not title.strip():
        raise Invalid(
            gettext("Das Token braucht einen Namen."), fields=(FieldError("title", gettext("fehlt")),)
        )
    if not timezone.now() < expires_at <= timezone.now() + LONGEST_LIFE:
        raise Invalid(
            gettext("Das Token muss in der Zukunft und binnen zwei Jahren ablaufen."),
            fields=(FieldError("expires_at", expires_at.isoformat()),),
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        title=title.strip(),
        digest=digest_of(secret),
        hint=f"{secret[:10]}…",
        scopes=[scope.key for scope in wanted],
        subject=subject,
        organisation=organisation,
        issued_by_id=actor.user_id,
        expires_at=expires_at,
    )
    record(actor, "issue_token", f"token:{token.pk}", {"scopes": token.scopes, "subject": subject})
    return token, secret


@transaction.atomic
def revoke_token(actor: Actor, token: ApiToken) -> None:
    """Make a token useless, in every process within `CACHE_SECONDS`."""
    _require_managing(actor, token.organisation_id)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(actor, "revoke_token", f"token:{token.pk}")
    _known.clear()


def _require_managing(actor: Actor, organisation_id: int | None) -> None:
    if organisation_id is None:
        require_in_city(actor, MANAGE_TOKENS)
    else:
        actor.require(MANAGE_TOKENS, organisation_id)


def find_actor(secret: str, origin: str = "") -> Actor | None:
    """The machine behind a secret, or None when it is unknown, expired or revoked. Blocking."""
    if not secret.startswith(PREFIX):
        return None
    with django_connection.cursor() as cursor:
        cursor.execute(FIND, (digest_of(secret),))
        row = cursor.fetchone()
    return _actor_of(row, origin) if row else None


async def find_actor_async(secret: str, origin: str = "") -> Actor | None:
    """As `find_actor` without blocking; an answer is remembered for `CACHE_SECONDS`."""
    if not secret.startswith(PREFIX):
        return None
    digest = digest_of(secret)
    now = time.monotonic()
    remembered = _known.get(digest)
    if remembered and remembered[0] > now:
        note_actor(remembered[1].kind, remembered[1].identifier)
        return remembered[1].coming_from(origin)
    async with async_pool().connection() as connection:
        cursor = await connection.execute(FIND, (digest,))
        row = await cursor.fetchone()
    if row is None:
        return None
    if len(_known) >= CACHE_ENTRIES:
        _known.clear()
    actor = _actor_of(row, origin)
    _known[digest] = (now + CACHE_SECONDS, actor)
    note_actor(actor.kind, actor.identifier)
    return actor


def _actor_of(row: tuple[Any, ...], origin: str) -> Actor:
    pk, scopes, subject, organisation_id, organisations = row
    token = ApiToken(pk=pk, scopes=scopes, subject=subject, organisation_id=organisation_id)
    return Actor.for_token(token, origin, frozenset(organisations))
