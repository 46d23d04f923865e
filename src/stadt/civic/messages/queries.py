"""Reads of messages: a thread, somebody's inbox, and what became of a message on its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.files.models import StoredFile
from stadt.civic.files.queries import files_of
from stadt.civic.messages.models import (
    AccessLink,
    Channel,
    Delivery,
    DeliveryState,
    Message,
    Subscription,
    Thread,
    ThreadParty,
)
from stadt.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with its files and, for the office, the worst state of its mails (empty where none was sent)."""

    message: Message
    files: Sequence[StoredFile]
    mail_state: str


WORST = (DeliveryState.BOUNCED, DeliveryState.FAILED, DeliveryState.QUEUED, DeliveryState.SENT)


def find_thread(subject: str) -> Thread | None:
    """The thread of a subject, if anybody wrote."""
    return Thread.objects.filter(subject=subject).first()


def thread_of(subject: str) -> list[Letter]:
    """All messages about a subject, oldest first; those that were erased have no text. Three queries."""
    messages = list(Message.objects.filter(thread__subject=subject).order_by("pk"))
    if not messages:
        return []
    states = _mail_states(messages)
    files = {item.pk: item for item in files_of(subject)}
    return [
        Letter(
            message,
            [files[pk] for pk in message.files if pk in files],
            states.get(message.pk, ""),
        )
        for message in messages
    ]


def _mail_states(messages: Sequence[Message]) -> Mapping[int, str]:
    found: dict[int, set[str]] = {}
    rows = Delivery.objects.filter(message__in=[item.pk for item in messages], channel=Channel.MAIL)
    for message_id, state in rows.values_list("message_id", "state"):
        found.setdefault(message_id, set()).add(state)
    return {pk: str(next(state for state in WORST if state in states)) for pk, states in found.items()}


def has_link(subject: str, role: str) -> bool:
    """Whether somebody may still hold a link to the subject in this role."""
    live = AccessLink.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    return live.filter(subject=subject, role=role).exists()


def list_inbox(user_id: int) -> QuerySet[ThreadParty]:
    """The person's threads, newest first, each with `newest_at`, `newest_text` and `unread`."""
    newest = Message.objects.filter(thread=OuterRef("thread")).order_by("-pk")
    return (
        ThreadParty.objects.filter(user_id=user_id)
        .select_related("thread")
        .annotate(
            newest_id=Max("thread__messages__id"),
            newest_at=Subquery(newest.values("at")[:1]),
            newest_text=Subquery(newest.values("text")[:1]),
            unread=Count("thread__messages", filter=_unread(user_id, "thread__messages__")),
        )
        .order_by(F("newest_at").desc(nulls_last=True), "-pk")
    )


def count_unread(user_id: int) -> int:
    """Messages to the person that she has not opened yet."""
    return (
        ThreadParty.objects.filter(user_id=user_id)
        .filter(_unread(user_id, "thread__messages__"))
        .values("thread__messages__id")
        .count()
    )


def _unread(user_id: int, prefix: str) -> Q:
    is_new = Q(**{f"{prefix}id__gt": F("read_to")})
    is_own = Q(**{f"{prefix}author_id": user_id, f"{prefix}author_id__isnull": False})
    return is_new & ~is_own


def get_own_party(user_id: int, thread_id: int) -> ThreadParty:
    """The person's place in a thread. Raises NotFound, whether the thread is somebody else's or there is none."""
    found = ThreadParty.objects.select_related("thread").filter(user_id=user_id, thread_id=thread_id).first()
    if found is None:
        raise NotFound(gettext("Diese Nachrichten gibt es nicht."))
    return found


def list_own_subscriptions(user_id: int) -> list[Subscription]:
    """What the person follows with the account, newest first."""
    return list(Subscription.objects.filter(user_id=user_id).order_by("-pk"))


def is_following(kind: str, key: str, user_id: int) -> bool:
    """Whether the account follows it."""
    return (
        Subscription.objects.filter(kind=kind, key=key, user_id=user_id).exclude(confirmed_at=None).exists()
    )
