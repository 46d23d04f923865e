"""`/betrieb/personendaten/`: answering for somebody who asks on paper, and helping somebody who lost the second factor."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from stadt.core.errors import Conflict, Forbidden
from stadt.core.people.access import actor_of
from stadt.core.people.erasure import erase_person, export_person
from stadt.core.people.factors import FACTORS, reset_second_factor
from stadt.core.people.models import User
from stadt.core.people.reach import require_in_city
from stadt.core.people.rights import ANSWER_FOR_PERSONS, MANAGE_SIGN_IN
from stadt.core.people.sessions import end_sessions, list_sessions
from stadt.web.accounts.forms import EraseForm, FindForm
from stadt.web.accounts.views.own_data import as_file


@require_safe
@never_cache
def find_person(request: HttpRequest) -> HttpResponse:
    """Lead from a whole e-mail address to its account; there is no list to leaf through."""
    require_in_city(
        actor_of(request), ANSWER_FOR_PERSONS
    )  # an office's administrator does not look up citizens
    form = FindForm(request.GET or None)
    if form.is_valid():
        found = User.objects.filter(email=form.cleaned_data["email"].strip().lower()).first()
        if found is not None:
            return redirect("web:person", pk=found.pk)
        form.add_error("email", gettext("Zu dieser Adresse gibt es kein Konto."))
    return render(request, "web/accounts/find_person.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account with what can be done for its person."""
    require_in_city(actor_of(request), ANSWER_FOR_PERSONS)
    user = get_object_or_404(User, pk=pk)
    form = EraseForm(user.email, request.POST if request.POST.get("do") == "erase" else None)
    if request.method == "POST":
        answer = _erase(request, user, form) if request.POST.get("do") == "erase" else _help(request, user)
        if answer is not None:
            return answer
    context = {
        "person": user,
        "form": form,
        "sessions": len(list_sessions(user)),
        "has_factor": Authenticator.objects.filter(user=user, type__in=FACTORS).exists(),
        "may_manage": actor_of(request).can(MANAGE_SIGN_IN),
    }
    return render(request, "web/accounts/person.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def download_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about somebody, to be handed out."""
    return as_file(export_person(actor_of(request), get_object_or_404(User, pk=pk)))


def _erase(request: HttpRequest, user: User, form: EraseForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        erase_person(actor_of(request), user)
    except Conflict as refusal:
        form.add_error(None, refusal.detail)
        return None
    messages.success(request, gettext("Das Konto und seine Daten sind gelöscht."))
    return redirect("web:find_person")


def _help(request: HttpRequest, user: User) -> HttpResponse:
    actions: dict[str, Callable[[HttpRequest, User], str]] = {"factor": _reset, "sessions": _end}
    action = actions.get(request.POST.get("do", ""))
    if action is not None:
        try:
            messages.success(request, action(request, user))
        except Forbidden as refusal:
            messages.error(request, refusal.detail)
    return redirect("web:person", pk=user.pk)


def _reset(request: HttpRequest, user: User) -> str:
    if reset_second_factor(actor_of(request), user):
        return gettext("Der zweite Faktor ist zurückgesetzt, die Person hat eine E-Mail erhalten.")
    return gettext("Es gab keinen zweiten Faktor.")


def _end(request: HttpRequest, user: User) -> str:
    ended = end_sessions(actor_of(request), user)
    text = ngettext("%(count)d Sitzung ist beendet.", "%(count)d Sitzungen sind beendet.", ended)
    return text % {"count": ended}
