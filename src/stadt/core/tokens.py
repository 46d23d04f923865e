"""Scoped, expiring API tokens: 256 random bits shown once, kept as SHA-256."""

import hashlib
import secrets
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from stadt.core.audit import record
from stadt.core.database.pool import async_pool
from stadt.core.errors import FieldError, Invalid
from stadt.core.manifest import Permission
from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, Organisation
from stadt.core.registry import registry

PREFIX = "stadt_"
LONGEST_LIFE = timedelta(days=2 * 366)
CACHE_SECONDS = 5.0
CACHE_ENTRIES = 4096

MANAGE_TOKENS = Permission("core.manage_tokens", gettext_noop("Zugangstoken ausstellen und widerrufen"))

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
        Forbidden: unless the actor may manage tokens and holds every scope given away.
        Invalid: when the title is empty, a scope unknown, or the life longer than two years.
    """
    wanted = tuple(scopes)
    organisation_id = organisation.pk if organisation else None
    actor.require(MANAGE_TOKENS, organisation_id)
    for scope in wanted:
        if scope.key not in registry.permissions:
            raise Invalid(gettext("Dieses Recht gibt es nicht."), fields=(FieldError("scopes", scope.key),))
        actor.require(scope, organisation_id)
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
    actor.require(MANAGE_TOKENS, token.organisation_id)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    record(actor, "revoke_token", f"token:{token.pk}")
    _known.clear()


def find_actor(secret: str, origin: str = "") -> Actor | None:
    """The machine behind a secret, or None when it is unknown, expired or revoked. Blocking."""
    if not secret.startswith(PREFIX):
        return None
    token = ApiToken.objects.filter(digest=digest_of(secret)).first()
    return Actor.for_token(token, origin) if token and token.is_valid else None


async def find_actor_async(secret: str, origin: str = "") -> Actor | None:
    """As `find_actor` without blocking; an answer is remembered for `CACHE_SECONDS`."""
    if not secret.startswith(PREFIX):
        return None
    digest = digest_of(secret)
    now = time.monotonic()
    remembered = _known.get(digest)
    if remembered and remembered[0] > now:
        return replace(remembered[1], origin=origin)
    async with async_pool().connection() as connection:
        cursor = await connection.execute(
            "SELECT id, scopes, subject, organisation_id FROM core_apitoken"
            " WHERE digest = %s AND revoked_at IS NULL AND expires_at > now()",
            (digest,),
        )
        row = await cursor.fetchone()
    if row is None:
        return None
    pk, scopes, subject, organisation_id = row
    token = ApiToken(pk=pk, scopes=scopes, subject=subject, organisation_id=organisation_id)
    if len(_known) >= CACHE_ENTRIES:
        _known.clear()
    actor = Actor.for_token(token, origin)
    _known[digest] = (now + CACHE_SECONDS, actor)
    return actor
