"""Before anything is sent: begin a form, and find it again by account."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from stadt.apps.services.applying import CATEGORY, chosen_category, prefill_of, require_in_time
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.versions import list_types
from stadt.civic.forms.models import Draft
from stadt.civic.forms.own_drafts import renew_draft
from stadt.civic.forms.queries import get_draft
from stadt.civic.forms.services import start_draft
from stadt.core.errors import NotFound, SignInNeeded
from stadt.core.people.actor import Actor


def begin(actor: Actor, one: CaseType, category: str = "", answers: Mapping[str, Any] | None = None) -> str:
    """Begin to apply; returns the draft's secret.

    Raises:
        SignInNeeded: the service wants an account.
        Invalid: naming `category`.
        Conflict: the service is not offered today.
        NotFound: its form is missing.
    """
    if not one.anonymous_allowed and not actor.is_known:
        raise SignInNeeded(gettext("Für diesen Dienst brauchen Sie ein Konto."))
    chosen = chosen_category(one, category)
    require_in_time(one, chosen.key if chosen else "")
    names = {CATEGORY: chosen.key} if chosen else {}
    _, secret = start_draft(actor, one.form, answers=answers or {}, prefill=prefill_of(actor), names=names)
    return secret


def get_draft_of(one: CaseType, secret: str) -> Draft:
    """The draft of this service with this secret. Raises NotFound, also for a draft of another service."""
    draft = get_draft(secret)
    if draft.version.key != one.form:
        raise NotFound(gettext("Diesen Entwurf gibt es hier nicht."))
    return draft


@transaction.atomic
def open_own_draft(actor: Actor, pk: int) -> tuple[CaseType, str]:
    """Service and new secret of an own draft. Raises NotFound."""
    draft, secret = renew_draft(actor, pk)
    one = next((one for one in list_types() if one.door == "dienste" and one.form == draft.version.key), None)
    if one is None:
        raise NotFound(gettext("Diesen Dienst gibt es nicht."))
    return one, secret
