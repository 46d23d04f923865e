"""`/steuerung/ziele/…`: a target with its chart, proposals and decisions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stadt.apps.steering import queries, services, strategy
from stadt.apps.steering.forms import DecisionForm, TargetForm
from stadt.apps.steering.ist import series_of
from stadt.apps.steering.lines import list_revisions, soll_of, today
from stadt.apps.steering.models import Target
from stadt.apps.steering.picture import picture_of
from stadt.apps.steering.presentation import (
    outlook_facts,
    series_columns,
    series_rows,
    shown_verdict,
    target_facts,
    title_of,
)
from stadt.apps.steering.rights import DECIDE_TARGETS, PROPOSE_TARGETS
from stadt.apps.steering.states import TargetState
from stadt.apps.steering.verdicts import verdict_on
from stadt.apps.steering.words import range_words
from stadt.core.errors import BadRequest, Conflict, Forbidden, Invalid
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.hub.indicators.wording import plain_number
from stadt.web.formats import day
from stadt.web.tables import CellKind, LinkCell, TableColumn

ROWS_SHOWN = 60


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """`ziele/<id>/`: everything about a target, and the decision where one is due."""
    actor, target = actor_of(request), queries.get_target(pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, actor, target, form)
        if answer is not None:
            return answer
    verdict = verdict_on(target)
    soll, figure = soll_of(target), verdict.figure
    values = series_of(figure.key, series=target.series, place_id=target.place_id) if figure else []
    revisions = list_revisions(target)
    is_open = target.state == TargetState.PROPOSED
    took_part = actor.user_id in {target.proposed_by_id, *target.proposed_for}
    context = {
        "target": target,
        "title": title_of(target.code),
        "shown": shown_verdict(verdict),
        "facts": target_facts(target, verdict, soll),
        "outlook": outlook_facts(verdict) if target.state == TargetState.DECIDED else [],
        "picture": picture_of(soll, values, verdict.forecast, figure),
        "unit": figure.unit if figure else "",
        "columns": series_columns(),
        "rows": series_rows(values[-ROWS_SHOWN:], soll, verdict, figure),
        "revision_columns": _revision_columns(),
        "revisions": [_revision_row(one, verdict) for one in revisions],
        "form": form,
        "may_decide": is_open and actor.can(DECIDE_TARGETS) and not took_part,
        "waits_for_other": is_open and took_part,
        "may_withdraw": is_open and actor.can(PROPOSE_TARGETS),
        "may_revise": target.state == TargetState.DECIDED and actor.can(PROPOSE_TARGETS),
    }
    return render(request, "steering/target.html", context, status=422 if form.errors else 200)


def propose(request: HttpRequest) -> HttpResponse:
    """`ziele/neu/`: propose a target, or a revision of one (`?fassung_von=`)."""
    actor = actor_of(request)
    earlier = _earlier(request)
    initial = _initial(earlier) if earlier else _asked(request)
    form = TargetForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        fixed = (
            {"figure": earlier.figure, "series": earlier.series, "place_id": earlier.place_id}
            if earlier
            else {}
        )
        try:
            target = services.propose_target(actor, form.as_draft(**fixed))
        except Invalid as error:
            form.show(error)
        else:
            messages.success(
                request, _("Vorgeschlagen. Der Soll-Wert gilt, sobald eine andere Person ihn beschließt.")
            )
            return redirect("steering:target", target.pk)
    context = {"form": form, "earlier": earlier, "cancel_url": reverse("steering:overview")}
    return render(request, "steering/target_form.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, actor: Actor, target: Target, form: DecisionForm) -> HttpResponse | None:
    reference = form.cleaned_data["reference"]
    steps: dict[str, Callable[[], Target]] = {
        "decide": lambda: services.decide_target(actor, target.pk, reference),
        "decline": lambda: services.decline_target(actor, target.pk, reference),
        "withdraw": lambda: services.withdraw_target(actor, target.pk),
    }
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        raise BadRequest(_("Diesen Schritt gibt es nicht."))
    try:
        done = step()
    except (Invalid, Conflict, Forbidden) as error:
        if isinstance(error, Forbidden) and not actor.can(DECIDE_TARGETS):
            raise
        form.show(error)
        for item in error.fields:
            if item.field == "reason":
                form.add_error("reference", item.message)
        return None
    messages.success(request, _("Neuer Zustand: %(state)s.") % {"state": TargetState(done.state).label})
    return redirect("steering:target", target.pk)


def _earlier(request: HttpRequest) -> Target | None:
    text = request.GET.get("fassung_von", "")
    return queries.get_target(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the address names already, as far as it exists."""
    code, measure = request.GET.get("kennzahl", ""), request.GET.get("massnahme", "")
    return {
        "code": code if strategy.find_indicator(code) else "",
        "measure": measure if strategy.find_measure(measure) else "",
        "valid_from": today(),
    }


def _initial(target: Target) -> dict[str, Any]:
    names = (
        "code",
        "measure",
        "low",
        "high",
        "measuring",
        "tolerance",
        "due",
        "base_value",
        "base_on",
        "frame",
    )
    path = "\n".join(
        "; ".join(
            [
                item["on"],
                *("" if side is None else plain_number(side) for side in (item["low"], item["high"])),
            ]
        )
        for item in target.path
    )
    return {**{name: getattr(target, name) for name in names}, "path": path, "valid_from": today()}


def _revision_columns() -> list[TableColumn]:
    return [
        TableColumn("valid_from", _("Gilt ab"), CellKind.DATE),
        TableColumn("soll", _("Soll")),
        TableColumn("decided_at", _("beschlossen"), CellKind.DATETIME),
        TableColumn("reference", _("Beschluss")),
    ]


def _revision_row(one: Target, verdict: Any) -> dict[str, Any]:
    soll = soll_of(one)
    return {
        "valid_from": LinkCell(day(one.valid_from), reverse("steering:target", args=[one.pk])),
        "soll": range_words(soll.final, verdict.figure) if soll else _("kein Soll mehr"),
        "decided_at": one.decided_at,
        "reference": one.decision_reference,
    }
