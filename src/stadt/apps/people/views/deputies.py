"""`/konto/vertretung/`: people name who acts for them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.people import forms, queries
from stadt.apps.people.views.persons import name_by_form
from stadt.core.errors import NotFound
from stadt.core.people import services
from stadt.core.people.access import actor_of
from stadt.core.people.models import User
from stadt.core.people.services.deputies import places_to_represent


def get_account(request: HttpRequest) -> User:
    """The person who is signed in. Raises NotFound for machines."""
    if not isinstance(request.user, User):
        raise NotFound
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own_deputies(request: HttpRequest) -> HttpResponse:
    """Who acts for the person, for whom the person acts, and a form to name somebody."""
    user = get_account(request)
    places = places_to_represent(user)
    form = forms.DeputyForm(places, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        refused = name_by_form(request, form, user) if places else 422
        if refused is None:
            return redirect("people:deputies")
        status = refused
    context = {
        "form": form if places else None,
        "given": queries.deputyships_given(user),
        "represents": queries.deputyships_held(user),
    }
    return render(request, "people/own_deputies.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def end_own(request: HttpRequest, deputyship_id: int) -> HttpResponse:
    """End a deputyship, from either side; whoever opens the address by hand is led to the list."""
    if request.method != "POST":
        return redirect("people:deputies")
    user = get_account(request)
    if deputyship_id not in {
        one.pk for one in (*queries.deputyships_given(user), *queries.deputyships_held(user))
    }:
        raise NotFound
    services.end_deputyship(actor_of(request), deputyship_id)
    messages.success(request, gettext("Die Vertretung ist beendet."))
    return redirect("people:deputies")
