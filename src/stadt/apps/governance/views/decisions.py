"""Pages of decisions: what everybody reads, the frozen data behind it, drafts, and where they are decided."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.governance import frozen, strategy
from stadt.apps.governance.decision_forms import DecideForm, WordingForm
from stadt.apps.governance.frozen_tables import shown_view
from stadt.apps.governance.kinds import DraftState
from stadt.apps.governance.models import Draft
from stadt.apps.governance.queries import decisions as queries
from stadt.apps.governance.rights import DECIDE, PREPARE, SEE
from stadt.apps.governance.services import decisions as services
from stadt.core.errors import Forbidden, Invalid
from stadt.core.people.access import actor_of
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

PAGE_SIZE = 25


@require_safe
def list_decisions(request: HttpRequest) -> HttpResponse:
    """`/gremien/beschluesse/`: what was decided, for everybody; `?code=` narrows it."""
    code = request.GET.get("code", "")[:40].replace("\x00", "")
    rows = queries.all_decisions()
    page = Paginator(rows.filter(subjects__contains=[code]) if code else rows, PAGE_SIZE).get_page(
        request.GET.get("seite")
    )
    actor = actor_of(request)
    context = {
        "page": page,
        "code": code,
        "facts": [queries.fact_of(row) for row in page.object_list],
        "may_prepare": actor.can(PREPARE),
        "may_decide": actor.can(DECIDE),
    }
    return render(request, "governance/decisions.html", context)


@require_safe
def show_decision(request: HttpRequest, number: int) -> HttpResponse:
    """`/gremien/beschluesse/<number>/`: what, when, by whom; reason, signature and data are for insiders."""
    row = queries.get_decision(number)
    fact = queries.fact_of(row)
    actor = actor_of(request)
    context: dict[str, Any] = {
        "fact": fact,
        "subjects": _subjects(fact.subjects),
        "may_see": actor.can(SEE),
        "may_prepare": actor.can(PREPARE),
    }
    if actor.can(SEE):
        context |= {"row": row, "signature": getattr(row, "signature", None)}
    return render(request, "governance/decision.html", context)


@require_safe
def show_view(request: HttpRequest, number: int) -> HttpResponse:
    """`/gremien/beschluesse/<number>/daten/`: the data as they were shown then; `?format=json` as they are kept."""
    row = queries.get_decision(number)
    if request.GET.get("format") == "json":
        return HttpResponse(row.view or "{}", content_type="application/json; charset=utf-8")
    context = {
        "fact": queries.fact_of(row),
        "view": shown_view(row.view),
        "sha256": row.view_sha256,
        "is_intact": frozen.is_intact(row.view, row.view_sha256),
    }
    return render(request, "governance/decision_view.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def drafts(request: HttpRequest) -> HttpResponse:
    """`/gremien/vorlagen/`: what is being prepared, and a form for the next."""
    corrects = request.GET.get("berichtigt", "")
    corrected = queries.find_decision(int(corrects)) if corrects.isdecimal() and len(corrects) < 18 else None
    form = WordingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.prepare_decision(
                actor_of(request), form.as_wording(), corrects=corrected.number if corrected else None
            )
        except Invalid as error:
            form.show(error)
        else:
            messages.success(request, gettext("Der Entwurf ist gespeichert."))
            return redirect("governance:draft", draft.pk)
    context = {
        "columns": _draft_columns(),
        "rows": _draft_rows("governance:draft", DraftState.DRAFT, DraftState.SUBMITTED),
        "form": form,
        "corrected": corrected,
    }
    return render(request, "governance/drafts.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """`/gremien/vorlagen/<id>/`: word it, put it before the body, take it back."""
    actor = actor_of(request)
    found = queries.get_draft(pk)
    is_sent = request.method == "POST"
    if is_sent and (do := request.POST.get("do", "")) in {"submit", "return", "withdraw"}:
        verb = {
            "submit": services.submit_draft,
            "return": services.return_draft,
            "withdraw": services.withdraw_draft,
        }[do]
        verb(actor, pk)
        messages.success(request, gettext("Gespeichert."))
        return redirect("governance:draft", pk)
    form = WordingForm(request.POST if is_sent else None, initial=WordingForm.initial_of(found))
    if is_sent and form.is_valid():
        try:
            services.change_draft(actor, pk, form.as_wording())
        except Invalid as error:
            form.show(error)
        else:
            messages.success(request, gettext("Gespeichert."))
            return redirect("governance:draft", pk)
    context = {**_draft_context(found), "form": form, "is_draft": found.state == DraftState.DRAFT}
    return render(request, "governance/draft.html", context, status=422 if form.errors else 200)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """`/gremien/entscheiden/`: what was put before the bodies."""
    context = {
        "columns": _draft_columns(),
        "rows": _draft_rows("governance:decide", DraftState.SUBMITTED),
    }
    return render(request, "governance/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`/gremien/entscheiden/<id>/`: the draft with its frozen data; decide, or give it back."""
    actor = actor_of(request)
    found = queries.get_draft(pk)
    is_sent = request.method == "POST"
    if is_sent and request.POST.get("do") == "return":
        services.return_draft(actor, pk, request.POST.get("note", ""))
        messages.success(request, gettext("Die Vorlage ist zurückgegeben."))
        return redirect("governance:waiting")
    form = DecideForm(request.POST if is_sent else None, initial={"seen": found.view_sha256})
    if is_sent and form.is_valid():
        try:
            done = services.decide(actor, pk, form.cleaned_data["seen"], form.cleaned_data["decided_on"])
        except (Invalid, Forbidden) as error:
            form.show(error)
        else:
            messages.success(request, gettext("Beschlossen."))
            return redirect("governance:decision", done.pk)
    context = {
        **_draft_context(found),
        "form": form,
        "is_open": found.state == DraftState.SUBMITTED,
        "is_own": found.prepared_by_id is not None and found.prepared_by_id == actor.user_id,
    }
    return render(request, "governance/decide.html", context, status=422 if form.errors else 200)


def _draft_context(found: Draft) -> dict[str, Any]:
    state = DraftState(found.state)
    is_shown = state is DraftState.SUBMITTED and bool(found.view)
    has_changed = is_shown and frozen.without_moment(found.view) != frozen.without_moment(
        frozen.build_view(found.subjects, timezone.now())
    )
    return {
        "draft": found,
        "state": state.label,
        "subjects": _subjects(tuple(found.subjects)),
        "view": shown_view(found.view) if found.view and state is not DraftState.DRAFT else None,
        "has_changed": has_changed,
    }


def _subjects(codes: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Code, title and page; no page for what has none."""
    pages = {"M": "strategy:measure", "K": "strategy:indicator"}
    return [
        (code, strategy.title_of(code), reverse(pages[code[0]], args=[code]) if code[0] in pages else "")
        for code in codes
    ]


def _draft_columns() -> list[TableColumn]:
    return [
        TableColumn("title", gettext("Titel")),
        TableColumn("body", gettext("Gremium")),
        TableColumn("state", gettext("Stand")),
        TableColumn("changed", gettext("geändert"), CellKind.DATETIME),
    ]


def _draft_rows(page: str, *states: DraftState) -> list[dict[str, Any]]:
    return [
        {
            "title": LinkCell(one.title, reverse(page, args=[one.pk])),
            "body": one.body.name,
            "state": StateCell(str(DraftState(one.state).label)),
            "changed": one.changed_at,
        }
        for one in queries.list_drafts(*states)
    ]
