"""Pages of the second factor: allauth's, with what this city adds to them."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.views import IndexView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from stadt.core.people.factors import find_demand
from stadt.web.accounts.adapters import are_passkeys_possible


@method_decorator(never_cache, name="dispatch")
class Factors(IndexView):  # type: ignore[misc]  # allauth has no types
    """`/konto/zweiter-faktor/`: what there is, and what the city still asks for."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Add the demand of the policy, and whether browsers make passkeys for this address."""
        request = self.request
        is_staff = request.user.memberships.in_force().exists()
        return {
            **super().get_context_data(**more),
            "demand": find_demand(request, request.user, is_staff=is_staff),
            "is_staff": is_staff,
            "are_passkeys_possible": are_passkeys_possible(),
        }


@method_decorator(never_cache, name="dispatch")
class ActivateApp(ActivateTOTPView):  # type: ignore[misc]
    """The session in which the app was set up counts as begun with it."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Activate, and remember that the factor was shown."""
        response: HttpResponse = super().form_valid(form)
        _note_shown(self.request, "totp")
        return response


@method_decorator(never_cache, name="dispatch")
class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """The session in which a passkey was made counts as begun with it."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Add, and remember that the factor was shown."""
        response: HttpResponse = super().form_valid(form)
        _note_shown(self.request, "webauthn")
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Keep the refused form: allauth's view forgets it."""
        return {**super().get_context_data(**more), **more}


def _note_shown(request: HttpRequest, kind: str) -> None:
    record_authentication(request, request.user, "mfa", type=kind)
