"""Addresses below `/konto/` that allauth serves, with this city's views before its own."""

from __future__ import annotations

from django.urls import include, path

from stadt.web.accounts.views import factors

urlpatterns = [
    path("", include("allauth.account.urls")),
    path("zweiter-faktor/", factors.Factors.as_view(), name="mfa_index"),
    path("zweiter-faktor/totp/activate/", factors.ActivateApp.as_view(), name="mfa_activate_totp"),
    path("zweiter-faktor/webauthn/add/", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("zweiter-faktor/", include("allauth.mfa.urls")),
]
