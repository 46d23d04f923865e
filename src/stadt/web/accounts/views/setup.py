"""`/einrichten/`: the first administrator, by the link that `stadt up` printed."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from stadt.core.errors import Conflict, Invalid, NotFound
from stadt.core.people.first_start import is_good, set_up
from stadt.web.accounts.forms import SetupForm, show_refusal

TOKEN = "setup_token"  # noqa: S105 - the name of a place in the session


@require_safe
@never_cache
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, so that no log and no referrer gets it. Wrong or used: 404."""
    if not is_good(token):
        raise NotFound(gettext("Dieser Link gilt nicht mehr."))
    request.session[TOKEN] = token
    return redirect("web:setup")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def set_up_city(request: HttpRequest) -> HttpResponse:
    """The form, and the account with all rights."""
    token = str(request.session.get(TOKEN, ""))
    if not is_good(token):
        raise NotFound(gettext("Dieser Link gilt nicht mehr."))
    form = SetupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            user = set_up(token, data["email"], data["name"], data["password"])
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal.fields, refusal.detail)
        else:
            del request.session[TOKEN]
            record_authentication(request, user, "password")
            response: HttpResponse = perform_login(
                request, Login(user=user, redirect_url=reverse("mfa_index"))
            )
            return response
    return render(request, "web/accounts/setup.html", {"form": form}, status=422 if form.errors else 200)
