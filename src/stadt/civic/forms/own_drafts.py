"""Drafts of signed-in people: found again without the link."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.forms.models import Draft
from stadt.civic.forms.prefill import check_seal, seal_of
from stadt.core.audit import record
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor
from stadt.core.tokens import digest_of


@transaction.atomic
def renew_draft(actor: Actor, pk: int) -> tuple[Draft, str]:
    """A new secret for an unfinished draft of the signed-in person; the one before does not hold any more.

    Raises:
        NotFound: there is no such draft of this person.
        Conflict: the prefilled answers were changed underneath.
    """
    found = Draft.objects.select_for_update(of=("self",)).select_related("version")
    mine = found.filter(user_id=actor.user_id) if actor.user_id is not None else found.none()
    draft = mine.filter(pk=pk, submission=None, expires_at__gt=timezone.now()).first()
    if draft is None:
        raise NotFound(gettext("Diesen Entwurf gibt es nicht."))
    check_seal(draft)
    secret = secrets.token_urlsafe(32)
    draft.digest = digest_of(secret)
    draft.seal = seal_of(draft)
    draft.save(update_fields=["digest", "seal"])
    record(actor, "renew_draft", f"form_draft:{draft.pk}")
    return draft, secret
