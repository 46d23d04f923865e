"""Mails to those who answer for data."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stadt.apps.governance.models import SurveyRound
from stadt.apps.governance.queries.rounds import Found
from stadt.core.city import current
from stadt.core.people.models import User


def send_reminder(user: User, row: SurveyRound, missing: Sequence[Found]) -> None:
    """Ask somebody for the values that a survey misses, in the person's language."""
    shown = {
        "city": current().name,
        "round": row,
        "missing": missing,
        "url": f"{settings.STADT.url}{reverse('strategy:teams')}",
    }
    with translation.override(user.language):
        subject = " ".join(render_to_string("governance/mail/reminder_subject.txt", shown).split())
        body = render_to_string("governance/mail/reminder_message.txt", shown)
    EmailMessage(subject, body, to=[user.email]).send()
