"""`/steuerung/warnungen/<id>/`: a warning and its answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stadt.apps.steering import queries, services
from stadt.apps.steering.forms import AnswerForm
from stadt.apps.steering.models import EarlyWarning
from stadt.apps.steering.presentation import WARNING_COLOURS, title_of
from stadt.apps.steering.recipients import may_answer
from stadt.apps.steering.states import AnswerKind, Level, WarningState
from stadt.apps.steering.words import warning_sentence, warning_title
from stadt.core.errors import Conflict, Invalid
from stadt.core.people.access import actor_of
from stadt.web.formats import day, moment
from stadt.web.maps import State
from stadt.web.tables import LinkCell, StateCell


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong, who has to answer by when, what was answered, and the form."""
    actor, warning = actor_of(request), queries.get_warning(pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.answer_warning(
                actor,
                pk,
                AnswerKind(data["kind"]),
                data["text"],
                public_text=data["public_text"],
                until=data["until"],
            )
        except (Invalid, Conflict) as error:
            form.show(error)
        else:
            messages.success(request, _("Ihre Antwort ist festgehalten."))
            return redirect("steering:warning", pk)
    context = {
        "warning": warning,
        "title": warning_title(warning),
        "sentence": warning_sentence(warning),
        "facts": _facts(warning),
        "answers": [
            (
                AnswerKind(one.kind).label,
                one,
            )
            for one in warning.answers.order_by("-pk")
        ],
        "form": form,
        "may_answer": warning.state != WarningState.CLEARED
        and may_answer(actor, warning.measure, warning.code),
    }
    return render(request, "steering/warning.html", context, status=422 if form.errors else 200)


def _facts(warning: EarlyWarning) -> list[tuple[str, Any]]:
    state = WarningState(warning.state)
    facts: list[tuple[str, Any]] = [
        (_("Zustand"), StateCell(str(state.label), WARNING_COLOURS.get(state, State.NEUTRAL)))
    ]
    for code, page in ((warning.measure, "measure"), (warning.code, "")):
        if code:
            label = _("Maßnahme") if page else _("Kennzahl")
            url = (
                reverse("steering:measure", args=[code])
                if page
                else reverse("strategy:indicator", args=[code])
            )
            facts.append((label, LinkCell(f"{code} {title_of(code)}", url)))
    kind, _colon, pk = warning.subject.partition(":")
    if kind == "target" and pk.isdigit():
        facts.append(
            (_("Soll-Wert"), LinkCell(_("Soll, Ist und Verlauf"), reverse("steering:target", args=[int(pk)])))
        )
    facts.append((_("Ausgelöst"), moment(warning.raised_at)))
    if state is WarningState.OPEN:
        facts.append((_("Antwort durch"), str(Level(warning.level).label)))
        facts.append((_("Antwort bis"), day(warning.answer_by)))
    if warning.cleared_at:
        facts.append((_("Erledigt"), moment(warning.cleared_at)))
    return facts
