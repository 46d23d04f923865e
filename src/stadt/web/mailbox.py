"""The demo's mailbox: mail that would leave the city is kept and shown on a page of this machine only."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest
from django.http.request import split_domain_port

from stadt.core.machine import LOOPBACK, is_direct
from stadt.web.models import DemoMessage

OWN_NAMES = LOOPBACK | {"localhost", "[::1]"}
KEPT_MESSAGES = 200


class MailboxBackend(BaseEmailBackend):
    """Django e-mail backend of a demo without a mail server; keeps the newest messages as plain text."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; return how many."""
        kept = [
            DemoMessage(
                sender=message.from_email,
                recipients=", ".join(message.recipients()),
                subject=str(message.subject),
                body=str(message.body),
            )
            for message in email_messages
            if message.recipients()
        ]
        DemoMessage.objects.bulk_create(kept)
        newest = DemoMessage.objects.order_by("-pk").values("pk")[:KEPT_MESSAGES]
        DemoMessage.objects.exclude(pk__in=newest).delete()
        return len(kept)


def is_reachable(request: HttpRequest) -> bool:
    """Return whether this reader may open the mailbox: a demo without mail server, asked for on its own machine.

    Messages hold links that reset passwords, so the address the city is known by, the host name asked for and the
    peer must all be this machine's.
    """
    try:
        host, _ = split_domain_port(request.get_host())
    except DisallowedHost:  # the page that tells of it asks too
        return False
    return (
        settings.STADT.demo
        and settings.STADT.mail_url is None
        and settings.STADT.is_local
        and host in OWN_NAMES
        and is_direct(request.META.get("REMOTE_ADDR", ""), request.headers)
    )
