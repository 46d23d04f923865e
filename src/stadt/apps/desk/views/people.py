"""`/vorgaenge/<reference>/kontakt/<id>/`: how somebody of a case is called and reached, put right."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.desk import case_page
from stadt.apps.desk.actions import party_of
from stadt.apps.desk.finding import case_for
from stadt.apps.desk.forms import PartyForm
from stadt.apps.desk.services import see_contact
from stadt.civic.cases.access import require
from stadt.civic.cases.rights import HANDLE
from stadt.civic.cases.services import correct_party
from stadt.civic.cases.versions import type_of
from stadt.core.errors import NotFound, StadtError
from stadt.core.people.access import actor_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit_party(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """The form with what is known; the look at it is kept as every look at contact data."""
    actor = actor_of(request)
    case = case_for(actor, reference)
    require(actor, HANDLE, case)
    party = next((one for one in see_contact(actor, case) if one.pk == pk), None)
    if party is None:
        raise NotFound(gettext("Diese Person steht nicht in dem Vorgang."))
    first = {name: getattr(party, name) for name in ("name", "email", "phone", "wants_mail")}
    form = PartyForm(request.POST or None, initial={**first, "revision": case.revision})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            correct_party(actor, case.pk, pk, party_of(said, role=party.role), revision=said["revision"])
        except StadtError as refusal:
            if refusal.status not in {409, 422}:
                raise
            form.show(refusal)
        else:
            messages.success(request, gettext("Die Kontaktdaten sind berichtigt."))
            return redirect("desk:case", reference=case.reference)
    context = {"case": case, "head": case_page.head_of(case, type_of(case)), "form": form}
    return render(request, "desk/party.html", context, status=422 if form.is_bound and form.errors else 200)
