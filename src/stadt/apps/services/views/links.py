"""A new link by mail, for whoever lost the old one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stadt.apps.services import services
from stadt.apps.services.forms import NewLinkForm
from stadt.core.people.access import client_of
from stadt.hub.datasets.pacing import Pace

links_pace = Pace(burst=5, per_second=1 / 600)


def new_link(request: HttpRequest) -> HttpResponse:
    """`/dienste/neuer-link/`: the answer is the same whether there is such a case and address or not."""
    form = NewLinkForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        links_pace.take(client_of(request))
        services.ask_for_link(form.cleaned_data["reference"], form.cleaned_data["email"])
    context = {"form": form, "is_sent": is_sent}
    return render(request, "services/new_link.html", context, status=422 if form.errors else 200)
