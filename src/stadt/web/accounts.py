"""How accounts see this installation: links lead to its own address, and visitors behind a proxy are told apart."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from stadt.core.machine import LOOPBACK


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


def _at_home(url: str) -> str:
    parts = urlsplit(url)
    return f"{settings.STADT.url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
