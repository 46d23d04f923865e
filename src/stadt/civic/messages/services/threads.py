"""Messages: write one, deliver it, and erase what a thread says when its subject is anonymised.

Who may write about a subject, the part that owns it knows: it asks for the right before it calls.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import make_msgid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.messages import mails
from stadt.civic.messages.models import (
    AuthorKind,
    Channel,
    Delivery,
    DeliveryState,
    Message,
    Thread,
    ThreadParty,
)
from stadt.civic.messages.services.links import revoke_links
from stadt.civic.messages.wording import LONGEST_TEXT, cleaned, one_line
from stadt.core.audit import record
from stadt.core.errors import FieldError, Forbidden, Invalid
from stadt.core.mail_queue import find_states
from stadt.core.people.actor import Actor

FOLLOWED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a message is for: with an account (inbox), with an address (mail), or both.

    `url` is the page that the mail leads to and where its mails are ended, such as one with the recipient's own link;
    empty: the inbox, for people with an account.
    """

    email: str = ""
    user_id: int | None = None
    language: str = "de"
    url: str = ""


@transaction.atomic
def write_message(
    actor: Actor | None,
    subject: str,
    text: str,
    *,
    plain: str = "",
    author_kind: str = AuthorKind.OFFICE,
    recipients: Iterable[Recipient] = (),
    template: str = "",
    language: str = "de",
    files: Sequence[int] = (),
    title: str = "",
    url: str = "",
    with_text: bool = False,
) -> Message:
    """Keep a message for good and send it on its way.

    Args:
        subject: key of what it is about, such as `case:12`; its thread is opened with the first message.
        plain: the same in plain language, shown beside it.
        title, url: what parties see of the subject in their inbox, and the page where they answer; kept with the thread.
        with_text: the mail holds the text itself; otherwise only a link.

    Raises:
        Invalid: naming the field: no text, too much, no such kind of author, an address that is none.
    """
    actor = actor or Actor.anonymous()
    message = _checked(text, plain, author_kind, language, template, files)
    people = list(recipients)
    for person in people:
        _check_address(person.email)
    thread = _thread(subject, title, url)
    message.thread = thread
    message.author_id = actor.user_id
    message.save()
    if author_kind == AuthorKind.CITIZEN and actor.user_id is not None:
        _join(thread, actor.user_id)
    for person in people:
        _deliver(message, person, with_text=with_text)
    record(
        actor,
        "write_message",
        subject,
        {"message": message.pk, "author": str(author_kind), "recipients": len(people)},
    )
    return message


@transaction.atomic
def mark_read(actor: Actor, party: ThreadParty, newest: int) -> None:
    """Note that the person has seen everything up to a message."""
    if ThreadParty.objects.filter(pk=party.pk, read_to__lt=newest).update(read_to=newest):
        record(actor, "read_messages", f"thread:{party.thread_id}", {"message": newest})


@transaction.atomic
def erase_messages(subject: str, *, whole: bool = False, actor: Actor | None = None) -> int:
    """Remove what a subject's messages say, its links and its readers; that there were messages stays, and when.

    The only way in which a message changes. `whole`: nothing stays. Returns how many messages there were. Files and
    subscriptions are erased by their own verbs.
    """
    thread = Thread.objects.select_for_update().filter(subject=subject).first()
    revoke_links(subject, actor=actor)
    if thread is None:
        return 0
    found = Message.objects.filter(thread=thread)
    Delivery.objects.filter(message__thread=thread).delete()
    ThreadParty.objects.filter(thread=thread).delete()
    with _erasing():
        if whole:
            count, _ = found.delete()
            thread.delete()
        else:
            count = found.filter(erased_at=None).update(
                text="", plain_text="", author_id=None, files=[], erased_at=timezone.now()
            )
            thread.title, thread.url = "", ""
            thread.save(update_fields=["title", "url"])
    record(actor or Actor.system("messages"), "erase_messages", subject, {"count": count, "whole": whole})
    return count


@transaction.atomic
def forget_author(actor: Actor, user_id: int) -> None:
    """A person's account is erased: her messages stay with their subjects until those are anonymised, without her id."""
    with _erasing():
        count = Message.objects.filter(author_id=user_id).update(author_id=None)
    if count:
        record(actor, "forget_author", "messages", {"count": count})


@transaction.atomic
def note_bounce(actor: Actor, mail_id: str) -> bool:
    """A mail came back: its delivery says so. `bounces` reads them. Returns whether it is known.

    Raises:
        Forbidden: only the system itself may say so.
    """
    if actor.kind != "system":
        raise Forbidden(gettext("Das kann nur die Plattform selbst."))
    found = Delivery.objects.filter(mail_id=mail_id).exclude(mail_id="").first()
    if found is None:
        return False
    found.state, found.changed_at = DeliveryState.BOUNCED, timezone.now()
    found.save(update_fields=["state", "changed_at"])
    record(actor, "note_bounce", f"message:{found.message_id}")
    return True


@transaction.atomic
def follow_deliveries(actor: Actor) -> int:
    """See in the mail queue what became of mails on their way. Returns how many are settled."""
    waiting = Delivery.objects.select_for_update(skip_locked=True).filter(state=DeliveryState.QUEUED)
    found = list(waiting.order_by("pk")[:FOLLOWED_AT_ONCE])
    states = find_states(item.mail_id for item in found)
    settled = []
    for item in found:
        is_waiting = states.get(item.mail_id)
        if is_waiting:
            continue
        # The queue forgets what the server took, and keeps what failed.
        item.state = DeliveryState.SENT if is_waiting is None else DeliveryState.FAILED
        item.changed_at = timezone.now()
        settled.append(item)
    if settled:
        Delivery.objects.bulk_update(settled, ["state", "changed_at"])
        record(actor, "follow_deliveries", "messages", {"count": len(settled)})
    return len(settled)


def _checked(
    text: str, plain: str, author_kind: str, language: str, template: str, files: Sequence[int]
) -> Message:
    said, simple = cleaned(text), cleaned(plain)
    errors = []
    if not said:
        errors.append(FieldError("text", gettext("Bitte schreiben Sie etwas.")))
    for field, value in (("text", said), ("plain", simple)):
        if len(value) > LONGEST_TEXT:
            errors.append(FieldError(field, gettext("höchstens %(count)d Zeichen") % {"count": LONGEST_TEXT}))
    if author_kind not in AuthorKind.values:
        errors.append(FieldError("author_kind", gettext("gibt es nicht")))
    if errors:
        raise Invalid(gettext("Die Nachricht kann so nicht gesendet werden."), fields=tuple(errors))
    return Message(
        author_kind=author_kind,
        text=said,
        plain_text=simple,
        language=language[:10],
        template=template[:60],
        files=sorted(set(files)),
    )


def _check_address(email: str) -> None:
    if not email:
        return
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(
            gettext("Die E-Mail-Adresse ist keine."),
            fields=(FieldError("email", gettext("ist keine E-Mail-Adresse")),),
        ) from None


def _thread(subject: str, title: str, url: str) -> Thread:
    shown = {"title": one_line(title), "url": url[:300]}
    thread, is_new = Thread.objects.get_or_create(subject=subject, defaults=shown)
    changed = [name for name, value in shown.items() if value and getattr(thread, name) != value]
    if changed and not is_new:
        for name in changed:
            setattr(thread, name, shown[name])
        thread.save(update_fields=changed)
    return thread


def _join(thread: Thread, user_id: int) -> None:
    ThreadParty.objects.get_or_create(thread=thread, user_id=user_id)


def _deliver(message: Message, person: Recipient, *, with_text: bool) -> None:
    if person.user_id is not None:
        _join(message.thread, person.user_id)
        Delivery.objects.create(message=message, channel=Channel.INBOX, state=DeliveryState.SENT)
    if not person.email:
        return
    mail_id = make_msgid(domain=settings.STADT.host)
    Delivery.objects.create(message=message, channel=Channel.MAIL, mail_id=mail_id)
    inbox = reverse("civic_messages:thread", args=[message.thread_id]) if person.user_id is not None else ""
    mails.send_notice(
        message,
        person.email,
        language=person.language,
        title=message.thread.title,
        url=person.url or inbox,
        mail_id=mail_id,
        with_text=with_text,
        can_end_there=bool(person.url),
    )


class _erasing:  # noqa: N801 - read as a block
    """Opens the trigger for the statements inside, in this transaction only."""

    def __enter__(self) -> None:
        self._say("on")

    def __exit__(self, *_: object) -> None:
        if not connection.needs_rollback:
            self._say("off")

    @staticmethod
    def _say(word: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('civic_messages.erasing', %s, true)", [word])
