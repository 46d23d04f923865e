"""The one mail that forms send: the link to go on later."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from stadt.civic.forms.models import Draft
from stadt.civic.forms.queries import definition_of
from stadt.core.city import current


def mail_resume_link(draft: Draft, address: str, url: str) -> None:
    """Send it to one address, in the language the form was begun in."""
    with translation.override(draft.language):
        title = definition_of(draft.version).words(draft.language).title
        shown = {"title": title, "url": url, "until": draft.expires_at, "city": current().name}
        subject = " ".join(render_to_string("civic_forms/mail/resume_subject.txt", shown).split())
        body = render_to_string("civic_forms/mail/resume_message.txt", shown)
    EmailMessage(subject, body, to=[address]).send()
