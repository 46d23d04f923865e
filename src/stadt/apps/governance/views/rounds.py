"""Pages of survey rounds."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from stadt.apps.governance import frozen
from stadt.apps.governance.kinds import RoundState
from stadt.apps.governance.models import SurveyRound
from stadt.apps.governance.queries import rounds as queries
from stadt.apps.governance.services import rounds as services
from stadt.core.errors import Conflict, Forbidden, Invalid
from stadt.core.people.access import actor_of
from stadt.web import formats
from stadt.web.refusals import DayField, RefusableForm
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

VERBS = {
    "complete": services.complete_round,
    "reopen": services.reopen_round,
    "freeze": services.freeze_round,
}


class RoundForm(RefusableForm):
    """Begin a survey."""

    title = forms.CharField(label=_("Titel"), max_length=200)
    key_date = DayField(label=_("Stichtag"))
    indicators = forms.CharField(
        label=_("Kennzahlen"), required=False, max_length=8000, widget=forms.Textarea({"rows": 2}),
        help_text=_("Nummern, durch Leerzeichen oder Komma getrennt. Ohne Angabe die vorrangigen, sonst alle."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def list_rounds(request: HttpRequest) -> HttpResponse:
    """`/gremien/erhebungen/`: surveys, a form for the next, and which indicators are overdue."""
    form = RoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        codes = data["indicators"].replace(",", " ").split()
        try:
            made = services.open_round(actor_of(request), data["key_date"], data["title"], codes)
        except Invalid as error:
            form.show(error)
        else:
            messages.success(request, gettext("Die Erhebung läuft."))
            return redirect("governance:round", made.pk)
    context = {
        "columns": [
            TableColumn("title", gettext("Erhebung")),
            TableColumn("key_date", gettext("Stichtag"), CellKind.DATE),
            TableColumn("state", gettext("Stand")),
        ],
        "rows": [
            {
                "title": LinkCell(one.title, reverse("governance:round", args=[one.pk])),
                "key_date": one.key_date,
                "state": StateCell(str(RoundState(one.state).label)),
            }
            for one in queries.list_rounds()
        ],
        "overdue_columns": [
            TableColumn("indicator", gettext("Kennzahl")),
            TableColumn("last", gettext("letzter Wert bis"), CellKind.DATE),
            TableColumn("due", gettext("fällig"), CellKind.DATE),
        ],
        "overdue": [
            {"indicator": _link(one.code, one.name), "last": one.last, "due": one.due}
            for one in queries.list_overdue()
        ],
        "form": form,
    }
    return render(request, "governance/rounds.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def show_round(request: HttpRequest, pk: int) -> HttpResponse:
    """`/gremien/erhebungen/<id>/`: what there is, what is missing and from whom; remind, complete, freeze."""
    row = queries.get_round(pk)
    if request.method == "POST":
        _do(request, pk)
        return redirect("governance:round", pk)
    if request.GET.get("format") == "json" and row.state == RoundState.FROZEN:
        return HttpResponse(row.snapshot, content_type="application/json; charset=utf-8")
    is_frozen = row.state == RoundState.FROZEN
    context: dict[str, Any] = {"round": row, "state": RoundState(row.state).label, "is_frozen": is_frozen}
    context |= _frozen(row) if is_frozen else _running(row)
    return render(request, "governance/round.html", context)


def _do(request: HttpRequest, pk: int) -> None:
    actor, do = actor_of(request), request.POST.get("do", "")
    try:
        if do == "remind":
            count = services.remind(actor, pk)
            messages.success(request, gettext("Erinnert wurden: %(count)d.") % {"count": count})
        elif do in VERBS:
            VERBS[do](actor, pk)
            messages.success(request, gettext("Gespeichert."))
    except (Conflict, Forbidden) as error:
        messages.error(request, error.detail)


def _running(row: SurveyRound) -> dict[str, Any]:
    found = queries.find_values(row.indicators, row.key_date, with_contacts=True)
    missing = [one for one in found if one.missing]
    return {
        "count": len(found),
        "missing_count": len(missing),
        "columns": [
            TableColumn("indicator", gettext("Kennzahl")),
            TableColumn("why", gettext("Was fehlt")),
            TableColumn("contacts", gettext("Wer gefragt wird")),
        ],
        "rows": [
            {
                "indicator": _link(one.code, one.name),
                "why": one.missing,
                "contacts": ", ".join(user.get_full_name() for user in one.contacts)
                or gettext("niemand benannt"),
            }
            for one in missing
        ],
    }


def _frozen(row: SurveyRound) -> dict[str, Any]:
    """Read from the kept snapshot alone."""
    snapshot = queries.round_snapshot(row.pk)
    indicators = snapshot.document["indicators"] if snapshot else []
    return {
        "count": len(indicators),
        "missing_count": sum(1 for one in indicators if one["missing"]),
        "is_intact": frozen.is_intact(row.snapshot, row.sha256),
        "columns": [
            TableColumn("indicator", gettext("Kennzahl")),
            TableColumn("value", gettext("Wert")),
            TableColumn("unit", gettext("Einheit")),
            TableColumn("missing", gettext("Was fehlt")),
        ],
        "rows": [
            {
                "indicator": _link(one["code"], one["name"]),
                "value": "; ".join(
                    formats.number(value["value"])
                    + (f" ({gettext('simuliert')})" if value["simulated"] else "")
                    for value in one["values"]
                    if value["value"] is not None
                ),
                "unit": one["unit"],
                "missing": one["missing"],
            }
            for one in indicators
        ],
    }


def _link(code: str, name: str) -> LinkCell:
    return LinkCell(f"{code} {name}", reverse("strategy:indicator", args=[code]))
