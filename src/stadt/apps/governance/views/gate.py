"""The page on which a measure's readiness is shown and the principles are answered, and what the measure's page shows of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from stadt.apps.governance import strategy
from stadt.apps.governance.kinds import AnswerChoice, Gate
from stadt.apps.governance.queries import checklist, decisions
from stadt.apps.governance.queries.gate import GateState, gate_of
from stadt.apps.governance.rights import CHECK, SEE
from stadt.apps.governance.services import checklist as services
from stadt.core.errors import Invalid, NotFound
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.web.maps import State
from stadt.web.refusals import RefusableForm

STATES = {
    GateState.DONE: (State.SUCCESS, _("erfüllt")),
    GateState.OPEN: (State.WARNING, _("offen")),
    GateState.NOT_AVAILABLE: (State.NEUTRAL, _("noch nicht verfügbar")),
}
ANSWERS = {
    AnswerChoice.YES: State.SUCCESS,
    AnswerChoice.NO: State.WARNING,
    AnswerChoice.NOT_APPLICABLE: State.NEUTRAL,
}


class AnswerForm(RefusableForm):
    """The answer to one question."""

    answer = forms.ChoiceField(label=_("Antwort"), choices=AnswerChoice.choices)
    reason = forms.CharField(
        label=_("Begründung"),
        required=False,
        max_length=1000,
        help_text=_("Nötig, wenn die Antwort Nein ist"),
    )
    evidence_url = forms.CharField(label=_("Adresse des Nachweises"), required=False, max_length=500)


class ReasonForm(RefusableForm):
    """Why a measure starts without a target."""

    reason = forms.CharField(label=_("Grund"), max_length=1000, widget=forms.Textarea({"rows": 3}))


@require_http_methods(["GET", "HEAD", "POST"])
def show_gate(request: HttpRequest, code: str) -> HttpResponse:
    """`/gremien/massnahmen/<code>/`: what is missing before the start, and the principles; for insiders and the team."""
    actor = actor_of(request)
    readiness = gate_of(code) if "\x00" not in code else None
    if readiness is not None and not actor.is_known:
        return redirect_to_login(request.get_full_path())
    if readiness is None or not may_see(actor, code):
        raise NotFound(gettext("Diese Seite gibt es nicht, oder Sie dürfen sie nicht sehen."))
    gate = request.GET.get("pruefung", Gate.START)
    gate = gate if gate in Gate.values else Gate.START
    form, asked, reason = AnswerForm(), "", ReasonForm()
    if request.method == "POST":
        if "question" in request.POST:
            form, asked = AnswerForm(request.POST), request.POST["question"]
            is_done = _keep_answer(actor, code, gate, form, asked)
        else:
            reason = ReasonForm(request.POST)
            is_done = _keep_reason(actor, code, reason)
        if is_done:
            messages.success(request, gettext("Gespeichert."))
            return redirect(f"{request.path}?pruefung={gate}")
    context = {
        "measure": strategy.find_measure(code),
        "items": [(item, str(STATES[item.state][0]), STATES[item.state][1]) for item in readiness.items],
        "is_ready": readiness.is_ready,
        "gate": Gate(gate),
        "gates": [(one.label, f"?pruefung={one.value}", one.value == gate) for one in Gate],
        "lines": _lines(code, gate, strategy.speaks_for(actor, code), asked, form),
        "may_check": actor.can(CHECK) or strategy.is_member(actor, code),
        "may_reason": actor.can(CHECK),
        "reason": reason,
        "partners": checklist.partners_without_answers(code, gate),
    }
    return render(
        request, "governance/gate.html", context, status=422 if form.errors or reason.errors else 200
    )


def may_see(actor: Actor, code: str) -> bool:
    """Whether readiness and checklist of a measure are shown: to insiders, and to the measure's team."""
    return actor.can(SEE) or actor.can(CHECK) or strategy.is_member(actor, code)


def public_panel(request: HttpRequest) -> dict[str, Any]:
    """What everybody sees on a measure's page: decisions that hold, and the result of the last check."""
    code = _code(request)
    gate = checklist.last_gate(code)
    lines = checklist.lines_of(code, gate) if gate else []
    return {
        "facts": decisions.decisions_for([code])[code],
        "code": code,
        "gate": gate,
        "lines": [(line, str(ANSWERS[line.answer])) for line in lines if line.answer is not None],
        "open": sum(1 for line in lines if line.answer is None),
        "is_example": any(line.is_example for line in lines),
    }


def internal_panel(request: HttpRequest) -> dict[str, Any]:
    """What insiders and the team see there: what is missing before the start."""
    code = _code(request)
    if not may_see(actor_of(request), code):
        return {}
    readiness = gate_of(code)
    if readiness is None:
        return {}
    items = [(item, str(STATES[item.state][0]), STATES[item.state][1]) for item in readiness.items]
    return {"code": code, "items": items, "is_ready": readiness.is_ready}


def _code(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.kwargs.get("code", "")) if match else ""


def _lines(code: str, gate: str, organisation: str, asked: str, form: AnswerForm) -> list[dict[str, Any]]:
    shown = []
    for line in checklist.lines_of(code, gate, organisation):
        key = f"{line.question.principle}:{line.question.place}"
        own = (
            form
            if key == asked and form.errors
            else AnswerForm(
                auto_id=f"id_{key.replace(':', '-')}_%s",
                initial={"answer": line.answer, "reason": line.reason, "evidence_url": line.evidence_url},
            )
        )
        state = str(ANSWERS[line.answer]) if line.answer else "neutral"
        shown.append({"line": line, "key": key, "form": own, "state": state, "is_open": key == asked})
    return shown


def _keep_answer(actor: Actor, code: str, gate: str, form: AnswerForm, asked: str) -> bool:
    principle, _colon, place = asked.partition(":")
    if not form.is_valid():
        return False
    try:
        services.answer_check(
            actor,
            code,
            gate,
            principle,
            int(place) if place.isdecimal() and len(place) < 5 else -1,
            **form.cleaned_data,
        )
    except Invalid as error:
        form.show(error)
        return False
    return True


def _keep_reason(actor: Actor, code: str, form: ReasonForm) -> bool:
    if not form.is_valid():
        return False
    try:
        services.give_gate_reason(actor, code, form.cleaned_data["reason"])
    except Invalid as error:
        form.show(error)
        return False
    return True
