"""Pages of meetings, ideas, sector strategies and statements."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.governance import work_forms as forms
from stadt.apps.governance.kinds import AlignmentState, IdeaKind, IdeaState, MeetingState
from stadt.apps.governance.queries import work as queries
from stadt.apps.governance.rights import ALIGN, ANSWER, GIVE_STATEMENT, MINUTES, PREPARE
from stadt.apps.governance.services import alignment, ideas, meetings
from stadt.core.errors import Conflict, Invalid
from stadt.core.people.access import actor_of
from stadt.web.maps import State
from stadt.web.refusals import RefusableForm
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

PAGE_SIZE = 25
ALIGNED = {
    AlignmentState.OPEN: State.NEUTRAL,
    AlignmentState.ALIGNED: State.SUCCESS,
    AlignmentState.CONFLICT: State.WARNING,
}


@require_safe
def list_meetings(request: HttpRequest) -> HttpResponse:
    """`/gremien/sitzungen/`: the meetings of the bodies one sits in."""
    rows = [
        {
            "title": LinkCell(one.title, reverse("governance:meeting", args=[one.pk])),
            "body": one.body.name,
            "held_on": one.held_on,
            "state": StateCell(str(MeetingState(one.state).label)),
        }
        for one in queries.list_meetings(actor_of(request))
    ]
    columns = [
        TableColumn("title", gettext("Sitzung")),
        TableColumn("body", gettext("Gremium")),
        TableColumn("held_on", gettext("am"), CellKind.DATE),
        TableColumn("state", gettext("Stand")),
    ]
    context = {"columns": columns, "rows": rows, "may_plan": actor_of(request).can(MINUTES)}
    return render(request, "governance/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_meeting(request: HttpRequest) -> HttpResponse:
    """`/gremien/sitzungen/neu/`: plan a meeting."""
    form = forms.MeetingForm(request.POST or None)

    def plan(data: dict[str, Any]) -> HttpResponse:
        made = meetings.plan_meeting(actor_of(request), data["body"], data["held_on"], data["title"])
        return redirect("governance:meeting", made.pk)

    context = {
        "title": gettext("Sitzung planen"),
        "above": reverse("governance:meetings"),
        "label": gettext("Planen"),
    }
    return _form_page(request, form, plan, context)


@require_safe
def show_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """`/gremien/sitzungen/<id>/`: agenda and, once released, minutes; for members and who minutes."""
    actor = actor_of(request)
    meeting = queries.get_meeting(actor, pk)
    context = {
        "meeting": meeting,
        "items": meeting.items.all(),
        "state": MeetingState(meeting.state).label,
        "is_released": meeting.state == MeetingState.RELEASED,
        "may_keep": actor.can(MINUTES),
    }
    return render(request, "governance/meeting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def keep_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """`/gremien/sitzungen/<id>/protokoll/`: agenda, results, minutes, release."""
    actor = actor_of(request)
    meeting = queries.get_meeting(actor, pk)
    is_item = request.POST.get("do") == "item"
    form = forms.ItemForm(request.POST if is_item else None)
    if request.method == "POST":
        try:
            is_done = _keep(request, pk, form, is_item=is_item)
        except (Conflict, Invalid) as error:
            form.show(error) if is_item and form.is_bound else messages.error(request, error.detail)
            is_done = not is_item
        if is_done:
            return redirect(
                "governance:meeting" if request.POST.get("do") == "release" else "governance:minutes", pk
            )
    context = {
        "meeting": meeting,
        "items": meeting.items.all(),
        "is_released": meeting.state == MeetingState.RELEASED,
        "form": form,
    }
    return render(request, "governance/minutes.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def list_ideas(request: HttpRequest) -> HttpResponse:
    """`/gremien/ideen/`: ideas and obstacles with their answers, and a form for one's own; names stand without rank."""
    actor = actor_of(request)
    form = forms.IdeaForm(request.POST or None)

    def tell(data: dict[str, Any]) -> HttpResponse:
        ideas.tell_idea(actor, **data)
        messages.success(request, gettext("Danke. Die Antwort steht dann hier."))
        return redirect("governance:ideas")

    page = Paginator(queries.list_ideas(), PAGE_SIZE).get_page(request.GET.get("seite"))
    shown = [
        {
            "idea": one,
            "kind": IdeaKind(one.kind).label,
            "state": IdeaState(one.state).label,
            "is_new": one.state == IdeaState.NEW,
            "name": one.told_by.get_full_name() if one.told_by else "",
        }
        for one in page.object_list
    ]
    return _form_page(
        request,
        form,
        tell,
        {"ideas": shown, "page": page, "may_answer": actor.can(ANSWER)},
        template="governance/ideas.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer_idea(request: HttpRequest, pk: int) -> HttpResponse:
    """`/gremien/ideen/<id>/`: answer it."""
    idea = queries.get_idea(pk)
    form = forms.IdeaAnswerForm(request.POST or None, initial={"state": idea.state, "answer": idea.answer})

    def answer(data: dict[str, Any]) -> HttpResponse:
        ideas.answer_idea(actor_of(request), pk, data["state"], data["answer"])
        messages.success(request, gettext("Gespeichert."))
        return redirect("governance:idea", pk)

    context = {
        "title": idea.title,
        "above": reverse("governance:ideas"),
        "lead": idea.text,
        "label": gettext("Antwort speichern"),
    }
    return _form_page(request, form, answer, context)


@require_safe
def list_sectors(request: HttpRequest) -> HttpResponse:
    """`/gremien/fachstrategien/`: the offices' own strategies, conflicts first."""
    rows = [
        {
            "title": LinkCell(one.title, reverse("governance:sector", args=[one.pk])),
            "organisation": one.organisation.name,
            "open": one.open_count,  # type: ignore[attr-defined]
            "conflicts": one.conflict_count,  # type: ignore[attr-defined]
        }
        for one in queries.list_sectors()
    ]
    columns = [
        TableColumn("title", gettext("Fachstrategie")),
        TableColumn("organisation", gettext("Organisation")),
        TableColumn("open", gettext("noch nicht abgeglichen"), CellKind.NUMBER),
        TableColumn("conflicts", gettext("Widersprüche"), CellKind.NUMBER),
    ]
    context = {"columns": columns, "rows": rows, "may_align": actor_of(request).can(ALIGN)}
    return render(request, "governance/sectors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_sector(request: HttpRequest) -> HttpResponse:
    """`/gremien/fachstrategien/neu/`: link one's own strategy."""
    form = forms.SectorForm(request.POST or None)

    def link(data: dict[str, Any]) -> HttpResponse:
        codes = data["codes"].replace(",", " ").split()
        made = alignment.link_sector(
            actor_of(request), data["organisation"], data["title"], codes, data["url"]
        )
        return redirect("governance:sector", made.pk)

    context = {
        "title": gettext("Fachstrategie verknüpfen"),
        "above": reverse("governance:sectors"),
        "label": gettext("Verknüpfen"),
    }
    return _form_page(request, form, link, context)


@require_safe
def show_sector(request: HttpRequest, pk: int) -> HttpResponse:
    """`/gremien/fachstrategien/<id>/`: how it goes with each part of the strategy."""
    sector = queries.get_sector(pk)
    rows = [
        (one, str(ALIGNED[AlignmentState(one.state)]), AlignmentState(one.state).label)
        for one in sector.alignments.select_related("confirmed_by").order_by("code")
    ]
    context = {
        "sector": sector,
        "rows": rows,
        "may_align": actor_of(request).can(ALIGN, sector.organisation_id),
    }
    return render(request, "governance/sector.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def align(request: HttpRequest, pk: int) -> HttpResponse:
    """`/gremien/fachstrategien/<id>/abgleich/`: confirm an alignment or tell a conflict."""
    sector = queries.get_sector(pk)
    form = forms.AlignmentForm(request.POST or None, initial={"code": request.GET.get("code", "")[:40]})

    def confirm(data: dict[str, Any]) -> HttpResponse:
        alignment.confirm_alignment(actor_of(request), pk, data["code"], data["state"], data["note"])
        messages.success(request, gettext("Gespeichert."))
        return redirect("governance:sector", pk)

    context = {
        "title": sector.title,
        "above": reverse("governance:sector", args=[pk]),
        "label": gettext("Abgleich bestätigen"),
    }
    return _form_page(request, form, confirm, context)


@require_safe
def list_statements(request: HttpRequest) -> HttpResponse:
    """`/gremien/stellungnahmen/`: what the advisory board says about editions."""
    actor = actor_of(request)
    page = Paginator(queries.list_statements(actor), PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "statements": page.object_list,
        "may_give": actor.can(GIVE_STATEMENT),
        "may_publish": actor.can(PREPARE),
    }
    return render(request, "governance/statements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_statement(request: HttpRequest) -> HttpResponse:
    """`/gremien/stellungnahmen/neu/`: give one."""
    form = forms.StatementForm(request.POST or None)

    def give(data: dict[str, Any]) -> HttpResponse:
        alignment.give_statement(actor_of(request), **data)
        messages.success(
            request, gettext("Die Stellungnahme ist abgegeben. Öffentlich wird sie nach der Freigabe.")
        )
        return redirect("governance:statements")

    context = {
        "title": gettext("Stellungnahme abgeben"),
        "above": reverse("governance:statements"),
        "label": gettext("Abgeben"),
    }
    return _form_page(request, form, give, context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish_statement(request: HttpRequest, pk: int) -> HttpResponse:
    """`/gremien/stellungnahmen/<id>/veroeffentlichen/`: let everybody read it."""
    if request.method == "POST":
        alignment.publish_statement(actor_of(request), pk)
        messages.success(request, gettext("Veröffentlicht."))
    return redirect("governance:statements")


def _form_page(
    request: HttpRequest,
    form: RefusableForm,
    do: Callable[[dict[str, Any]], HttpResponse],
    context: dict[str, Any],
    template: str = "governance/form.html",
) -> HttpResponse:
    """The page with its form; what was sent is done, or shown again with why it was refused."""
    if request.method == "POST" and form.is_valid():
        try:
            return do(form.cleaned_data)
        except (Invalid, Conflict) as error:
            form.show(error)
    return render(request, template, {**context, "form": form}, status=422 if form.errors else 200)


def _keep(request: HttpRequest, pk: int, form: forms.ItemForm, *, is_item: bool) -> bool:
    actor, do = actor_of(request), request.POST.get("do", "")
    if is_item:
        if not form.is_valid():
            return False
        meetings.put_item(actor, pk, **form.cleaned_data)
    elif do == "release":
        meetings.release_minutes(actor, pk)
    elif do.startswith("remove:") and do[7:].isdecimal() and len(do) < 25:
        meetings.remove_item(actor, pk, int(do[7:]))
    else:
        named = [key[7:] for key in request.POST if key.startswith("result-")]
        results = {
            int(one): request.POST[f"result-{one}"] for one in named if one.isdecimal() and len(one) < 18
        }
        meetings.write_minutes(actor, pk, request.POST.get("minutes", ""), results)
    messages.success(request, gettext("Gespeichert."))
    return True
