"""The mails of the app: a new link to a case, and the question whether an address is right. They hold nothing of what was filled in."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from stadt.civic.cases.models import Case
from stadt.core.city import current


def send_new_link(case: Case, secret: str, email: str, language: str) -> None:
    """Send a new link to a case."""
    path = reverse("services:case_by_link", args=[secret])
    _send("new_link", language, email, {"reference": case.reference, "url": _url(path)})


def send_question(reference: str, secret: str, email: str, language: str) -> None:
    """Ask the owner of an address whether news about a case may come there."""
    path = reverse("services:confirm_address", args=[secret])
    _send("confirm", language, email, {"reference": reference, "url": _url(path)})


def _url(path: str) -> str:
    return f"{settings.STADT.url}{path}"


def _send(name: str, language: str, email: str, shown: dict[str, object]) -> None:
    with translation.override(language):
        context = {**shown, "city": current().name}
        subject = " ".join(render_to_string(f"services/mail/{name}_subject.txt", context).split())
        body = render_to_string(f"services/mail/{name}_message.txt", context)
    EmailMessage(subject, body, to=[email]).send()
