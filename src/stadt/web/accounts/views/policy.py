"""`/betrieb/anmeldung/`: how people sign in to this city, decided by those who may."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.core.errors import Invalid
from stadt.core.identity.providers import KINDS, configured
from stadt.core.people.access import actor_of
from stadt.core.people.factors import count_without_factor, get_policy, set_policy
from stadt.web.accounts.adapters import are_passkeys_possible
from stadt.web.accounts.forms import PolicyForm, show_refusal


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_policy(request: HttpRequest) -> HttpResponse:
    """The policy with how many would be concerned, and the identity providers with their state."""
    policy = get_policy()
    initial: dict[str, object] = {"audience": policy.audience, "counts_from": policy.counts_from}
    if policy.counts_from is not None:
        initial["grace_days"] = policy.grace_days
    form = PolicyForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        try:
            set_policy(actor_of(request), data["audience"], data["counts_from"], data["grace_days"])
        except Invalid as refusal:
            show_refusal(form, refusal.fields, refusal.detail)
        else:
            messages.success(request, gettext("Gespeichert."))
            return redirect("web:sign_in_policy")
    without, staff = count_without_factor()
    providers = [(provider, KINDS[provider.kind].check(provider)) for provider in configured().values()]
    context = {
        "form": form,
        "policy": policy,
        "without": without,
        "staff": staff,
        "providers": providers,
        "are_passkeys_possible": are_passkeys_possible(),
    }
    return render(request, "web/accounts/policy.html", context, status=422 if form.errors else 200)
