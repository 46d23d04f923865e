"""The mails to those who left an address: the link that confirms it, and what was decided."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stadt.apps.reuse.models import Application, DataRequest
from stadt.core.city import current


def send_link(told: Application | DataRequest, secret: str) -> None:
    """Send the link by which the address is confirmed or deleted. Nothing else keeps the secret."""
    path = reverse("reuse:address", args=[secret])
    _send(told, "link", {"url": f"{settings.STADT.url}{path}"})


def tell_decision(told: Application | DataRequest) -> None:
    """Tell what was decided, where the address was confirmed."""
    if told.email and told.email_confirmed_at:
        page = "applications" if isinstance(told, Application) else "requests"
        _send(told, "decision", {"url": f"{settings.STADT.url}{reverse(f'reuse:{page}')}"})


def _send(told: Application | DataRequest, name: str, context: dict[str, str]) -> None:
    shown = {
        **context,
        "city": current().name,
        "told": told,
        "is_application": isinstance(told, Application),
    }
    with translation.override(told.language):
        subject = " ".join(render_to_string(f"reuse/mail/{name}_subject.txt", shown).split())
        body = render_to_string(f"reuse/mail/{name}_message.txt", shown)
    EmailMessage(subject, body, to=[told.email]).send()
