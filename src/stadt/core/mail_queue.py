"""Mail leaves by a durable job: queued in the transaction that caused it, sent by the worker, tried for a day.

A message's content is personal. It lives in the queue's row only: it goes with success, and `KEPT_FAILED` after the last
attempt that failed. Each recipient has a job of its own, so that an address a server refuses keeps no other from getting
the mail, and the others get it once. Only one doubt is left, and SMTP cannot take it away: when the worker dies between
the server's word that it took a message and the end of the job, the message is sent again, with the same Message-ID.
"""

import logging
import smtplib
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from datetime import timedelta
from email.utils import formatdate, make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from stadt.core.jobs import defer

logger = logging.getLogger("stadt.mail")

JOB = "core.send_mail"
# Between the attempts; together a little more than a day.
PAUSES = tuple(timedelta(minutes=n) for n in (1, 2, 5, 10, 20, 40, 60, 120, 240, 240, 240, 240, 240))
KEPT_FAILED = timedelta(days=14)
# A server that does not answer holds a place of the worker for its whole patience: the next mails wait without asking it.
REST_SECONDS = 60.0
PERMANENT = 500  # SMTP replies from here on say that trying again is no use (RFC 5321, 4.2.1)


class MailRefused(Exception):
    """The server will not take this message, ever. Holds no address."""


class MailWaits(Exception):
    """The server cannot be reached or cannot take the message now. Holds no address."""


class _Server:
    lock = threading.Lock()
    rests_until = 0.0


class OneRecipient(EmailMultiAlternatives):
    """A message as it was written, for one of those it is meant for."""

    envelope = ""

    def recipients(self) -> list[str]:
        """Only this job's recipient."""
        return [self.envelope]


class QueueBackend(BaseEmailBackend):
    """Django's e-mail backend of the city: queues, and fails only when the message itself is wrong."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue each message for each of its recipients, in the current transaction; returns how many messages.

        Raises:
            ValueError: a line break in a header or an address (`BadHeaderError`); nothing is queued.
        """
        prepared = [_prepared(message) for message in email_messages if message.recipients()]
        for message, content in prepared:
            for recipient in dict.fromkeys(message.recipients()):
                defer(JOB, recipient=recipient, content=content)
        return len(prepared)


def _prepared(message: EmailMessage) -> tuple[EmailMessage, dict[str, Any]]:
    headers = {str(name): str(value) for name, value in message.extra_headers.items()}
    named = {name.lower() for name in headers}
    # Fixed here: a message that is sent again is the same one for every server that compares.
    if "message-id" not in named:
        headers["Message-ID"] = make_msgid(domain=settings.STADT.host)
    if "date" not in named:
        headers["Date"] = formatdate(localtime=False)
    message.extra_headers = headers
    message.message()  # refuses line breaks in headers
    for address in message.recipients():
        if "\n" in address or "\r" in address:
            raise ValueError("A recipient's address holds a line break.")
    return message, {
        "sender": str(message.from_email),
        "to": [str(address) for address in message.to],
        "cc": [str(address) for address in message.cc],
        "reply_to": [str(address) for address in message.reply_to],
        "subject": str(message.subject),
        "body": str(message.body),
        "alternatives": [
            [str(content), str(kind)] for content, kind in getattr(message, "alternatives", None) or ()
        ],
        "attachments": [_packed(item) for item in message.attachments],
        "headers": headers,
    }


def _packed(item: Any) -> list[str]:
    name, content, kind = item
    data = content if isinstance(content, bytes) else str(content).encode()
    return [str(name or ""), b64encode(data).decode(), str(kind or "application/octet-stream")]


def deliver(*, recipient: str, content: dict[str, Any]) -> None:
    """The job: hand one message for one recipient to the mail server (in the demo, to its mailbox).

    Raises:
        MailRefused: the server refuses it for good.
        MailWaits: not now; the queue tries again after a pause.
    """
    if time.monotonic() < _Server.rests_until:
        raise MailWaits("The mail server did not answer a moment ago.")
    transport = get_connection(settings.MAIL_TRANSPORT, fail_silently=False)
    message = OneRecipient(
        content["subject"],
        content["body"],
        content["sender"],
        content["to"],
        cc=content["cc"],
        reply_to=content["reply_to"],
        headers=content["headers"],
        alternatives=[(text, kind) for text, kind in content["alternatives"]],
        connection=transport,
    )
    for name, data, kind in content["attachments"]:
        message.attach(name, b64decode(data), kind)
    message.envelope = recipient
    try:
        message.send()
    except smtplib.SMTPException as error:
        if isinstance(error.__context__, TimeoutError):
            _let_rest()
        raise _told(error) from None  # the server's own words name the address
    except OSError as error:
        _let_rest()
        raise MailWaits(f"The mail server cannot be reached: {type(error).__name__}.") from None


def _let_rest() -> None:
    with _Server.lock:
        _Server.rests_until = time.monotonic() + REST_SECONDS


def _told(error: smtplib.SMTPException) -> Exception:
    code = 0
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((reply[0] for reply in error.recipients.values()), default=0)
    elif isinstance(error, smtplib.SMTPResponseException):
        code = int(error.smtp_code)
    words = f"{type(error).__name__} {code}".strip()
    # A wrong password or a server that offers no log-in is the city's fault and may be mended meanwhile.
    is_about_us = isinstance(
        error, (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError)
    )
    if code >= PERMANENT and not is_about_us:
        return MailRefused(f"The mail server refuses the message: {words}.")
    return MailWaits(f"The mail server does not take the message now: {words}.")


def forget_recipient(addresses: Iterable[str]) -> None:
    """Delete what waits for these addresses or could not be sent to them.

    One that is being sent this moment is not held back. Call it inside a transaction, at the end of an erasure.
    """
    wanted = sorted({address.lower() for address in addresses})
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = %s AND status <> 'doing'"
            " AND lower(args->>'recipient') = ANY(%s)",
            (JOB, wanted),
        )


def forget_failed() -> None:
    """Every day: delete the content of mails that could not be sent and that nobody asked to be sent again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs AS job WHERE task_name = %s AND status IN ('failed', 'aborted', 'cancelled')"
            " AND NOT EXISTS (SELECT FROM procrastinate_events AS event WHERE event.job_id = job.id"
            " AND event.at > now() - make_interval(days => %s))",
            (JOB, KEPT_FAILED.days),
        )
        if cursor.rowcount:
            logger.warning("%d mails that could not be sent were deleted", cursor.rowcount)


def find_states(message_ids: Iterable[str]) -> dict[str, bool]:
    """Of these messages those the queue still knows: True while they wait, False when they could not be sent.

    What the server took is not among them, because the queue forgets it.
    """
    wanted = sorted(set(message_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->'content'->'headers'->>'Message-ID', bool_or(status IN ('todo', 'doing'))"
            " FROM procrastinate_jobs WHERE task_name = %s"
            " AND args->'content'->'headers'->>'Message-ID' = ANY(%s) GROUP BY 1",
            (JOB, wanted),
        )
        return dict(cursor.fetchall())
