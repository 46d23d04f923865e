"""`/konto/anmeldedienste/`: the accounts at identity providers that lead to this account."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.core.errors import Conflict, NotFound
from stadt.core.identity.accounts import unlink_account
from stadt.core.identity.providers import configured, find_provider, offered
from stadt.core.people.access import actor_of
from stadt.core.people.models import User
from stadt.web.accounts.identity import LINKING, login_url


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required(allow_get=True, app="allauth.socialaccount")  # type: ignore[untyped-decorator]
def show_linked(request: HttpRequest) -> HttpResponse:
    """What is linked; a form unlinks one account, or leads to a provider to link one."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    if request.method == "POST" and request.POST.get("unlink", "").isdecimal():
        return _unlink(request, user, int(request.POST["unlink"][:18]))
    if request.method == "POST" and request.POST.get("link"):
        return _lead_to(request, request.POST["link"])
    linked = SocialAccount.objects.filter(user=user).order_by("pk")
    taken = {account.provider for account in linked}
    known = configured()
    context = {
        "linked": [(account, known[account.provider].title if account.provider in known else account.provider)
                   for account in linked],
        "open": [provider for key, provider in offered().items() if key not in taken],
    }  # fmt: skip
    return render(request, "socialaccount/linked.html", context)


def _unlink(request: HttpRequest, user: User, account_id: int) -> HttpResponse:
    try:
        unlink_account(actor_of(request), user, account_id)
    except (Conflict, NotFound) as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, gettext("Die Verbindung ist gelöst."))
    return redirect("socialaccount_connections")


def _lead_to(request: HttpRequest, key: str) -> HttpResponse:
    """A form may not lead to another site; the next page has the link, good for one use."""
    provider = find_provider(key)
    if provider is None:
        raise Http404
    request.session[LINKING] = provider.key
    context = {"provider": provider, "url": f"{login_url(provider)}?process=connect"}
    return render(request, "socialaccount/lead.html", context)
