"""Pages: the register of applications, the requests for data, their forms, and the reviewer's queue."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadt.apps.reuse import queries, services
from stadt.apps.reuse.forms import AnswerForm, ApplicationForm, RequestForm
from stadt.apps.reuse.models import Application, DataRequest
from stadt.apps.reuse.rights import REVIEW
from stadt.apps.reuse.workflow import APPLICATION_MOVES, REQUEST_MOVES, ApplicationState, RequestState
from stadt.core.errors import Conflict, Invalid
from stadt.core.people.access import actor_of, client_of
from stadt.hub.datasets.pacing import Pace
from stadt.hub.datasets.queries import find_page
from stadt.hub.opendata.records import records_of
from stadt.web.maps import State
from stadt.web.open_forms import OpenForm
from stadt.web.tables import CellKind, LinkCell, TableColumn

PAGE_SIZE = 20
# Five forms from one household at once, and then one in ten minutes.
forms_pace = Pace(burst=5, per_second=1 / 600)

REQUEST_COLOURS = {
    RequestState.OPEN: State.INFO,
    RequestState.FULFILLED: State.SUCCESS,
    RequestState.IMPOSSIBLE: State.WARNING,
}


@require_safe
def list_applications(request: HttpRequest) -> HttpResponse:
    """`/daten/anwendungen/`: what is made with the city's data."""
    page = Paginator(queries.list_registered(), PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "items": [
            {"application": item, "datasets": links}
            for item, links in zip(page.object_list, _links(*page.object_list), strict=True)
        ],
        "may_review": actor_of(request).can(REVIEW),
    }
    return render(request, "reuse/applications.html", context)


@require_safe
def list_requests(request: HttpRequest) -> HttpResponse:
    """`/daten/wuensche/`: data that people miss, with the city's answers."""
    page = Paginator(queries.list_requests(), PAGE_SIZE).get_page(request.GET.get("seite"))
    counts = queries.count_requests()
    context = {
        "page": page,
        "items": [
            {
                "request": item,
                "state": str(REQUEST_COLOURS[RequestState(item.state)]),
                "dataset_url": find_page(item.dataset) if item.dataset else "",
            }
            for item in page.object_list
        ],
        "counts": counts,
        "all": sum(counts.values()),
        "may_review": actor_of(request).can(REVIEW),
    }
    return render(request, "reuse/requests.html", context)


def new_application(request: HttpRequest) -> HttpResponse:
    """`/daten/anwendungen/neu/`: anybody proposes one."""
    key = request.GET.get("datensatz", "")[:101]
    form = ApplicationForm(request.POST or None, initial={"datasets": key})
    if _is_kept(request, form):
        messages.success(request, _("Danke. Die Anwendung erscheint hier, sobald die Stadt sie geprüft hat."))
        return redirect("reuse:applications")
    return _form_page(request, form, "reuse/application_form.html")


def new_request(request: HttpRequest) -> HttpResponse:
    """`/daten/wuensche/neu/`: anybody asks for data."""
    form = RequestForm(request.POST or None)
    if _is_kept(request, form):
        messages.success(
            request, _("Danke. Ihr Wunsch erscheint hier, sobald die Stadt ihn freigegeben hat.")
        )
        return redirect("reuse:requests")
    return _form_page(request, form, "reuse/request_form.html")


def show_address(request: HttpRequest, secret: str) -> HttpResponse:
    """`/daten/adresse/<secret>/`: confirm the address one left, or delete it."""
    actor = actor_of(request)
    if request.method == "POST" and "loeschen" in request.POST:
        services.remove_address(actor, secret)
        messages.success(request, _("Die Adresse ist gelöscht."))
        return redirect("reuse:applications")
    if request.method == "POST":
        services.confirm_address(actor, secret)
        messages.success(request, _("Die Adresse ist bestätigt."))
        return redirect("reuse:address", secret)
    found = services.find_by_secret(secret)
    answer = render(request, "reuse/address.html", {"told": found}, status=200 if found else 404)
    answer["Referrer-Policy"] = "same-origin"  # `no-referrer` makes browsers send the form with Origin: null
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """`/daten/pruefen/`: what waits for a decision."""
    applications, requests = queries.list_waiting(actor_of(request))
    columns = [TableColumn("title", _("Was")), TableColumn("told", _("eingegangen"), CellKind.DATETIME)]
    state = TableColumn("state", _("Zustand"))
    context = {
        "columns": columns,
        "applications": [
            {
                "title": LinkCell(item.name, reverse("reuse:application_review", args=[item.pk])),
                "told": item.told_at,
            }
            for item in applications[:200]
        ],
        "request_columns": [*columns, state],
        "requests": [
            {
                "title": LinkCell(item.title, reverse("reuse:request_review", args=[item.pk])),
                "told": item.told_at,
                "state": str(RequestState(item.state).label),
            }
            for item in requests[:200]
        ],
    }
    return render(request, "reuse/review.html", context)


def review_application(request: HttpRequest, pk: int) -> HttpResponse:
    """`/daten/pruefen/anwendung/<id>/`: agree, decline or take out."""
    actor = actor_of(request)
    application = queries.get_application(actor, pk)
    if request.method == "POST":
        state = _state(ApplicationState, request.POST.get("state", ""))
        services.decide_application(actor, pk, state)
        messages.success(request, _("Entschieden: %(state)s.") % {"state": state.label})
        return redirect("reuse:review")
    labels = {
        ApplicationState.PUBLIC: _("Ins Verzeichnis aufnehmen"),
        ApplicationState.DECLINED: _("Ablehnen"),
        ApplicationState.WITHDRAWN: _("Herausnehmen"),
    }
    context = {
        "told": application,
        "facts": [
            (_("Zustand"), application.get_state_display()),
            (_("Was sie kann"), application.description),
            (_("Adresse im Netz"), LinkCell(application.url, application.url)),
            (_("Gemacht von"), application.maker or None),
            (_("E-Mail-Adresse"), _email(application)),
        ],
        "datasets": _links(application)[0],
        "moves": [
            (str(move), labels[move]) for move in APPLICATION_MOVES[ApplicationState(application.state)]
        ],
    }
    return render(request, "reuse/review_application.html", context)


def review_request(request: HttpRequest, pk: int) -> HttpResponse:
    """`/daten/pruefen/wunsch/<id>/`: publish, answer or decline."""
    actor = actor_of(request)
    asked = queries.get_request(actor, pk)
    form = AnswerForm(request.POST or None, initial={"answer": asked.answer, "dataset": asked.dataset})
    if request.method == "POST" and form.is_valid():
        state = _state(RequestState, request.POST.get("state", ""))
        try:
            services.decide_request(actor, pk, state, **form.cleaned_data)
        except Invalid as error:
            form.show(error)
        else:
            messages.success(request, _("Entschieden: %(state)s.") % {"state": state.label})
            return redirect("reuse:review")
    labels = {
        RequestState.OPEN: _("Veröffentlichen, Antwort folgt"),
        RequestState.FULFILLED: _("Als erfüllt beantworten"),
        RequestState.IMPOSSIBLE: _("Als nicht möglich beantworten"),
        RequestState.DECLINED: _("Nicht veröffentlichen"),
    }
    context = {
        "told": asked,
        "facts": [
            (_("Zustand"), asked.get_state_display()),
            (_("Text"), asked.text),
            (_("E-Mail-Adresse"), _email(asked)),
        ],
        "form": form,
        "moves": [(str(move), labels[move]) for move in REQUEST_MOVES[RequestState(asked.state)]],
    }
    return render(request, "reuse/review_request.html", context, status=422 if form.errors else 200)


def _is_kept(request: HttpRequest, form: ApplicationForm | RequestForm) -> bool:
    """Whether the form was sent and what it says is kept."""
    if request.method != "POST" or not form.is_valid():
        return False
    forms_pace.take(client_of(request))
    actor = actor_of(request)
    try:
        if isinstance(form, ApplicationForm):
            services.propose_application(actor, form.as_draft())
        else:
            services.request_data(actor, form.as_draft())
    except Invalid as error:
        form.show(error)
        return False
    return True


def _form_page(request: HttpRequest, form: OpenForm, template: str) -> HttpResponse:
    return render(request, template, {"form": form}, status=422 if form.errors else 200)


def _links(*applications: Application) -> list[list[tuple[str, str]]]:
    """For each application titles and addresses of the datasets it uses; the key where none is published now."""
    keys = [key for item in applications for key in item.datasets]
    titles = {record.key: record.title for record in records_of(keys)}
    return [[(titles.get(key, key), find_page(key)) for key in item.datasets] for item in applications]


def _email(told: Application | DataRequest) -> str | None:
    if not told.email:
        return None
    return told.email if told.email_confirmed_at else _("%(email)s (nicht bestätigt)") % {"email": told.email}


def _state(states: Any, value: str) -> Any:
    if value not in states.values:
        raise Conflict(_("Darüber ist inzwischen anders entschieden. Bitte laden Sie die Seite neu."))
    return states(value)
