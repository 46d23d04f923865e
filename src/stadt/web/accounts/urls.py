"""Addresses below `/konto/` that allauth serves, with this city's views before its own."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, include, path

from stadt.web.accounts import oidc
from stadt.web.accounts.views import factors, linked


def saml_patterns() -> list[URLPattern]:
    """Only where the extra `saml` is installed."""
    if find_spec("onelogin") is None:
        return []
    from stadt.web.accounts import saml  # noqa: PLC0415

    place = "saml/<slug:organization_slug>"
    return [
        path(f"{place}/login/", saml.login, name="saml_login"),
        path(f"{place}/acs/", saml.acs, name="saml_acs"),
        path(f"{place}/acs/finish/", saml.finish_acs, name="saml_finish_acs"),
        path(f"{place}/metadata/", saml.metadata, name="saml_metadata"),
        path(f"{place}/sls/", saml.sign_out, name="saml_sls"),
    ]


urlpatterns = [
    path("", include("allauth.account.urls")),
    path("zweiter-faktor/", factors.Factors.as_view(), name="mfa_index"),
    path("zweiter-faktor/totp/activate/", factors.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("zweiter-faktor/webauthn/add/", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("zweiter-faktor/", include("allauth.mfa.urls")),
    path("anmeldedienste/", linked.show_linked, name="socialaccount_connections"),
    path("anmeldedienste/", include("allauth.socialaccount.urls")),
    path("oidc/<slug:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
    *saml_patterns(),
]
