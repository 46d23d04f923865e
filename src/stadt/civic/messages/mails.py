"""The mails: that there is a message, the link that confirms a subscription, and what is new."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from stadt.civic.messages.models import Fact, Message, Subscription
from stadt.civic.messages.wording import one_line
from stadt.core.city import current


def send_notice(
    message: Message,
    email: str,
    *,
    language: str,
    title: str,
    url: str,
    mail_id: str,
    with_text: bool,
    can_end_there: bool,
) -> None:
    """Tell somebody that there is a message; what it says stands in the mail only where the type of case allows it."""
    with translation.override(language):
        heading = one_line(title)
        subject = one_line(
            gettext("Neue Nachricht: %(title)s") % {"title": heading}
            if heading
            else gettext("Neue Nachricht der Stadt")
        )
        lines = [gettext("Guten Tag,"), _sentence(heading)]
        if with_text:
            lines.append(message.text)
            if message.plain_text:
                lines.append(f"{gettext('In einfacher Sprache:')}\n{message.plain_text}")
        if url:
            lines.append(f"{gettext('Lesen und antworten:')}\n{absolute(url)}")
            lines.append(
                gettext(
                    "Der Link ist nur für Sie. Geben Sie ihn nicht weiter, wenn andere nicht mitlesen sollen."
                )
            )
        if can_end_there:
            lines.append(gettext("Keine E-Mails mehr? Das stellen Sie auf der Seite hinter dem Link ein."))
        lines.append(gettext("Bitte antworten Sie nicht auf diese E-Mail: Niemand liest sie."))
        lines.append(_city())
    headers = {"Message-ID": mail_id, "Auto-Submitted": "auto-generated"}
    EmailMessage(subject, "\n\n".join(lines), to=[email], headers=headers).send()


def _sentence(heading: str) -> str:
    if not heading:
        return gettext("die Stadt hat Ihnen geschrieben.")
    return gettext("die Stadt hat Ihnen zu „%(title)s“ geschrieben.") % {"title": heading}


def send_confirmation(found: Subscription, secret: str) -> None:
    """Send the link by which a subscription is confirmed or ended. Nothing else keeps the secret."""
    with translation.override(found.language):
        title = one_line(found.title)
        subject = gettext("Bitte bestätigen Sie Ihr Abo")
        lines = [
            gettext("Guten Tag,"),
            gettext("für diese Adresse wurden Nachrichten zu „%(title)s“ bestellt.") % {"title": title}
            if title
            else gettext("für diese Adresse wurden Nachrichten der Stadt bestellt."),
            f"{gettext('Bestätigen oder löschen:')}\n{absolute(page_of(secret))}",
            gettext("Waren Sie das nicht, dann tun Sie nichts: Die Adresse wird nach sieben Tagen gelöscht."),
            _city(),
        ]
    EmailMessage(
        subject, "\n\n".join(lines), to=[found.email], headers={"Auto-Submitted": "auto-generated"}
    ).send()


def send_news(found: Subscription, facts: Sequence[Fact], secret: str, email: str) -> None:
    """Send what is new; mail programs find the one click that ends the subscription in the head (RFC 8058)."""
    with translation.override(found.language):
        if len(facts) == 1:
            subject = one_line(facts[0].title)
        else:
            subject = gettext("%(count)d Neuigkeiten") % {"count": len(facts)}
            if found.title:
                subject = one_line(f"{found.title}: {subject}")
        lines = [gettext("Guten Tag,")]
        for fact in facts:
            parts = [one_line(fact.title), fact.text, absolute(fact.url) if fact.url else ""]
            lines.append("\n".join(part for part in parts if part))
        lines.append(f"{gettext('Abo ansehen oder beenden:')}\n{absolute(page_of(secret))}")
        lines.append(_city())
    headers = {
        "List-Unsubscribe": f"<{absolute(reverse('civic_messages:one_click', args=[secret]))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    EmailMessage(subject, "\n\n".join(lines), to=[email], headers=headers).send()


def page_of(secret: str) -> str:
    """The page of a subscription."""
    return reverse("civic_messages:subscription", args=[secret])


def absolute(url: str) -> str:
    """An address of the city's own for a mail; what is none leads to the start page."""
    path = url if url.startswith("/") and not url.startswith(("//", "/\\")) else "/"
    return f"{settings.STADT.url}{''.join(path.split())}"


def _city() -> str:
    return gettext("Ihre Stadt %(city)s") % {"city": current().name}
