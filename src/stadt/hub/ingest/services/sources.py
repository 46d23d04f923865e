"""Writes about sources and the tokens that may push to them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stadt.core.audit import record
from stadt.core.errors import FieldError, Invalid, NotFound
from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken, Organisation
from stadt.core.tokens import issue_token, revoke_token
from stadt.hub.ingest.models import DeviceProfile, MessageKey, Source, SourceState
from stadt.hub.ingest.rights import MANAGE, PUSH
from stadt.hub.ingest.services.names import SLUG

RESERVED = frozenset({"neu", "profile"})
"""Words that already mean a page beside the sources' pages."""


@transaction.atomic
def create_source(
    actor: Actor,
    *,
    slug: str,
    title: str,
    organisation: Organisation,
    default_profile: DeviceProfile | None = None,
    keep_frames_days: int = 30,
    silent_after_hours: int = 24,
    kind: str = "tts",
) -> Source:
    """A new source with its address `/ingest/<kind>/<slug>`; `default_profile` lets unknown devices in.

    Raises:
        Forbidden: unless the actor manages sources of that organisation.
        Invalid: when slug or title cannot be used, or the slug is taken.
    """
    actor.require(MANAGE, organisation.pk)
    if not SLUG.match(slug):
        raise Invalid(
            _("Die Kennung besteht aus kleinen Buchstaben, Ziffern und Bindestrichen."),
            fields=(FieldError("slug", slug[:60]),),
        )
    if slug in RESERVED:
        raise Invalid(_("Diese Kennung ist vergeben."), fields=(FieldError("slug", slug),))
    _require_title(title)
    if Source.objects.filter(slug=slug).exists():
        raise Invalid(_("Eine Quelle mit dieser Kennung gibt es schon."), fields=(FieldError("slug", slug),))
    source = Source.objects.create(
        slug=slug, kind=kind, title=title.strip(), organisation=organisation,
        default_profile=default_profile, keep_frames_days=keep_frames_days, silent_after_hours=silent_after_hours,
    )  # fmt: skip
    SourceState.objects.create(source=source)
    record(actor, "create_source", f"source:{source.pk}", {"slug": slug})
    return source


@transaction.atomic
def change_source(
    actor: Actor,
    source: Source,
    *,
    title: str,
    enabled: bool,
    default_profile: DeviceProfile | None,
    keep_frames_days: int,
    silent_after_hours: int | None = None,
) -> Source:
    """Change what may change: the slug stays, because devices' networks know the address."""
    actor.require(MANAGE, source.organisation_id)
    _require_title(title)
    source.title, source.enabled = title.strip(), enabled
    source.default_profile, source.keep_frames_days = default_profile, keep_frames_days
    if silent_after_hours is not None:
        source.silent_after_hours = silent_after_hours
    source.save(
        update_fields=("title", "enabled", "default_profile", "keep_frames_days", "silent_after_hours")
    )
    changes = {"enabled": enabled, "profile": default_profile.pk if default_profile else None}
    record(actor, "change_source", f"source:{source.pk}", changes)
    return source


def issue_source_token(
    actor: Actor, source: Source, *, title: str, expires_at: datetime
) -> tuple[ApiToken, str]:
    """A token that may push to this source and do nothing else; the secret is returned once.

    Raises:
        Forbidden: unless the actor manages the source, issues tokens and may push.
        Invalid: for an expiry that is past or more than two years away.
    """
    actor.require(MANAGE, source.organisation_id)
    return issue_token(
        actor, title, (PUSH,), expires_at=expires_at, organisation=source.organisation, subject=source.subject
    )


def revoke_source_token(actor: Actor, source: Source, token_id: int) -> None:
    """Make one of the source's tokens useless. Raises NotFound for a token of something else."""
    actor.require(MANAGE, source.organisation_id)
    token = ApiToken.objects.filter(pk=token_id, subject=source.subject).first()
    if token is None:
        raise NotFound
    revoke_token(actor, token)


@transaction.atomic
def remove_source(actor: Actor, source: Source) -> None:
    """Remove a source with its devices and kept messages, and revoke its tokens; its Things and readings stay."""
    actor.require(MANAGE, source.organisation_id)
    for token in ApiToken.objects.filter(subject=source.subject, revoked_at=None):
        revoke_token(actor, token)
    MessageKey.objects.filter(source_id=source.pk).delete()
    record(actor, "remove_source", f"source:{source.pk}", {"slug": source.slug})
    source.delete()


def _require_title(title: str) -> None:
    if not title.strip():
        raise Invalid(_("Die Quelle braucht einen Namen."), fields=(FieldError("title", _("fehlt")),))
