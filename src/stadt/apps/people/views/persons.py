"""`/betrieb/personen/`: the list of people, and one person's roles, deputies, tokens and account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stadt.apps.people import forms, presentation, queries
from stadt.apps.people.views.refusing import refuse, telling_conflicts
from stadt.core.errors import NotFound, StadtError
from stadt.core.people import services
from stadt.core.people.access import actor_of
from stadt.core.people.models import User
from stadt.core.people.reach import MANAGE_PEOPLE, Reach, reach_of
from stadt.core.people.services.deputies import places_to_represent
from stadt.core.tokens import MANAGE_TOKENS

PER_PAGE = 50


@require_safe
@never_cache
def list_persons(request: HttpRequest) -> HttpResponse:
    """Everybody within reach, fifty on a page; narrowed by words, organisation, role and state of the account."""
    reach = reach_of(actor_of(request), MANAGE_PEOPLE)
    form = forms.SearchForm(reach, request.GET or None)
    wanted = queries.PersonFilter()
    if form.is_valid():
        data = form.cleaned_data
        wanted = queries.PersonFilter(data["q"], data["konto"], data["rolle"], data["organisation"])
    page = Paginator(queries.list_people(reach, wanted), PER_PAGE).get_page(request.GET.get("seite"))
    people = list(page.object_list)
    columns, rows = presentation.person_rows(people, queries.having_factor(people))
    context = {
        "form": form,
        "page": page,
        "count": page.paginator.count,
        "columns": columns,
        "rows": rows,
        "is_narrowed": wanted != queries.PersonFilter(),
        "sections": presentation.sections("people:persons"),
    }
    return render(request, "people/persons.html", context)


def get_person(request: HttpRequest, pk: int) -> tuple[User, Reach]:
    """The person of the address, and how far whoever asks may see. Raises NotFound, also out of reach."""
    reach = reach_of(actor_of(request), MANAGE_PEOPLE)
    user = queries.find_person(reach, pk)
    if user is None:
        raise NotFound
    return user, reach


@require_safe
@never_cache
def show_person(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of a person, with the forms to change it."""
    return _page(request, *get_person(request, pk))


def _page(
    request: HttpRequest,
    user: User,
    reach: Reach,
    *,
    role_form: forms.RoleGrantForm | None = None,
    deputy_form: forms.DeputyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    places = places_to_represent(user) & reach.organisations if user.is_active else frozenset()
    factor = user.pk in queries.having_factor([user])
    token_reach = reach_of(actor, MANAGE_TOKENS)
    context: dict[str, Any] = {
        "person": user,
        "facts": presentation.person_facts(user, queries.count_sessions(user), has_factor=factor),
        "held": queries.memberships(user, reach),
        "given": queries.deputyships_given(user, reach),
        "represents": queries.deputyships_held(user, reach),
        "tokens": [one for one in queries.list_tokens(token_reach) if one.issued_by_id == user.pk],
        "role_form": role_form or forms.RoleGrantForm(actor, reach),
        "deputy_form": deputy_form or (forms.DeputyForm(places) if places else None),
        "is_self": actor.user_id == user.pk,
    }
    return render(request, "people/person.html", context, status=status)


@require_POST
@never_cache
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person a role."""
    user, reach = get_person(request, pk)
    form = forms.RoleGrantForm(actor_of(request), reach, request.POST)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.grant_role(
                actor_of(request), user, data["role"], data["organisation"],
                until=presentation.end_after(data["until"]) if data["until"] else None,
            )  # fmt: skip
        except StadtError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, gettext("Die Rolle ist vergeben."))
            return redirect("people:person", pk=pk)
    return _page(request, user, reach, role_form=form, status=status)


@require_POST
def end_role(request: HttpRequest, pk: int, membership_id: int) -> HttpResponse:
    """Take a role back."""
    user, _reach = get_person(request, pk)
    with telling_conflicts(request):
        if not user.memberships.filter(pk=membership_id).exists():
            raise NotFound
        services.end_role(actor_of(request), membership_id)
        messages.success(request, gettext("Die Rolle ist beendet."))
    if queries.find_person(reach_of(actor_of(request), MANAGE_PEOPLE), pk) is None:
        return redirect("people:persons")  # it was the last role within reach
    return redirect("people:person", pk=pk)


@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the account out of use."""
    user, _reach = get_person(request, pk)
    with telling_conflicts(request):
        done = services.deactivate_account(actor_of(request), user)
        text = gettext("Das Konto ist stillgelegt, alle Sitzungen sind beendet.")
        if done.tokens:
            text += " " + gettext("Entscheiden Sie noch über die Token, die dieser Mensch ausgestellt hat.")
        messages.success(request, text)
    return redirect("people:person", pk=pk)


@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the account into use again."""
    user, _reach = get_person(request, pk)
    with telling_conflicts(request):
        services.reactivate_account(actor_of(request), user)
        messages.success(request, gettext("Das Konto ist wieder in Gebrauch."))
    return redirect("people:person", pk=pk)


@require_POST
@never_cache
def name_deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a deputy for somebody who cannot."""
    user, reach = get_person(request, pk)
    form = forms.DeputyForm(places_to_represent(user) & reach.organisations, request.POST)
    status = name_by_form(request, form, user)
    if status is None:
        return redirect("people:person", pk=pk)
    return _page(request, user, reach, deputy_form=form, status=status)


def name_by_form(request: HttpRequest, form: forms.DeputyForm, represented: User) -> int | None:
    """Name the deputy that a form says; returns the status of a refusal, which then stands in the form."""
    if not form.is_valid():
        return 422
    data = form.cleaned_data
    deputy = queries.colleague(data["deputy"])
    if deputy is None:
        form.add_error("deputy", gettext("Unter dieser Adresse hat niemand eine Rolle in dieser Stadt."))
        return 422
    organisation = queries.get_organisation(data["organisation"])
    try:
        services.name_deputy(
            actor_of(request), represented, deputy, organisation,
            since=presentation.begin_of(data["since"]) if data["since"] else None, until=presentation.end_after(data["until"]),
        )  # fmt: skip
    except StadtError as refusal:
        return refuse(form, refusal)
    messages.success(request, gettext("Die Vertretung ist eingetragen."))
    return None


@require_POST
def end_deputy(request: HttpRequest, pk: int, deputyship_id: int) -> HttpResponse:
    """End a deputyship of the person."""
    user, reach = get_person(request, pk)
    shown = [*queries.deputyships_given(user, reach), *queries.deputyships_held(user, reach)]
    if deputyship_id not in {one.pk for one in shown}:
        raise NotFound
    services.end_deputyship(actor_of(request), deputyship_id)
    messages.success(request, gettext("Die Vertretung ist beendet."))
    return redirect("people:person", pk=pk)
