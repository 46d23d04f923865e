"""Applying: the page before, one page for each step, and the page on which everything is looked through and sent."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stadt.apps.services import services
from stadt.apps.services.applying import CATEGORY, is_in_time
from stadt.apps.services.forms import AddressForm
from stadt.apps.services.offers import get_service, is_open, language, open_categories, slug_of
from stadt.apps.services.progress import Progress, StepState, progress_of
from stadt.apps.services.speech import is_plain, remembers_speech, switch_of
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.forms.attachments import file_names
from stadt.civic.forms.models import Draft
from stadt.civic.forms.queries import get_definition
from stadt.civic.forms.services import discard_draft, save_step, send_resume_link
from stadt.civic.messages.services.links import confine
from stadt.core.errors import Invalid, NotFound
from stadt.core.people.access import actor_of, client_of
from stadt.hub.datasets.pacing import Pace

# A family or a library's computers share an address: twenty at once, then one a minute.
begin_pace = Pace(burst=20, per_second=1 / 60)
send_pace = Pace(burst=10, per_second=1 / 120)
mail_pace = Pace(burst=5, per_second=1 / 600)


@remembers_speech
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """`/dienste/<service>/`: what it is, costs and needs; begins a draft."""
    one = get_service(slug)
    error = ""
    if request.method == "POST":
        actor = actor_of(request)
        if not one.anonymous_allowed and not actor.is_known:
            return redirect_to_login(request.path)
        begin_pace.take(client_of(request))
        try:
            secret = services.begin(actor, one, request.POST.get("category", "")[:80])
        except Invalid as refused:
            error = refused.fields[0].message if refused.fields else refused.detail
        else:
            first = progress_of(services.get_draft_of(one, secret)).steps[0]
            return redirect("services:step", slug_of(one), secret, first.step.key)
    definition = get_definition(one.form)
    shown = {
        name: one.translated(name, language()) for name in ("title", "description", "costs", "needs", "takes")
    }
    context = {
        "service": one,
        "offer": shown,
        "steps": [step.words(language(), plain=is_plain(request)).title for step in definition.steps],
        "draft_days": definition.draft_days,
        "categories": _categories(one),
        "chosen": request.POST.get("category", ""),
        "error": error,
        "is_open": is_open(one),
        "needs_account": not one.anonymous_allowed and not actor_of(request).is_known,
        **_speech(request),
    }
    return confine(render(request, "services/service.html", context, status=422 if error else 200))


@remembers_speech
def draft(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    """`/dienste/<service>/antrag/<secret>/`: what is filled in so far; sends it, mails the link, or throws it away."""
    one = get_service(slug)
    found = services.get_draft_of(one, secret)
    if found.submission_id is not None and request.method != "POST":
        return confine(render(request, "services/sent.html", {"service": one, "title": _title(one)}))
    form = AddressForm()
    if request.method == "POST":
        answer = _act(request, one, secret)
        if isinstance(answer, HttpResponse):
            return answer
        form = answer
    progress = progress_of(found)
    context = {
        **_shown(request, one, found, secret, progress),
        "links": {
            state.step.key: reverse("services:step", args=[slug_of(one), secret, state.step.key])
            for state in progress.steps
        },
        **_chosen(one, found),
        "is_in_time": is_in_time(one, found.names.get(CATEGORY, "")),
        "mail_form": form,
        "files": file_names(progress.definition, found.answers),
        "expires_at": found.expires_at,
    }
    return confine(render(request, "services/draft.html", context, status=422 if form.errors else 200))


def _act(request: HttpRequest, one: CaseType, secret: str) -> HttpResponse | AddressForm:
    actor, act = actor_of(request), request.POST.get("tat", "")
    if act == "senden":
        send_pace.take(client_of(request))
        try:
            sent = services.send_application(actor, one, secret)
        except Invalid:
            messages.error(
                request,
                _("Es fehlt noch etwas. Bitte prüfen Sie die Schritte, die als offen gekennzeichnet sind."),
            )
            return redirect("services:draft", slug_of(one), secret)
        if sent.secret is None:
            raise NotFound(_("Dieser Vorgang hat keinen Link."))
        return redirect("services:receipt", sent.secret)
    if act == "loeschen":
        discard_draft(secret, actor)
        messages.success(request, _("Ihre Angaben sind gelöscht."))
        return redirect("services:service", slug_of(one))
    form = AddressForm(request.POST)
    if not form.is_valid():
        return form
    mail_pace.take(client_of(request))
    services.get_draft_of(one, secret)
    url = settings.STADT.url + reverse("services:draft", args=[slug_of(one), secret])
    send_resume_link(secret, form.cleaned_data["email"], url, actor)
    messages.success(request, _("Der Link ist unterwegs an %(email)s.") % form.cleaned_data)
    return redirect("services:draft", slug_of(one), secret)


@remembers_speech
def step(request: HttpRequest, slug: str, secret: str, key: str) -> HttpResponse:
    """`/dienste/<service>/antrag/<secret>/<step>/`: one page of the form."""
    one = get_service(slug)
    found = services.get_draft_of(one, secret)
    if found.submission_id is not None:
        return redirect("services:draft", slug_of(one), secret)
    errors: list[Any] = []
    stops: list[str] = []
    spots: dict[str, Any] = {}
    if request.method == "POST":
        pause = request.POST.get("tat") == "spaeter"
        files = {name: request.FILES.getlist(name) for name in request.FILES}
        result = save_step(secret, key, request.POST, files, actor=actor_of(request), pause=pause)
        if pause:
            messages.success(request, _("Gespeichert. Mit dem Link dieser Seite machen Sie später weiter."))
        if pause or not (result.errors or result.stops or result.found):
            return _onwards(one, secret, None if pause else result.next_step)
        errors, stops, spots = result.errors, result.stops, result.found
        found.refresh_from_db()
    progress = progress_of(found)
    state = progress.find(key)
    if state is None:
        raise NotFound(_("Diesen Schritt gibt es hier nicht."))
    if not state.is_reached and request.method != "POST":
        return redirect("services:step", slug_of(one), secret, progress.first_open.step.key)
    context = {
        **_shown(request, one, found, secret, progress),
        "state": state,
        "words": state.step.words(language(), plain=is_plain(request)),
        "before": progress.before(state),
        "raw": request.POST if request.method == "POST" else None,
        "found": spots,
        "files": file_names(progress.definition, found.answers),
        "errors": errors,
        "stops": stops,
    }
    return confine(render(request, "services/step.html", context, status=422 if errors or stops else 200))


def _onwards(one: CaseType, secret: str, next_step: str | None) -> HttpResponse:
    if next_step is None:
        return redirect("services:draft", slug_of(one), secret)
    return redirect("services:step", slug_of(one), secret, next_step)


def _shown(
    request: HttpRequest, one: CaseType, found: Draft, secret: str, progress: Progress
) -> dict[str, Any]:
    plain = is_plain(request)
    return {
        "service": one,
        "title": _title(one),
        "slug": slug_of(one),
        "secret": secret,
        "draft": found,
        "form": progress.definition,
        "progress": progress,
        "steps": [_shown_step(state, plain=plain) for state in progress.steps],
        "prefilled": found.prefilled,
        **_speech(request),
    }


def _shown_step(state: StepState, *, plain: bool) -> dict[str, Any]:
    return {"state": state, "step": state.step, "title": state.step.words(language(), plain=plain).title}


def _categories(one: CaseType) -> list[dict[str, Any]]:
    return [
        {
            "key": category.key,
            "title": category.translated("title", language()),
            "description": category.translated("description", language()),
            "ends": category.ends,
        }
        for category in open_categories(one)
    ]


def _speech(request: HttpRequest) -> dict[str, Any]:
    return {"is_plain": is_plain(request), "speech": switch_of(request), "language": language()}


def _chosen(one: CaseType, found: Draft) -> dict[str, Any]:
    """The category that the draft was begun with, and its name as the reader's language has it."""
    category = one.find_category(found.names.get(CATEGORY, ""))
    return {
        "category": category,
        "category_title": category.translated("title", language()) if category else "",
    }


def _title(one: CaseType) -> str:
    return one.translated("title", language())
