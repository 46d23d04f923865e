"""Pages: the list of reports, one report, its files, the sheet of a measure, and the desk of those who make reports."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadt.apps.reports import feed, queries, services, showing
from stadt.apps.reports.forms import CalendarForm, OrderForm
from stadt.apps.reports.models import Report
from stadt.apps.reports.papers import building
from stadt.apps.reports.rights import PRODUCE, RELEASE
from stadt.apps.reports.showing import title_of
from stadt.apps.reports.workflow import STEPS, State
from stadt.core.errors import BadRequest, Invalid, NotFound
from stadt.core.people.access import actor_of, client_of
from stadt.hub.datasets.pacing import Pace
from stadt.web.atom import MEDIA_TYPE
from stadt.web.maps import State as Look
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
}
LOOKS = {
    State.PRODUCING: Look.INFO,
    State.DRAFT: Look.WARNING,
    State.RELEASED: Look.SUCCESS,
    State.FAILED: Look.DANGER,
}
# A class may open the sheets of a whole field at once, and then one every two seconds.
sheet_pace = Pace(burst=40, per_second=0.5)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """`/berichte/`: what was released, and when the next one is due."""
    actor = actor_of(request)
    context = {
        "reports": [_card(report) for report in queries.list_released()],
        "due": queries.list_due(),
        "waiting": _waiting(request),
        "may_produce": actor.can(PRODUCE),
    }
    return render(request, "reports/overview.html", context)


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """`/berichte/werkstatt/`: reports being made, drafts, and what failed."""
    actor = actor_of(request)
    rows = [
        {
            "title": LinkCell(title_of(report), reverse("reports:report", args=[report.pk])),
            "state": StateCell(str(State(report.state).label), LOOKS.get(State(report.state), Look.NEUTRAL)),
            "paper": report.paper,
            "ordered": report.ordered_at,
        }
        for report in queries.list_in_work(actor)
    ]
    columns = [
        TableColumn("title", _("Bericht")),
        TableColumn("state", _("Zustand")),
        TableColumn("paper", _("Vorlage Nr.")),
        TableColumn("ordered", _("in Auftrag gegeben"), CellKind.DATETIME),
    ]
    context = {"columns": columns, "rows": rows, "due": queries.list_due(), "may_produce": actor.can(PRODUCE)}
    return render(request, "reports/desk.html", context)


def order(request: HttpRequest) -> HttpResponse:
    """`/berichte/neu/`: have a report made."""
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.order_report(actor_of(request), **form.cleaned_data)
        except Invalid as error:
            form.show(error)
        else:
            return redirect("reports:report", made.pk)
    return render(request, "reports/order.html", {"form": form}, status=422 if form.errors else 200)


def calendar(request: HttpRequest) -> HttpResponse:
    """`/berichte/kalender/`: how often a report is due."""
    due = queries.list_due()[0]
    initial = {
        "kind": due.kind.key,
        "months": due.calendar.months if due.calendar else due.kind.months,
        "next_due": due.calendar.next_due if due.calendar else queries.proposed_day(due.kind),
    }
    form = CalendarForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_calendar(actor_of(request), **form.cleaned_data)
        except Invalid as error:
            form.show(error)
        else:
            messages.success(request, _("Der Abstand der Berichte ist festgelegt."))
            return redirect("reports:desk")
    return render(request, "reports/calendar.html", {"form": form}, status=422 if form.errors else 200)


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """`/berichte/<id>/`: one report to read; for those who work on it also its state and what to do next."""
    actor = actor_of(request)
    found = queries.get_report(actor, pk)
    if request.method == "POST":
        return _act(request, found)
    if found.snapshot is None:
        context = {"report": found, "title": title_of(found), "step": _(STEPS[min(found.step, len(STEPS) - 1)]),
                   "step_number": found.step, "is_failed": found.state == State.FAILED, "actions": _actions(request, found)}  # fmt: skip
        return render(request, "reports/making.html", context)
    return _read(request, found, [])


@require_safe
def download(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """`/berichte/<id>/datei/<form>/`: a file as it was made."""
    found = queries.get_file(actor_of(request), pk, form)
    kind = found.report.kind.replace("_", "-")
    answer = _file(bytes(found.content), form, f"{kind}-{pk}")
    answer["ETag"] = f'"{found.digest}"'
    if found.report.state != State.RELEASED:
        answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def sheet(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """`/berichte/steckbriefe/<code>/<form>/`: one page about a measure, as it stands today."""
    if form not in {"pdf", "docx"}:
        raise NotFound(_("Diese Datei gibt es nicht."))
    sheet_pace.take(client_of(request))
    made = services.make_sheet(actor_of(request), code)
    return _file(bytes(made.pdf if form == "pdf" else made.docx), form, f"steckbrief-{made.code}")


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """`/berichte/feed.atom`: released reports as an Atom feed."""
    return HttpResponse(feed.render(queries.list_released(50)), content_type=MEDIA_TYPE)


def sheet_panel(request: HttpRequest) -> dict[str, Any]:
    """The sheet's links on a measure's page."""
    match = request.resolver_match
    return {"sheet_code": str(match.kwargs.get("code", "")) if match else ""}


def _waiting(request: HttpRequest) -> list[tuple[str, str, Any]]:
    """Title, address and moment of the drafts that this person may release."""
    actor = actor_of(request)
    if not actor.can(RELEASE):
        return []
    return [
        (title_of(found), reverse("reports:report", args=[found.pk]), found.made_at)
        for found in queries.list_in_work(actor)
        if found.state == State.DRAFT and found.ordered_by != _who(request)
    ]


def _act(request: HttpRequest, found: Report) -> HttpResponse:
    """What a button of the report's page asks for."""
    actor, do = actor_of(request), request.POST.get("do", "")
    if do == "release":
        services.release_report(actor, found.pk)
        messages.success(request, _("Der Bericht ist freigegeben und für alle zu lesen."))
    elif do == "retry":
        services.retry_report(actor, found.pk)
    elif do == "discard":
        services.discard_report(actor, found.pk)
        messages.success(request, _("Der Bericht ist verworfen."))
        return redirect("reports:desk")
    elif do == "compare":
        return _read(request, found, queries.compare_again(actor, found.pk))
    else:
        raise BadRequest(_("Diese Handlung gibt es nicht."))
    return redirect("reports:report", found.pk)


def _read(request: HttpRequest, found: Report, compared: list[queries.Compared]) -> HttpResponse:
    if found.snapshot is None:
        raise NotFound(_("Dieser Bericht hat noch keinen Stand."))
    snapshot = queries.get_snapshot(found.snapshot)
    paper = building.papers_of(snapshot)[0]
    files = [
        {"form": form.upper(), "url": reverse("reports:download", args=[found.pk, form]), "digest": digest}
        for form, digest in found.files.order_by("-form").values_list("form", "digest")
    ]
    context = {
        "report": found,
        "paper": paper,
        "blocks": showing.shown(paper),
        "headings": [block for block in paper.blocks if getattr(block, "anchor", "")],
        "files": files,
        "compared": compared,
        "is_draft": found.state == State.DRAFT,
        "state_word": State(found.state).label,
        "state_look": str(LOOKS.get(State(found.state), Look.NEUTRAL)),
        "actions": _actions(request, found),
        "may_work": queries.may_work(actor_of(request)),
        "is_own": found.ordered_by == _who(request),
    }
    return render(request, "reports/report.html", context)


def _actions(request: HttpRequest, found: Report) -> list[tuple[str, str]]:
    """The buttons that this person may press now: what is asked for, and its label."""
    actor, state = actor_of(request), State(found.state)
    actions = []
    is_own = found.ordered_by == _who(request)
    if state == State.DRAFT and actor.can(RELEASE) and not is_own:
        actions.append(("release", _("Freigeben")))
    if state == State.FAILED and actor.can(PRODUCE):
        actions.append(("retry", _("Noch einmal erstellen")))
    if found.snapshot_id and queries.may_work(actor) and state != State.DISCARDED:
        actions.append(("compare", _("Neu erstellen und vergleichen")))
    if state in {State.DRAFT, State.FAILED} and actor.can(PRODUCE):
        actions.append(("discard", _("Verwerfen")))
    return actions


def _who(request: HttpRequest) -> str:
    actor = actor_of(request)
    return f"{actor.kind}:{actor.identifier}"


def _card(found: Report) -> dict[str, Any]:
    snapshot = queries.find_snapshot(found)
    return {
        "report": found,
        "title": title_of(found),
        "edition": snapshot.edition.name if snapshot else "",
        "moment": snapshot.moment if snapshot else None,
        "is_simulated": bool(snapshot and snapshot.has_simulated),
        "files": [
            (form.upper(), reverse("reports:download", args=[found.pk, form]))
            for form in ("pdf", "docx", "csv")
        ],
    }


def _file(content: bytes, form: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=MEDIA[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
