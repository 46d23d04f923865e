"""`/strategie/fassungen/neu/` and `…/beschluss/`: an edition is prepared, and the council's decision about it is recorded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from stadt.apps.strategy.record import services
from stadt.apps.strategy.record.forms import CouncilForm, EditionForm
from stadt.apps.strategy.record.queries import get_edition
from stadt.apps.strategy.record.states import EditionState
from stadt.core.errors import Conflict, Forbidden, Invalid
from stadt.core.people.access import actor_of


@require_http_methods(["GET", "HEAD", "POST"])
def new_edition(request: HttpRequest) -> HttpResponse:
    """Prepare an edition; it stays internal until the council has decided."""
    form = EditionForm(request.POST or None, initial={"valid_on": timezone.localdate()})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_edition(actor_of(request), **form.cleaned_data)
            return redirect("strategy:edition", made.name)
        except Invalid as error:
            form.show(error)
        except (Conflict, Forbidden) as error:
            status = error.status
            messages.error(request, error.detail)
    context = {
        "form": form,
        "heading": gettext("Fassung vorbereiten"),
        "lead": gettext(
            "Eine Fassung hält die Strategie so fest, wie sie an einem Tag gilt. Bis zum Beschluss folgt sie den Änderungen."
        ),
        "action": gettext("Fassung anlegen"),
    }
    return render(
        request, "strategy/record/edition_form.html", context, status=422 if form.errors else status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, name: str) -> HttpResponse:
    """Record that the council adopted a drafted edition, or the reference that an adopted one still lacks."""
    edition = get_edition(name)
    is_draft = edition.state == EditionState.DRAFT
    form = CouncilForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        verb = services.adopt_edition if is_draft else services.complete_reference
        try:
            verb(actor_of(request), edition.name, services.CouncilReference(**form.cleaned_data))
            return redirect("strategy:edition", edition.name)
        except Invalid as error:
            form.show(error)
        except (Conflict, Forbidden) as error:
            status = error.status
            messages.error(request, error.detail)
    context = {
        "form": form,
        "edition": edition,
        "heading": gettext("Beschluss festhalten") if is_draft else gettext("Ratsbezug ergänzen"),
        "lead": gettext("Danach gilt diese Fassung, und ihr Inhalt ändert sich nicht mehr.")
        if is_draft
        else gettext("Die Angaben stehen danach bei der Fassung und lassen sich nicht mehr ändern."),
        "action": gettext("Festhalten"),
    }
    return render(
        request, "strategy/record/edition_form.html", context, status=422 if form.errors else status
    )
