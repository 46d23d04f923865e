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

from stadt.core.doors import client_address
from stadt.core.people import visits
from stadt.core.people.factors import find_demand
from stadt.core.people.models import User
from stadt.core.people.sessions import forget_sessions

# A sign-in this young is proof enough for a change of the account.
FRESH_SECONDS = 300
# The package tells its adapter of these changes by the mail it wants sent, and has no other call for them.
CHANGES = {
    "mfa/email/totp_activated": "add_second_factor",
    "mfa/email/totp_deactivated": "remove_second_factor",
    "mfa/email/webauthn_added": "add_passkey",
    "mfa/email/webauthn_removed": "remove_passkey",
    "mfa/email/recovery_codes_generated": "renew_recovery_codes",
    "account/email/email_changed": "change_email",
    "account/email/email_deleted": "remove_email",
    "socialaccount/email/account_connected": "connect_identity",
}


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
            is_staff = request.user.memberships.in_force().exists()
            if find_demand(request, request.user, is_staff=is_staff) is not None:
                return reverse("mfa_index")
        return str(super().get_login_redirect_url(request))

    def set_password(self, user: User, password: str) -> None:
        """Change the password; all other sessions of the person end."""
        super().set_password(user, password)
        visits.note_change(user, "set_password", by=getattr(self.request, "user", None))
        forget_sessions(user, self.request.session.session_key if self.request.user == user else None)

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin a session, and keep that it began."""
        super().login(request, user)
        visits.note_sign_in(user)

    def logout(self, request: HttpRequest) -> None:
        """End the session, and keep that it ended."""
        user = request.user if isinstance(request.user, User) else None
        super().logout(request)
        if user is not None:
            visits.note_sign_out(user)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Make the account of somebody who registers."""
        made: User = super().save_user(request, user, form, commit)
        if commit:
            visits.note_change(made, "register_account", by=made)
        return made

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Take an address as the person's own, because the mailed link was opened."""
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed:
            visits.note_change(email_address.user, "confirm_email", by=request.user)
        return confirmed

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep that somebody tried: by the account's id where there is one, never by what was typed."""
        super().authentication_failed(request, **credentials)
        visits.note_failed_sign_in(str(credentials.get("email") or credentials.get("username") or ""))

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **more: Any) -> None:
        """Tell the person what changed at the account; the same moments are kept in the audit."""
        verb = CHANGES.get(template_prefix)
        if verb:
            visits.note_change(user, verb, by=getattr(self.request, "user", None))
        super().send_notification_mail(template_prefix, user, *args, **more)

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

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count an account's attempts under one name: with allauth's, each other `Host` would begin anew."""
        return f"{settings.STADT.host}:{str(credentials.get('email', '')).lower()}"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that attempts to sign in are counted by.

        Behind a proxy that is the visitor's and not the proxy's: else one visitor's attempts would lock out the city.
        """
        peer = request.META.get("REMOTE_ADDR", "")
        forwarded = request.headers.get("X-Forwarded-For", "")
        seen = client_address(peer, forwarded, is_secure=settings.STADT.is_secure)
        return str(clean_client_ip(seen) or peer)


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
