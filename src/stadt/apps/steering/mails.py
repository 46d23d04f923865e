"""The mail that tells a person which warnings wait for an answer: one for all of them."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stadt.apps.steering.models import EarlyWarning
from stadt.apps.steering.words import warning_sentence, warning_title
from stadt.core.city import current
from stadt.core.people.models import User

MOST_SHOWN = 10


def send_digest(user: User, warnings: Sequence[EarlyWarning]) -> None:
    """Queue the mail, in the person's language. It names codes and figures, no people."""
    with translation.override(user.language):
        shown = [
            {
                "title": warning_title(one),
                "about": one.measure or one.code,
                "sentence": warning_sentence(one),
                "answer_by": one.answer_by,
            }
            for one in warnings[:MOST_SHOWN]
        ]
        context = {
            "city": current().name,
            "count": len(warnings),
            "warnings": shown,
            "more": max(0, len(warnings) - MOST_SHOWN),
            "url": f"{settings.STADT.url}{reverse('steering:overview')}",
        }
        subject = " ".join(render_to_string("steering/mail/digest_subject.txt", context).split())
        body = render_to_string("steering/mail/digest_message.txt", context)
    EmailMessage(subject, body, to=[user.email]).send()
