"""Signing in by OpenID Connect: allauth's code flow with PKCE, and the checks it leaves out.

Added are the nonce (OpenID Connect Core §3.1.2.1), the ID token's signature whatever way it came, the issuer of the
discovery document (Discovery §4.3), `iss` in the answer (RFC 9207), and that user info is about the same person (§5.3.2).
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from stadt.core.identity.providers import IdentityProvider, find_provider
from stadt.web.accounts.identity import LINKING, IdentityAdapter, clean_name, texts

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
BROKEN = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    requests.RequestException,
    OAuth2Error,
    PermissionDenied,
)


class OidcExchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """One exchange with a provider; `expected_nonce` comes from this browser's own session."""

    expected_nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the discovery document, refused when it is about another issuer or leads to plain HTTP."""
        if not hasattr(self, "_openid_config"):
            found = super().openid_config
            issuer = self.configured.issuer
            if found.get("issuer") != issuer:
                raise OAuth2Error("the discovery document is about another issuer")
            if urlsplit(issuer).scheme == "https":
                for name in ENDPOINTS:
                    if found.get(name) and urlsplit(found[name]).scheme != "https":
                        raise OAuth2Error(f"{name} is not reached by TLS")
        return dict(self._openid_config)

    @property
    def configured(self) -> IdentityProvider:
        """Return what `identity.toml` says."""
        found = find_provider(self.provider_id)
        if found is None:
            raise SocialApp.DoesNotExist
        return found

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return where the provider sends people back to: an address of `STADT_URL`."""
        path = reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})
        return f"{settings.STADT.url}{path}"

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **more: Any) -> Any:
        """Return the sign-in; an answer without an ID token is none."""
        text = more["response"].get("id_token")
        if not isinstance(text, str):
            raise OAuth2Error("the answer holds no ID token")
        told = self._decode_id_token(app, text)
        if not secrets.compare_digest(str(told.get("nonce", "")), self.expected_nonce or "none was sent"):
            raise OAuth2Error("the nonce is not the one that was sent")
        if told.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token was made for another client")
        claims = dict(told)
        if self.openid_config.get("userinfo_endpoint"):
            more_claims = self._fetch_user_info(token.token)
            if more_claims.get("sub") != told["sub"]:
                raise OAuth2Error("user info is about somebody else")
            claims |= more_claims
        return self.get_provider().sociallogin_from_response(request, claims)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        if jwtkit.jwt.get_unverified_header(id_token).get("alg") not in ALGORITHMS:
            raise OAuth2Error("the ID token is not signed as it should be")
        return dict(
            jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.configured.issuer,
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
                verify_signature=True,
            )
        )


class OidcProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """A provider of `identity.toml`; the address that was asked for adds nothing to what is asked of it."""

    oauth2_adapter_class = OidcExchange

    @property
    def configured(self) -> IdentityProvider:
        """Return what `identity.toml` says."""
        found = find_provider(self.app.provider_id)
        if found is None:
            raise SocialApp.DoesNotExist
        return found

    def get_scope(self) -> list[str]:
        """Return the configured scopes."""
        return list(self.configured.scopes)

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Return the configured scopes; none is taken from the address."""
        return self.get_scope()

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Take no parameters from the address."""
        return {}

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **more: Any
    ) -> HttpResponse:
        """Send the browser to the provider with a state, a nonce and a PKCE challenge of this session."""
        nonce = secrets.token_urlsafe(24)
        more["auth_params"] = {**(more.get("auth_params") or {}), "nonce": nonce}
        response: HttpResponse = super().redirect(request, process, next_url, data, nonce=nonce, **more)
        return response

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        """Return the sign-in with the person's groups."""
        found = super().sociallogin_from_response(request, response)
        found.groups = texts(response.get(self.configured.groups_claim))
        return found

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return the provider's permanent name of the person."""
        return str(data["sub"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return address and name."""
        return {"email": self._email(data), "name": clean_name(data.get(self.configured.name_claim))}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep address and name, so that people know which account is linked; nothing else."""
        return self.extract_common_fields(data)

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Return the address, confirmed when the provider says so, or is known to keep no other."""
        email = self._email(data)
        is_verified = self.configured.email_verified == "always" or data.get("email_verified") is True
        return [EmailAddress(email=email, verified=is_verified, primary=True)] if email else []

    def _email(self, data: dict[str, Any]) -> str:
        value = data.get(self.configured.email_claim)
        return value.strip().lower() if isinstance(value, str) else ""


class Callback(OAuth2CallbackView):  # type: ignore[misc]
    """Where people come back to from the provider."""

    def _get_state(self, request: HttpRequest, provider: OidcProvider) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.expected_nonce = state.get("nonce", "")
            told = request.GET.get("iss")
            if told is not None and told != provider.configured.issuer:
                return None, render_authentication_error(request, provider)
        return state, response


@require_GET
@never_cache
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """`/konto/oidc/<key>/login/`: off to the provider. Linking needs a form of this city's own before."""
    provider = _provider(request, provider_id)
    if request.GET.get("process") not in {None, "", "login"} and (
        request.GET.get("process") != "connect"
        or not request.user.is_authenticated
        or request.session.pop(LINKING, None) != provider_id
    ):
        return redirect("socialaccount_connections")
    try:
        response: HttpResponse = provider.redirect_from_request(request)
    except BROKEN as error:
        response = render_authentication_error(request, provider, exception=error)
    return response


@require_GET
@never_cache
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """`/konto/oidc/<key>/login/callback/`: back from the provider."""
    provider = _provider(request, provider_id)
    try:
        view = Callback.adapter_view(OidcExchange(request, provider_id))
        response: HttpResponse = view(request)
    except BROKEN as error:
        response = render_authentication_error(request, provider, exception=error)
    return response


def _provider(request: HttpRequest, key: str) -> OidcProvider:
    found = find_provider(key)
    if found is None or found.kind != "oidc":
        raise Http404
    provider: OidcProvider = IdentityAdapter(request).get_provider(request, provider=key)
    return provider
