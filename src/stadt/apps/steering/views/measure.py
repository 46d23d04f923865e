"""`/steuerung/massnahmen/<code>/`: the evaluation of a measure: conditions, influence check, rule, second person."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stadt.apps.steering import queries, services, strategy
from stadt.apps.steering.forms import EvaluationForm, InfluenceForm, NoteForm, RuleForm
from stadt.apps.steering.gate import Condition, Gate, gate_of, rule_of
from stadt.apps.steering.lines import today
from stadt.apps.steering.models import Evaluation, InfluenceCheck
from stadt.apps.steering.presentation import shown_verdict, warning_columns, warning_rows
from stadt.apps.steering.public import verdicts_of_measure
from stadt.apps.steering.rights import ASSESS, CONFIRM, PROPOSE_TARGETS
from stadt.apps.steering.states import (
    EvaluationState,
    InfluenceEffect,
    InfluenceSide,
    Outcome,
    Rule,
    WarningState,
)
from stadt.apps.steering.strategy import Measure
from stadt.apps.steering.words import CONDITIONS
from stadt.core.errors import BadRequest, Conflict, Forbidden, Invalid, NotFound
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.hub.indicators.wording import plain_number
from stadt.web.formats import day
from stadt.web.maps import State
from stadt.web.refusals import RefusableForm
from stadt.web.tables import CellKind, StateCell, TableColumn

STATE_COLOURS = {
    EvaluationState.PROVISIONAL: State.INFO,
    EvaluationState.CONFIRMED: State.SUCCESS,
    EvaluationState.REFUSED: State.WARNING,
}


def show(request: HttpRequest, code: str) -> HttpResponse:
    """Where the evaluation of a measure stands; a second person confirms here."""
    actor, measure = actor_of(request), _measure(code)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, actor, code, form)
        if answer is not None:
            return answer
    evaluations = list(queries.list_evaluations(code))
    provisional = next((one for one in evaluations if one.state == EvaluationState.PROVISIONAL), None)
    gate = gate_of(code, provisional.evaluated_on if provisional else today())
    took_part = provisional is not None and actor.user_id in {
        provisional.proposed_by_id,
        *provisional.proposed_for,
        gate.check.checked_by_id if gate.check else None,
    }
    checks = queries.list_checks(code)
    context = {
        "measure": measure,
        "conditions": _conditions(gate, evaluations),
        "verdicts": [shown_verdict(one) for one in verdicts_of_measure(code)],
        "rule": rule_of(code),
        "rule_words": Rule(rule_of(code).rule).label,
        "provisional": provisional,
        "outcome": Outcome(provisional.outcome).label if provisional else "",
        "missing": [
            _condition_word(one)
            for one in (gate.missing(Outcome(provisional.outcome)) if provisional else [])
        ],
        "columns": _evaluation_columns(),
        "rows": [_evaluation_row(one) for one in evaluations],
        "check": checks.first(),
        "influences": _influences(checks.first()),
        "check_count": checks.count(),
        "warning_columns": warning_columns(),
        "warnings": warning_rows(
            queries.list_warnings(actor, code, states=(WarningState.OPEN, WarningState.ANSWERED))
        ),
        "form": form,
        "may_assess": actor.can(ASSESS),
        "may_propose": actor.can(PROPOSE_TARGETS),
        "may_confirm": provisional is not None and actor.can(CONFIRM) and not took_part,
        "waits_for_other": provisional is not None and took_part,
    }
    return render(request, "steering/measure.html", context, status=422 if form.errors else 200)


def set_rule(request: HttpRequest, code: str) -> HttpResponse:
    """`…/regel/`: how success is told from the indicators."""
    _measure(code)
    now = rule_of(code)
    weights = "\n".join(f"{one}; {plain_number(weight)}" for one, weight in now.weights.items())
    initial = {
        "rule": now.rule,
        "main": ", ".join(now.main),
        "weights": weights,
        "needed": now.needed * 100,
        "accepts_probable": now.accepts_probable,
    }
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_evaluation_rule(
                actor_of(request), code, Rule(form.cleaned_data["rule"]), **form.as_arguments()
            )
        except Invalid as error:
            form.show(error)
        else:
            return _done(request, code, _("Die Regel gilt ab jetzt."))
    return _form_page(request, code, form, _("Regel für den Erfolg"), _("Regel festlegen"))


def check(request: HttpRequest, code: str) -> HttpResponse:
    """`…/einfluesse/`: the influence check."""
    _measure(code)
    form = InfluenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.check_influences(
                actor_of(request),
                code,
                summary=data["summary"],
                talked_with=data["talked_with"],
                influences=form.as_influences(),
            )
        except Invalid as error:
            form.show(error)
        else:
            return _done(request, code, _("Die Einflussprüfung ist festgehalten."))
    return _form_page(request, code, form, _("Einflüsse prüfen"), _("Prüfung festhalten"))


def evaluate(request: HttpRequest, code: str) -> HttpResponse:
    """`…/bewertung/`: propose how the measure turned out."""
    measure = _measure(code)
    form = EvaluationForm(request.POST or None, initial={"on": measure.evaluate_on or today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.propose_evaluation(
                actor_of(request), code, Outcome(data["outcome"]), data["on"], data["reason"]
            )
        except Invalid as error:
            form.show(error)
        else:
            return _done(
                request,
                code,
                _("Vorgeschlagen. Die Bewertung bleibt vorläufig, bis eine zweite Person sie bestätigt."),
            )
    return _form_page(request, code, form, _("Maßnahme bewerten"), _("Bewertung vorschlagen"))


def _condition_word(condition: Condition) -> str:
    return _(CONDITIONS[condition])


def _measure(code: str) -> Measure:
    found = strategy.find_measure(code)
    if found is None:
        raise NotFound(_("Diese Maßnahme gibt es nicht."))
    return found


def _decide(request: HttpRequest, actor: Actor, code: str, form: NoteForm) -> HttpResponse | None:
    text = request.POST.get("evaluation", "")
    pk = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    if queries.get_evaluation(pk).measure != code:
        raise NotFound(_("Diese Bewertung gibt es nicht."))
    step = request.POST.get("step", "")
    if step not in {"confirm", "refuse"}:
        raise BadRequest(_("Diesen Schritt gibt es nicht."))
    decide = services.confirm_evaluation if step == "confirm" else services.refuse_evaluation
    try:
        done = decide(actor, pk, form.cleaned_data["note"])
    except (Invalid, Conflict, Forbidden) as error:
        if isinstance(error, Forbidden) and not actor.can(CONFIRM):
            raise
        form.show(error)
        return None
    return _done(request, code, _("Neuer Zustand: %(state)s.") % {"state": EvaluationState(done.state).label})


def _done(request: HttpRequest, code: str, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("steering:measure", code)


def _form_page(request: HttpRequest, code: str, form: RefusableForm, title: str, label: str) -> HttpResponse:
    context = {
        "form": form,
        "code": code,
        "title": title,
        "label": label,
        "measure_url": reverse("steering:measure", args=[code]),
    }
    return render(request, "steering/measure_form.html", context, status=422 if form.errors else 200)


def _conditions(gate: Gate, evaluations: list[Evaluation]) -> list[tuple[str, StateCell]]:
    confirmed = any(one.state == EvaluationState.CONFIRMED for one in evaluations)
    met = {**gate.met, Condition.SECOND: confirmed}
    yes, no = StateCell(_("ja"), State.SUCCESS), StateCell(_("noch nicht"), State.WARNING)
    return [(_condition_word(one), yes if met[one] else no) for one in Condition]


def _evaluation_columns() -> list[TableColumn]:
    return [
        TableColumn("on", _("Tag der Bewertung"), CellKind.DATE),
        TableColumn("outcome", _("Ergebnis")),
        TableColumn("state", _("Zustand")),
        TableColumn("reason", _("Begründung")),
        TableColumn("note", _("Bemerkung der zweiten Person")),
    ]


def _evaluation_row(one: Evaluation) -> dict[str, Any]:
    state = EvaluationState(one.state)
    mark = f" · {_('Beispiel')}" if one.is_example else ""
    return {
        "on": one.evaluated_on,
        "outcome": f"{Outcome(one.outcome).label}{mark}",
        "state": StateCell(str(state.label), STATE_COLOURS[state]),
        "reason": one.reason,
        "note": one.decision_note,
    }


def _influences(found: InfluenceCheck | None) -> list[tuple[str, str]]:
    if found is None:
        return []
    return [
        (
            f"{InfluenceSide(one['side']).label}: {one['what']}",
            f"{InfluenceEffect(one['effect']).label}. {one['evidence']}",
        )
        for one in found.influences
    ] + [(_("Gesprochen mit"), found.talked_with), (_("Geprüft am"), day(found.checked_at))]
