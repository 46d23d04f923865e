"""Where the mail queue hands mail to: the SMTP server of `STADT_MAIL_URL`, in the demo a mailbox on the site."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from stadt.core.environment import Environment
from stadt.core.errors import ConfigurationError

QUEUE = "stadt.core.mail_queue.QueueBackend"


def mail_settings(environment: Environment, *, mailbox_backend: str) -> dict[str, Any]:
    """Django's mail settings for `smtp://user:password@host:587?from=stadt@example` or `smtps://…`.

    `smtp` uses STARTTLS unless the host is this machine; `smtps` is TLS from the start.

    Raises:
        ConfigurationError: when the address cannot be used.
    """
    sender = f"stadt@{environment.host}"
    if environment.mail_url is None:
        backend = mailbox_backend if environment.demo else "django.core.mail.backends.console.EmailBackend"
        return {"EMAIL_BACKEND": QUEUE, "MAIL_TRANSPORT": backend, "DEFAULT_FROM_EMAIL": sender}
    parts = urlsplit(environment.mail_url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ConfigurationError(
            "STADT_MAIL_URL muss wie smtp://nutzer:passwort@host:587?from=stadt@example sein."
        )
    is_tls = parts.scheme == "smtps"
    is_here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return {
        "EMAIL_BACKEND": QUEUE,
        "MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_tls else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": not is_tls and not is_here,
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": parse_qs(parts.query).get("from", [sender])[0],
    }
