"""Accounts of identity providers beside the city's own: who may come in, what is linked, which roles follow."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stadt.core.identity.accounts import apply_groups
from stadt.core.identity.http import TimedSession
from stadt.core.identity.providers import IdentityProvider, find_provider, offered
from stadt.core.people.models import User

logger = logging.getLogger("stadt.accounts")

ALLAUTH_NAMES = {"oidc": "openid_connect", "saml": "saml"}
LONGEST_NAME = 150
LINKING = "identity_link"  # in the session: the provider somebody wants to link


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Knows the providers of `identity.toml` instead of rows in the database."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": _("Dieser Zugang gehört schon zu einem anderen Konto."),
    }

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the configured providers as allauth wants them; SAML addresses name them by `client_id`."""
        apps = [as_app(one) for one in offered().values()]
        if provider:
            apps = [app for app in apps if provider in {app.provider, app.provider_id}]
        if client_id:
            apps = [app for app in apps if app.client_id == client_id]
        return apps

    def get_provider(self, request: HttpRequest | None, provider: str, client_id: str | None = None) -> Any:
        """Return this city's own way to speak with a provider. Raises SocialApp.DoesNotExist."""
        app = self.get_app(request, provider=provider, client_id=client_id)
        if app.provider == ALLAUTH_NAMES["saml"]:
            from stadt.web.accounts.saml import SamlProvider  # noqa: PLC0415 - only where the extra is installed

            return SamlProvider(request, app=app)
        from stadt.web.accounts.oidc import OidcProvider  # noqa: PLC0415 - uses this module

        return OidcProvider(request, app=app)

    def get_requests_session(self) -> TimedSession:
        """Return a session that waits seconds for a provider, never longer."""
        return TimedSession()

    def authenticate_by_email(self, sociallogin: Any) -> tuple[User, str] | None:
        """Return the account whose confirmed address the provider vouches for, where it is trusted for that."""
        if not configured_of(sociallogin).links_by_email:
            return None
        for address in sociallogin.email_addresses:
            if not address.verified:
                continue
            known = EmailAddress.objects.filter(email__iexact=address.email, verified=True)
            found = known.select_related("user").first()
            if found is not None:
                return found.user, str(found.email)
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Bring the roles up to date, or say how somebody unknown comes in. Raises ImmediateHttpResponse."""
        provider = configured_of(sociallogin)
        if sociallogin.state.get("process") == "connect":
            return
        if sociallogin.is_existing:
            if sociallogin.user.is_active:
                apply_groups(provider, sociallogin.user, sociallogin.groups)
            return
        if not _may_create(provider, sociallogin):
            context = {"provider": provider}
            raise ImmediateHttpResponse(render(request, "socialaccount/unlinked.html", context, status=403))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return whether this provider makes accounts."""
        return configured_of(sociallogin).creates_accounts

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Fill in address and name of a new account."""
        user: User = super().populate_user(request, sociallogin, data)
        user.name = clean_name(data.get("name"))
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Keep a new account, with the roles of its groups."""
        user: User = super().save_user(request, sociallogin, form)
        apply_groups(configured_of(sociallogin), user, sociallogin.groups)
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: BaseException | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Log what happened by its kind; messages of providers may hold tokens."""
        logger.warning(
            "sign-in by %s failed: %s %s", getattr(provider, "sub_id", "?"), error, type(exception).__name__
        )


def as_app(provider: IdentityProvider) -> SocialApp:
    """Return a provider in allauth's form; nothing of it is kept in the database."""
    app = SocialApp(provider=ALLAUTH_NAMES[provider.kind], provider_id=provider.key, name=provider.title)
    if provider.kind == "saml":
        from stadt.web.accounts.saml import settings_of  # noqa: PLC0415 - only where the extra is installed

        app.client_id, app.settings = provider.key, settings_of(provider)
    else:
        app.client_id, app.secret = provider.client_id, provider.secret()
        app.settings = {"server_url": provider.issuer.rstrip("/"), "oauth_pkce_enabled": True}
    return app


def login_url(provider: IdentityProvider) -> str:
    """Return the address that leads to a provider."""
    if provider.kind == "saml":
        return reverse("saml_login", kwargs={"organization_slug": provider.key})
    return reverse("openid_connect_login", kwargs={"provider_id": provider.key})


def configured_of(sociallogin: Any) -> IdentityProvider:
    """Return what `identity.toml` says about the provider of a sign-in."""
    found = find_provider(sociallogin.account.provider)
    if found is None:
        raise SocialApp.DoesNotExist
    return found


def clean_name(value: Any) -> str:
    """Return a name on one line: it will stand in mails and on pages."""
    words = "".join(letter if letter.isprintable() else " " for letter in str(value or "")).split()
    return " ".join(words)[:LONGEST_NAME]


def texts(value: Any) -> list[str]:
    """Return a claim's texts, whether the provider sent one or a list."""
    found = value if isinstance(value, list) else [value]
    return [entry for entry in found if isinstance(entry, str)]


def _may_create(provider: IdentityProvider, sociallogin: Any) -> bool:
    """Only with a confirmed address that nobody has: else the account would be somebody else's, or become so."""
    verified = [address.email for address in sociallogin.email_addresses if address.verified]
    if not provider.creates_accounts or not verified:
        return False
    address = verified[0]
    return not (
        EmailAddress.objects.filter(email__iexact=address).exists()
        or User.objects.filter(email=address.lower()).exists()
    )
