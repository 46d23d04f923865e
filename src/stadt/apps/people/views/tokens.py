"""`/betrieb/token/`: the tokens of machines, of all organisations that the reader administers."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stadt.apps.people import forms, presentation, queries
from stadt.apps.people.views.refusing import refuse
from stadt.core.errors import NotFound, StadtError
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.core.people.reach import Reach, reach_of
from stadt.core.registry import registry
from stadt.core.tokens import MANAGE_TOKENS, issue_token, revoke_token

PER_PAGE = 50


@require_safe
@never_cache
def list_tokens(request: HttpRequest) -> HttpResponse:
    """Tokens with what they may, those that end first at the top; `?alle=1` shows also those that no longer work."""
    reach = reach_of(actor_of(request), MANAGE_TOKENS)
    shows_all = request.GET.get("alle") == "1"
    found = queries.list_tokens(reach, only_valid=not shows_all)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    known = registry.permissions
    shown = [
        (token, [gettext(known[key].title) if key in known else key for key in token.scopes])
        for token in page.object_list
    ]
    context = {"page": page, "tokens": shown, "shows_all": shows_all}
    return render(request, "people/tokens.html", context)


def _givable(actor: Actor, reach: Reach) -> set[str]:
    return {
        key
        for key in registry.permissions
        if any(actor.can_give(key, place) for place in reach.organisations)
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_token(request: HttpRequest) -> HttpResponse:
    """Issue a token and show its secret this one time."""
    actor = actor_of(request)
    reach = reach_of(actor, MANAGE_TOKENS)
    given = request.POST if request.method == "POST" else None
    form = forms.TokenForm(_givable(actor, reach), reach.organisations, given)
    status = 422 if form.errors else 200
    if form.is_valid():
        data = form.cleaned_data
        until = presentation.last_second(data["expires_on"])
        scopes = [registry.permissions[key] for key in form.permissions()]
        organisation = queries.get_organisation(data["organisation"])
        try:
            token, secret = issue_token(
                actor, data["title"], scopes, expires_at=until, organisation=organisation
            )
        except StadtError as refusal:
            status = refuse(form, refusal, expires_at="expires_on")
        else:
            return render(request, "people/token_secret.html", {"token": token, "secret": secret})
    return render(request, "people/token_new.html", {"form": form}, status=status)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token useless; back to where the button stood."""
    actor = actor_of(request)
    token = queries.list_tokens(reach_of(actor, MANAGE_TOKENS), only_valid=False).filter(pk=pk).first()
    if token is None:
        raise NotFound
    revoke_token(actor, token)
    messages.success(request, gettext("Das Token ist widerrufen; binnen Sekunden nimmt es niemand mehr an."))
    person = request.POST.get("person", "")
    return redirect("people:person", pk=int(person[:18])) if person.isdecimal() else redirect("people:tokens")
