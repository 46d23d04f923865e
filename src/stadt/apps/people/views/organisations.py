"""`/betrieb/organisationen/`: the tree, and one organisation with what can be done to it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.people import forms, presentation, queries
from stadt.apps.people.views.refusing import refuse
from stadt.core.errors import NotFound, StadtError
from stadt.core.people import services
from stadt.core.people.access import actor_of
from stadt.core.people.models import Organisation
from stadt.core.people.reach import MANAGE_PEOPLE, Reach, reach_of
from stadt.core.people.tree import CITY, ids_below


@require_safe
@never_cache
def list_organisations(request: HttpRequest) -> HttpResponse:
    """The organisations within reach as a tree."""
    reach = reach_of(actor_of(request), MANAGE_PEOPLE)
    context = {
        "tree": queries.organisation_tree(reach),
        "sections": presentation.sections("people:organisations"),
    }
    return render(request, "people/organisations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_organisation(request: HttpRequest, key: str) -> HttpResponse:
    """One organisation; forms rename it, move it, add one below it, or remove it."""
    reach = reach_of(actor_of(request), MANAGE_PEOPLE)
    organisation = queries.get_organisation(key)
    if not reach.is_city and not reach.covers(organisation.pk):
        raise NotFound
    shown = _forms(request, organisation, reach)
    status = 200
    if request.method == "POST":
        wanted = request.POST.get("do", "")
        if wanted not in VERBS or (wanted != "remove" and wanted not in shown):
            raise NotFound
        form = shown.get(wanted)
        if form is None or form.is_valid():
            try:
                done = VERBS[wanted](request, organisation, form)
            except StadtError as refusal:
                if form is None:
                    messages.error(request, refusal.detail)
                    return redirect("people:organisation", key=key)
                status = refuse(form, refusal)
            else:
                messages.success(request, gettext("Gespeichert."))
                return (
                    redirect("people:organisation", key=done.key)
                    if done
                    else redirect("people:organisations")
                )
        else:
            status = 422
    context = {
        "organisation": organisation,
        "forms": shown,
        "path": _path(organisation, reach),
        "below": Organisation.objects.filter(parent=organisation).order_by("name"),
        "may_remove": organisation.key != CITY and _may_change_place(organisation, reach),
    }
    return render(request, "people/organisation.html", context, status=status)


def _forms(request: HttpRequest, organisation: Organisation, reach: Reach) -> dict[str, Form]:
    wanted = request.POST.get("do", "") if request.method == "POST" else ""

    def data(name: str) -> QueryDict | None:
        return request.POST if wanted == name else None

    shown: dict[str, Form] = {
        "rename": forms.NameForm(data("rename"), initial={"name": organisation.name}, prefix="rename"),
        "create": forms.NameForm(data("create"), prefix="create"),
    }
    if organisation.key != CITY and _may_change_place(organisation, reach):
        choices = forms.organisation_choices(reach.organisations - ids_below([organisation.pk]))
        initial = {"parent": organisation.parent.key if organisation.parent else CITY}
        shown["move"] = forms.MoveForm(choices, data("move"), initial=initial, prefix="move")
    return shown


def _may_change_place(organisation: Organisation, reach: Reach) -> bool:
    return reach.is_city or organisation.parent_id in reach.organisations


def _path(organisation: Organisation, reach: Reach) -> list[Organisation]:
    """The way down to the organisation, as far as it is within reach."""
    line: list[Organisation] = []
    above = organisation.parent
    while above is not None and above not in line and reach.covers(above.pk):
        line.insert(0, above)
        above = above.parent
    return line


def _rename(request: HttpRequest, organisation: Organisation, form: Form | None) -> Organisation | None:
    return services.rename_organisation(actor_of(request), organisation.key, _said(form, "name"))


def _move(request: HttpRequest, organisation: Organisation, form: Form | None) -> Organisation | None:
    return services.move_organisation(actor_of(request), organisation.key, _said(form, "parent"))


def _create(request: HttpRequest, organisation: Organisation, form: Form | None) -> Organisation | None:
    return services.create_organisation(actor_of(request), _said(form, "name"), organisation.key)


def _remove(request: HttpRequest, organisation: Organisation, form: Form | None) -> Organisation | None:
    services.remove_organisation(actor_of(request), organisation.key)
    return None


def _said(form: Form | None, name: str) -> str:
    return str(form.cleaned_data[name]) if form is not None else ""


VERBS: dict[str, Callable[[HttpRequest, Organisation, Form | None], Organisation | None]] = {
    "rename": _rename,
    "move": _move,
    "create": _create,
    "remove": _remove,
}
