"""`/betrieb/rollen/`: roles, what they allow, and who holds them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.people import forms, presentation, queries
from stadt.apps.people.views.refusing import refuse, telling_conflicts
from stadt.core.errors import Invalid, NotFound, StadtError
from stadt.core.people import services
from stadt.core.people.access import actor_of
from stadt.core.people.actor import ALL, Actor
from stadt.core.people.models import Role
from stadt.core.people.reach import MANAGE_PEOPLE, Reach, reach_of, require_in_city
from stadt.core.people.tree import get_city
from stadt.core.registry import registry
from stadt.web.tables import CellKind, LinkCell, TableColumn

PER_PAGE = 50


def _givable(actor: Actor) -> set[str]:
    city = get_city().pk
    return {key for key in registry.permissions if actor.can_give(key, city)}


@require_safe
@never_cache
def list_roles(request: HttpRequest) -> HttpResponse:
    """All roles of the house, with how many people within reach hold them."""
    reach = reach_of(actor_of(request), MANAGE_PEOPLE)
    held = queries.count_holders(reach)
    rows = [
        {
            "title": LinkCell(role.title, reverse("people:role", args=[role.key])),
            "permissions": gettext("alle") if ALL in role.permissions else str(len(role.permissions)),
            "holders": held[role.pk],
        }
        for role in Role.objects.order_by("title")
    ]
    columns = [
        TableColumn("title", gettext("Rolle")),
        TableColumn("permissions", gettext("Rechte")),
        TableColumn("holders", gettext("Menschen"), CellKind.NUMBER),
    ]
    context = {
        "columns": columns,
        "rows": rows,
        "may_change": reach.is_city,
        "sections": presentation.sections("people:roles"),
    }
    return render(request, "people/roles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_role(request: HttpRequest) -> HttpResponse:
    """Make a role out of permissions."""
    actor = actor_of(request)
    require_in_city(actor, MANAGE_PEOPLE)
    form = forms.RoleForm(_givable(actor), (), request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            role = services.create_role(actor, form.cleaned_data["title"], form.permissions())
        except StadtError as refusal:
            status = refuse(form, refusal)
        else:
            messages.success(request, gettext("Die Rolle ist angelegt."))
            return redirect("people:role", key=role.key)
    return render(request, "people/role_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_role(request: HttpRequest, key: str) -> HttpResponse:
    """What a role allows, in plain words, and who holds it; a form changes it, another removes it."""
    actor = actor_of(request)
    role = Role.objects.filter(key=key).first()
    if role is None:
        raise NotFound
    reach = reach_of(actor, MANAGE_PEOPLE)
    may_change = reach.is_city and role.key != services.ADMINISTRATOR
    if request.method == "POST" and request.POST.get("do") == "remove":
        return _remove(request, actor, role)
    form: forms.RoleForm | None = None
    status = 200
    if request.method == "POST" or may_change:
        given = request.POST if request.method == "POST" else None
        allowed = _givable(actor)
        form = forms.RoleForm(allowed, role.permissions, given, initial={"title": role.title})
        if form.is_valid():
            kept = [one for one in role.permissions if one not in allowed]
            try:
                services.change_role(actor, key, form.cleaned_data["title"], [*form.permissions(), *kept])
            except Invalid as refusal:
                status = refuse(form, refusal)
            else:
                messages.success(
                    request, gettext("Die Rolle ist geändert; das gilt sofort für alle, die sie haben.")
                )
                return redirect("people:role", key=key)
        status = 422 if form.errors else status
    return _page(request, role, reach, form if may_change else None, status)


def _page(
    request: HttpRequest, role: Role, reach: Reach, form: forms.RoleForm | None, status: int
) -> HttpResponse:
    page = Paginator(queries.holders(reach, role), PER_PAGE).get_page(request.GET.get("seite"))
    context: dict[str, Any] = {
        "role": role,
        "form": form,
        "allows_all": ALL in role.permissions,
        "areas": [
            (area.title, titles)
            for area in presentation.areas()
            if (titles := [gettext(one.title) for one in area.permissions if one.key in role.permissions])
        ],
        "page": page,
        "holders": page.object_list,
    }
    return render(request, "people/role.html", context, status=status)


def _remove(request: HttpRequest, actor: Actor, role: Role) -> HttpResponse:
    with telling_conflicts(request):
        services.remove_role(actor, role.key)
        messages.success(request, gettext("Die Rolle ist entfernt."))
    is_left = Role.objects.filter(key=role.key).exists()
    return redirect("people:role", key=role.key) if is_left else redirect("people:roles")
