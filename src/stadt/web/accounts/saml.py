"""Signing in by SAML, such as BundID: allauth's views with this city's addresses, and its strictest checks."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.saml import views
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from stadt.core.identity.providers import IdentityProvider, find_provider
from stadt.core.identity.saml import read_metadata
from stadt.web.accounts.identity import LINKING, IdentityAdapter, clean_name, texts

SIGN_OUT = re.compile(rb"\s*<md:SingleLogoutService[^>]*/>")


def settings_of(provider: IdentityProvider) -> dict[str, Any]:
    """Return what allauth and its library are told: signed assertions only, fresh, for us, and asked for."""
    metadata, _problem = read_metadata(provider)
    certificates = metadata.get("x509certMulti", {}).get("signing", [])
    return {
        "idp": {
            "entity_id": metadata["entityId"],
            "sso_url": metadata["singleSignOnService"]["url"],
            "x509cert": metadata.get("x509cert") or certificates[0],
        },
        "sp": {"entity_id": provider.client_id},
        "advanced": {
            "strict": True,
            "want_assertion_signed": True,
            "reject_idp_initiated_sso": True,
            "reject_deprecated_algorithm": True,
            "want_name_id": True,
            "want_attribute_statement": False,
            "allow_single_label_domains": settings.STADT.is_local,
        },
    }


class SamlProvider(SAMLProvider):  # type: ignore[misc]  # allauth has no types
    """A provider of `identity.toml`; its assertions must be signed, fresh, for us, and asked for by this browser."""

    def __init__(self, request: HttpRequest | None, app: Any) -> None:
        super().__init__(request, app=app)
        provider = find_provider(app.provider_id)
        if provider is None:
            raise Http404
        self.configured: IdentityProvider = provider

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """Return the sign-in with the person's groups."""
        found = super().sociallogin_from_response(request, response)
        found.groups = texts(response.get_attributes().get(self.configured.groups_claim, []))
        return found

    def extract_uid(self, data: Any) -> str:
        """Return the provider's permanent name of the person."""
        return str(data.get_nameid())

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        """Return address and name."""
        return {
            "email": self._first(data, self.configured.email_claim).lower(),
            "name": clean_name(self._first(data, self.configured.name_claim)),
        }

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Keep address and name, so that people know which account is linked; nothing else."""
        return self.extract_common_fields(data)

    def extract_email_addresses(self, data: Any) -> list[EmailAddress]:
        """Return the address, confirmed when the provider says so, or is known to keep no other."""
        email = self.extract_common_fields(data)["email"]
        told = self._first(data, "email_verified").lower() in {"true", "1"}
        is_verified = self.configured.email_verified == "always" or told
        return [EmailAddress(email=email, verified=is_verified, primary=True)] if email else []

    def _first(self, data: Any, name: str) -> str:
        found = texts(data.get_attributes().get(name, []))
        return found[0].strip() if found else ""


def login(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """`/konto/saml/<key>/login/`: off to the provider. Linking needs a form of this city's own before."""
    _at_home(request, organization_slug)
    process = request.GET.get("process")
    if process not in {None, "", "login"} and (
        process != "connect"
        or not request.user.is_authenticated
        or request.session.pop(LINKING, None) != organization_slug
    ):
        return redirect("socialaccount_connections")
    response: HttpResponse = views.login(request, organization_slug=organization_slug)
    return response


@csrf_exempt
def acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """`/konto/saml/<key>/acs/`: the provider's form. Another site sends it, so it has no token of ours: it is only kept
    until the browser asks for the next address with its own session, which must know the question it answers."""
    _at_home(request, organization_slug)
    response: HttpResponse = views.acs(request, organization_slug=organization_slug)
    return response


def finish_acs(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """`/konto/saml/<key>/acs/finish/`: the provider's answer is checked."""
    provider = _at_home(request, organization_slug)
    try:
        response: HttpResponse = views.finish_acs(request, organization_slug=organization_slug)
    except (PermissionDenied, ValueError, KeyError, SyntaxError) as error:  # broken XML is a syntax error
        response = render_authentication_error(request, provider, exception=error)
    return response


def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """`/konto/saml/<key>/metadata/`: what the provider has to know about this city."""
    _at_home(request, organization_slug)
    response: HttpResponse = views.metadata(request, organization_slug=organization_slug)
    response.content = SIGN_OUT.sub(b"", response.content)
    return response


def sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Signing out at the provider ends nothing here, and ours ends nothing there; allauth wants the address named."""
    raise Http404


def _at_home(request: HttpRequest, key: str) -> SamlProvider:
    """The library builds addresses from the request: let it see `STADT_URL`, not what was asked for."""
    found = find_provider(key)
    if found is None or found.kind != "saml":
        raise Http404
    request.META["HTTP_HOST"] = urlsplit(settings.STADT.url).netloc
    if settings.STADT.is_secure:
        request.META["HTTP_X_FORWARDED_PROTO"] = "https"
    provider: SamlProvider = IdentityAdapter(request).get_provider(request, provider=key)
    return provider
