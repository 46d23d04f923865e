"""The mails: links that confirm an address, what is new, and the answer to a question."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stadt.apps.dialogue import queries, wording
from stadt.apps.dialogue.models import News, Question, Subscription
from stadt.core.city import current


def send_subscription_link(found: Subscription, secret: str) -> None:
    """Send the link by which a subscription is confirmed, changed or ended. Nothing else keeps the secret."""
    _send(found, "subscription", {"url": _manage_url(secret), "is_known": found.confirmed_at is not None})


def send_digest(found: Subscription, news: Sequence[News], secret: str) -> None:
    """Send what is new; mail programs find the link to the end of the subscription in the head."""
    url = _manage_url(secret)
    with translation.override(found.language):
        items = [
            {
                "line": wording.line(item),
                "url": f"{settings.STADT.url}{item.path}",
                "is_simulated": item.is_simulated,
            }
            for item in news
        ]
    _send(found, "digest", {"url": url, "items": items}, {"List-Unsubscribe": f"<{url}>"})


def send_question_link(question: Question, secret: str) -> None:
    """Send the link by which the asker's address is confirmed or deleted."""
    _send(question, "question", {"url": f"{settings.STADT.url}{reverse('dialogue:asker', args=[secret])}"})


def send_answer(question: Question) -> None:
    """Send the answer to the asker."""
    url = f"{settings.STADT.url}{queries.path_of_answer(question)}"
    _send(question, "answer", {"url": url, "is_public": question.state == "answered"})


def _manage_url(secret: str) -> str:
    return f"{settings.STADT.url}{reverse('dialogue:subscription', args=[secret])}"


def _send(
    to: Subscription | Question, name: str, context: dict[str, Any], headers: dict[str, str] | None = None
) -> None:
    topic = to.topic if isinstance(to, Subscription) else to.code
    with translation.override(to.language):
        shown = {**context, "city": current().name, "it": to, "topic": wording.topic_heading(topic)}
        subject = " ".join(render_to_string(f"dialogue/mail/{name}_subject.txt", shown).split())
        body = render_to_string(f"dialogue/mail/{name}_message.txt", shown)
    EmailMessage(subject, body, to=[to.email], headers=headers or {}).send()
