"""Mails about an account that no page sends: somebody else did something to it."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stadt.core.people.events import SecondFactorReset
from stadt.core.people.models import User


def tell_second_factor_reset(event: SecondFactorReset) -> None:
    """Write to the person that the second factor was removed; nothing when the account is gone."""
    user = User.objects.filter(pk=event.user_id).first()
    if user is not None:
        send(
            user.email,
            user.language,
            "second_factor_reset",
            {"url": f"{settings.STADT.url}{reverse('mfa_index')}"},
        )


def send(address: str, language: str, name: str, context: dict[str, str]) -> None:
    """Send the mail `account/email/<name>_subject.txt` and `_message.txt` in the person's language."""
    shown = {**context, "current_site": {"name": settings.STADT.host}}
    with translation.override(language):
        subject = " ".join(render_to_string(f"account/email/{name}_subject.txt", shown).split())
        body = render_to_string(f"account/email/{name}_message.txt", shown)
    EmailMessage(subject, body, to=[address]).send()
