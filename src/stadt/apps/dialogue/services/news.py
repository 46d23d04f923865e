"""News: what is public about the strategy, kept once, and forgetting what is not needed any more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from stadt.apps.dialogue.models import News, Question, Subscription
from stadt.apps.dialogue.services.subscriptions import UNCONFIRMED
from stadt.apps.dialogue.workflow import DONE, NewsKind, QuestionState
from stadt.core.audit import record
from stadt.core.people.actor import Actor

LISTENER = Actor.system("job:dialogue.news")
TEXT_KEPT = timedelta(days=90)
DECLINED_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NewsDraft:
    """A piece of news as it is told; see `News` for the fields. Without `happened_at` it happened now."""

    key: str
    kind: NewsKind
    codes: tuple[str, ...]
    path: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    happened_at: datetime | None = None
    is_simulated: bool = False


@transaction.atomic
def keep_news(draft: NewsDraft) -> bool:
    """Keep it unless its key is known; returns whether it is new."""
    now = timezone.now()
    moment = draft.happened_at or now
    values = {
        "kind": draft.kind,
        "codes": list(dict.fromkeys(draft.codes)),
        "facts": dict(draft.facts),
        "path": draft.path,
        "happened_at": moment,
        "is_due": moment <= now,
        "is_simulated": draft.is_simulated,
    }
    found, is_new = News.objects.get_or_create(key=draft.key, defaults=values)
    if is_new:
        record(
            LISTENER,
            "keep_news",
            f"strategy_news:{found.pk}",
            {"kind": str(draft.kind), "codes": values["codes"]},
        )
    return is_new


@transaction.atomic
def forget_old(actor: Actor) -> int:
    """Forget what is not needed: addresses and subscriptions not confirmed in a week, what was asked in private words
    three months after the answer, and declined questions after a month. Returns how many rows changed.
    """
    now = timezone.now()
    count = Subscription.objects.filter(confirmed_at=None, asked_at__lt=now - UNCONFIRMED).delete()[0]
    unconfirmed = Q(email_confirmed_at=None, asked_at__lt=now - UNCONFIRMED)
    gone = {"email": "", "secret_digest": None, "email_confirmed_at": None}
    count += Question.objects.filter(unconfirmed).exclude(email="").update(**gone)
    settled = Question.objects.filter(state__in=DONE, decided_at__lt=now - TEXT_KEPT)
    count += settled.exclude(text="").update(text="")
    declined = Question.objects.filter(state=QuestionState.DECLINED, decided_at__lt=now - DECLINED_KEPT)
    count += declined.delete()[0]
    replied = Question.objects.filter(state=QuestionState.REPLIED, decided_at__lt=now - TEXT_KEPT)
    count += replied.delete()[0]
    if count:
        record(actor, "forget_old", "dialogue", {"rows": count})
    return count
