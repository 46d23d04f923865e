"""`/strategie/austausch/`: the strategy as files for everybody, and files of officers with a look at the differences."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.apps.strategy.exchange import forms, services
from stadt.apps.strategy.exchange.checking import check_items
from stadt.apps.strategy.exchange.document import Document
from stadt.apps.strategy.exchange.proposals import Proposal, proposal_of
from stadt.apps.strategy.exchange.queries import FORMATS, is_empty
from stadt.apps.strategy.exchange.reading import ReadFile, read_file
from stadt.apps.strategy.record.content import Content
from stadt.apps.strategy.record.difference import difference
from stadt.apps.strategy.record.models import ChangeRequest
from stadt.apps.strategy.record.queries import list_editions, strategy_at
from stadt.apps.strategy.record.services.requests import MOST_CHANGES
from stadt.apps.strategy.rights import EXCHANGE
from stadt.core.errors import StadtError
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor

EXPORT = "/api/v1/strategy/export."
SCHEMA = "/api/v1/strategy/schema.json"
MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD"])
def downloads(request: HttpRequest) -> HttpResponse:
    """Every state as every format."""
    states: list[dict[str, Any]] = [] if is_empty() else [{"name": "", "files": _files("")}]
    states += [{"edition": one, "name": one.name, "files": _files(one.name)} for one in list_editions()]
    context = {
        "states": states,
        "schema": SCHEMA,
        "may_import": actor_of(request).can(EXCHANGE),
        "is_empty": is_empty(),
    }
    return render(request, "strategy/exchange/downloads.html", context)


def panel(request: HttpRequest) -> dict[str, Any]:
    """The line on the strategy's overview."""
    return {}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take_file(request: HttpRequest) -> HttpResponse:
    """Look at a file, then keep it: nothing is written before the second step."""
    actor = actor_of(request)
    if request.method == "POST" and "token" in request.POST:
        return _keep(request, actor)
    form = forms.FileForm(request.POST, request.FILES) if request.method == "POST" else forms.FileForm()
    if request.method == "POST" and form.is_valid():
        try:
            read = read_file(form.content())
            return _preview(request, read, forms.sign(actor, _to_carry(read)))
        except StadtError as refusal:
            form.refuse(refusal)
    return _upload_page(request, form)


def _to_carry(read: ReadFile) -> Document:
    """All of a file for a first edition; of one that becomes a request, only its items."""
    if is_empty():
        return read.document
    return Document(city=read.document.city, items=read.document.items)


def _upload_page(request: HttpRequest, form: forms.FileForm) -> HttpResponse:
    context = {"form": form, "is_empty": is_empty()}
    return render(request, "strategy/exchange/upload.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, read: ReadFile, token: str) -> HttpResponse:
    if is_empty():
        form: forms.RefusableForm = forms.FirstForm(initial={"token": token})
        return _first_page(request, form, read.document, read.remarks)
    form = forms.KeepForm(initial={"token": token, "title": gettext("Strategie aus einer Datei")})
    return _keep_page(request, form, read.content, read.remarks)


def _keep(request: HttpRequest, actor: Actor) -> HttpResponse:
    document = forms.unsign(actor, request.POST["token"])
    if document is None:
        form = forms.FileForm()
        form.is_bound = True
        form.cleaned_data = {}
        form.add_error(None, gettext("Die Vorschau ist abgelaufen. Bitte wählen Sie die Datei noch einmal."))
        return _upload_page(request, form)
    content = check_items(document.items)
    if is_empty():
        return _take_first(request, actor, document)
    keep = forms.KeepForm(request.POST)
    if keep.is_valid():
        given = keep.cleaned_data
        try:
            kept = services.propose_file(
                actor, content, given["title"], given["reason"], strike_missing=given["strike_missing"]
            )
        except StadtError as refusal:
            keep.refuse(refusal)
        else:
            return _done(request, kept)
    return _keep_page(request, keep, content, (), status=422)


def _take_first(request: HttpRequest, actor: Actor, document: Document) -> HttpResponse:
    form = forms.FirstForm(request.POST)
    form.full_clean()
    try:
        name = services.take_first(actor, document)
    except StadtError as refusal:
        form.refuse(refusal)
        return _first_page(request, form, document, (), status=422)
    return render(request, "strategy/exchange/done.html", {"edition": name})


def _first_page(
    request: HttpRequest,
    form: forms.RefusableForm,
    document: Document,
    remarks: tuple[str, ...],
    status: int = 200,
) -> HttpResponse:
    found = Content(document.items)
    context = {
        "form": form,
        "content": found,
        "remarks": remarks,
        "editions": document.editions,
        "versions": len(document.versions),
    }
    return render(request, "strategy/exchange/first.html", context, status=status)


def _keep_page(
    request: HttpRequest,
    form: forms.RefusableForm,
    content: Content,
    remarks: tuple[str, ...],
    status: int = 200,
) -> HttpResponse:
    strike = bool(form.is_bound and form.data.get("strike_missing"))
    now = strategy_at()
    found: Proposal = proposal_of(now, content, strike_missing=strike)
    told = difference(now, found.after)
    context = {
        "form": form,
        "proposal": found,
        "count_line": told.count_line,
        "sentences": told.sentences[:MOST_SHOWN],
        "more": max(0, len(told.sentences) - MOST_SHOWN),
        "remarks": remarks,
        "missing": ", ".join(found.missing[:MOST_SHOWN]),
        "most": MOST_CHANGES,
        "is_too_much": len(found.changes) > MOST_CHANGES,
    }
    return render(request, "strategy/exchange/preview.html", context, status=status)


def _done(request: HttpRequest, kept: ChangeRequest) -> HttpResponse:
    try:
        url = reverse("strategy:request", args=[kept.pk])
    except NoReverseMatch:
        url = ""
    return render(request, "strategy/exchange/done.html", {"change_request": kept, "url": url})


def _files(edition: str) -> list[dict[str, str]]:
    """Addresses of all formats of one state."""
    query = f"?{urlencode({'edition': edition})}" if edition else ""
    return [{"title": one.title, "url": f"{EXPORT}{one.suffix}{query}"} for one in FORMATS.values()]
