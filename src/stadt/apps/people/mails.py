"""The mail that carries an invitation's link."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stadt.core.city import current
from stadt.core.people.models import Invitation


def send_invitation(invitation: Invitation, secret: str) -> None:
    """Send the link; it leads to `STADT_URL`. Nothing else keeps the secret.

    Raises:
        OSError: the mail server does not take it.
    """
    path = reverse("people:invitation_link", args=[secret])
    context = {
        "url": f"{settings.STADT.url}{path}",
        "city": current().name,
        "role": invitation.role.title,
        "organisation": invitation.organisation.name,
        "expires_at": invitation.expires_at,
    }
    with translation.override("de"):  # what language the person speaks is not known yet
        subject = " ".join(render_to_string("people/mail/invitation_subject.txt", context).split())
        body = render_to_string("people/mail/invitation_message.txt", context)
    EmailMessage(subject, body, to=[invitation.email]).send()
