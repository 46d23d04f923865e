"""`/kennzahlen/werkstatt/neu/` and the versions of a definition."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stadt.core.errors import StadtError
from stadt.core.people.access import actor_of
from stadt.hub.indicators import queries
from stadt.hub.indicators.kept import services
from stadt.hub.indicators.kept.finding import find_for
from stadt.hub.indicators.kept.forms import DefinitionForm, NewIndicatorForm, VersionForm
from stadt.hub.indicators.kept.reading import organisations_for
from stadt.hub.indicators.kept.rights import DEFINE


@require_http_methods(["GET", "HEAD", "POST"])
def define(request: HttpRequest) -> HttpResponse:
    """A new kept indicator."""
    actor = actor_of(request)
    code = "".join(sign for sign in request.GET.get("nummer", "")[:40] if sign.isprintable())
    initial = {"valid_from": timezone.localdate().replace(month=1, day=1)}
    if code:
        initial |= {"code": code, "key": services.key_for(code)}  # type: ignore[dict-item]
    form = NewIndicatorForm(
        organisations_for(actor, DEFINE), request.POST if request.method == "POST" else None, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            kept = services.define_indicator(
                actor,
                data["organisation"].pk,
                data["key"].strip(),
                form.as_draft(),
                valid_from=data["valid_from"],
                code=data["code"],
            )
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Die Kennzahl ist festgelegt. Nun können Werte eingetragen werden."))
            return redirect("indicators:explain", kept.key)
    return render(request, "indicators/workshop/define.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Another version of a definition."""
    actor = actor_of(request)
    kept = find_for(actor, key, DEFINE)
    definition = queries.versions_of(key)[-1]
    initial = {**DefinitionForm.initial_of(definition), "valid_from": timezone.localdate()}
    form = VersionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_definition(
                actor, key, form.as_draft(), valid_from=form.cleaned_data["valid_from"]
            )
        except StadtError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Die neue Fassung ist festgelegt. Bisherige Werte bleiben unter ihrer Fassung.")
            )
            return redirect("indicators:explain", kept.key)
    return render(request, "indicators/workshop/define.html", {"form": form, "definition": definition})
