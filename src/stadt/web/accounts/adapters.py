"""How accounts see this installation: links lead to its own address, and visitors behind a proxy are told apart."""

from __future__ import annotations

import time
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from stadt.core.machine import LOOPBACK
from stadt.core.people.factors import find_demand
from stadt.core.people.models import User
from stadt.core.people.sessions import forget_sessions

# A sign-in this young is proof enough for a change of the account.
FRESH_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Takes no address from the `Host` header, because whoever asks chooses it."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; every link in it leads to `STADT_URL`."""
        own = {name: _at_home(value) for name, value in context.items() if name.endswith("_url")}
        site = {"name": settings.STADT.host, "domain": settings.STADT.host}
        super().send_mail(template_prefix, email, {**context, **own, "current_site": site})

    def is_safe_url(self, url: str) -> bool:
        """Return whether to go on to `url` after signing in: a page of the host that was asked for, nothing else."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where to go after signing in: to the second factor, when one is still to be set up or shown."""
        if isinstance(request.user, User):
            is_staff = request.user.memberships.exists()
            if find_demand(request, request.user, is_staff=is_staff) is not None:
                return reverse("mfa_index")
        return str(super().get_login_redirect_url(request))

    def set_password(self, user: User, password: str) -> None:
        """Change the password; all other sessions of the person end."""
        super().set_password(user, password)
        forget_sessions(user, self.request.session.session_key if self.request.user == user else None)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Return whether to ask again who it is; not within five minutes of signing in."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((float(entry.get("at", 0)) for entry in records), default=0.0)
        return time.time() - latest > FRESH_SECONDS and bool(
            super().is_reauthentication_required(app=app, **more)
        )

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to prove it, in our words; a passkey only where the city's address allows one."""
        words = {
            "reauthenticate": gettext("Mit dem Passwort"),
            "mfa_reauthenticate": gettext("Mit einem Code aus der App oder einem Wiederherstellungscode"),
            "mfa_reauthenticate:webauthn": gettext("Mit einem Passkey"),
        }
        found = super().get_reauthentication_methods(user)
        return [
            {**method, "description": words[method["id"]]}
            for method in found
            if method["id"] in words
            and (method["id"] != "mfa_reauthenticate:webauthn" or are_passkeys_possible())
        ]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that attempts to sign in are counted by.

        Behind a proxy that is the address the proxy saw, the last one in `X-Forwarded-For`: else one visitor's
        attempts would lock out the whole city. Without a proxy the header is the visitor's own invention.
        """
        peer = request.META.get("REMOTE_ADDR", "")
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]
        if seen and (peer in LOOPBACK or settings.STADT.is_secure):
            return str(clean_client_ip(seen) or peer)
        return str(super().get_client_ip(request))


def are_passkeys_possible() -> bool:
    """Return whether browsers make passkeys for this city: they want TLS or `localhost`, and a name instead of numbers."""
    host = settings.STADT.host
    try:
        ip_address(host)
    except ValueError:
        return bool(settings.STADT.is_secure or host == "localhost")
    return False


def _at_home(url: str) -> str:
    parts = urlsplit(url)
    return f"{settings.STADT.url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
