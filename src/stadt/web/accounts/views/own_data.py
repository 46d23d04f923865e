"""`/konto/daten/` and `/konto/loeschen/`: what the city knows about a person, and being forgotten."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from stadt.core.errors import Conflict
from stadt.core.people.access import actor_of
from stadt.core.people.erasure import erase_person, export_person
from stadt.core.people.models import User
from stadt.web.accounts import mails
from stadt.web.accounts.forms import EraseForm
from stadt.web.accounts.persons_shown import blocks


@require_safe
@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def show_own_data(request: HttpRequest) -> HttpResponse:
    """Everything, to be read."""
    document = export_person(actor_of(request), own_account(request))
    return render(request, "web/accounts/own_data.html", {"blocks": list(blocks(document))})


@require_safe
@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
def download_own_data(request: HttpRequest) -> HttpResponse:
    """Everything, as one JSON file to take elsewhere."""
    return as_file(export_person(actor_of(request), own_account(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]
def erase_account(request: HttpRequest) -> HttpResponse:
    """Ask once more, then forget."""
    user = own_account(request)
    form = EraseForm(user.email, request.POST if request.method == "POST" else None)
    if form.is_valid():
        address, language = user.email, user.language
        try:
            erase_person(actor_of(request), user)
        except Conflict as refusal:
            form.add_error(None, refusal.detail)
        else:
            get_adapter(request).logout(request)
            mails.send(address, language, "account_erased", {})
            messages.success(request, gettext("Ihr Konto und Ihre Daten sind gelöscht."))
            return redirect("/")
    return render(request, "web/accounts/erase.html", {"form": form}, status=422 if form.errors else 200)


def as_file(document: dict[str, object]) -> HttpResponse:
    """Return an export as a download."""
    response = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    name = f"meine-daten-{timezone.localdate():%Y-%m-%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def own_account(request: HttpRequest) -> User:
    """Return the signed-in person."""
    assert isinstance(request.user, User)  # noqa: S101 - the page is for accounts
    return request.user
