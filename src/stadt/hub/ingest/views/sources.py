"""Pages about sources: list, details with set-up recipe and tokens, refused messages."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from stadt.core.errors import Invalid, NotFound
from stadt.core.people.access import actor_of
from stadt.core.tokens import MANAGE_TOKENS
from stadt.hub.ingest import queries, services
from stadt.hub.ingest.forms import SourceForm, TokenForm, show_errors
from stadt.hub.ingest.models import Source
from stadt.hub.ingest.presentation import refusal_rows
from stadt.hub.ingest.rights import PUSH

PER_PAGE = 50


def get_source(request: HttpRequest, slug: str) -> Source:
    """The source of the address. Raises NotFound, also for a source the actor may not manage."""
    source = queries.find_source(actor_of(request), slug)
    if source is None:
        raise NotFound
    return source


def list_sources(request: HttpRequest) -> HttpResponse:
    """All sources with state and last message."""
    sources = queries.list_sources(actor_of(request))
    return render(request, "ingest/sources.html", {"sources": sources})


def new_source(request: HttpRequest) -> HttpResponse:
    """Create a source."""
    actor = actor_of(request)
    form = SourceForm(actor, request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            source = services.create_source(actor, **form.cleaned_data)
        except Invalid as error:
            show_errors(error, form)
        else:
            messages.success(request, _("Die Quelle ist angelegt. Stellen Sie nun ein Token aus."))
            return redirect("ingest:source", slug=source.slug)
    return render(request, "ingest/source_form.html", {"form": form}, status=422 if form.errors else 200)


def show_source(request: HttpRequest, slug: str) -> HttpResponse:
    """State, set-up recipe and tokens of a source."""
    return _source_page(request, get_source(request, slug), TokenForm())


def edit_source(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a source or switch it off."""
    actor, source = actor_of(request), get_source(request, slug)
    initial = {
        name: getattr(source, name)
        for name in ("title", "default_profile", "keep_frames_days", "silent_after_hours", "enabled")
    }
    form = SourceForm(actor, request.POST or None, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_source(actor, source, **form.cleaned_data)
        except Invalid as error:
            show_errors(error, form)
        else:
            messages.success(request, _("Die Änderungen sind gespeichert."))
            return redirect("ingest:source", slug=source.slug)
    context = {"form": form, "source": source}
    return render(request, "ingest/source_form.html", context, status=422 if form.errors else 200)


@require_POST
@never_cache
def issue_token(request: HttpRequest, slug: str) -> HttpResponse:
    """Issue a token and show its secret this one time."""
    actor, source = actor_of(request), get_source(request, slug)
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            token, secret = services.issue_source_token(
                actor, source, title=form.cleaned_data["title"], expires_at=form.expires_at
            )
        except Invalid as error:
            show_errors(error, form)
        else:
            context = {"source": source, "token": token, "secret": secret, "webhook": webhook_address(source)}
            return render(request, "ingest/token.html", context)
    return _source_page(request, source, form, status=422)


@require_POST
def revoke_token(request: HttpRequest, slug: str, token_id: int) -> HttpResponse:
    """Make a token useless."""
    source = get_source(request, slug)
    services.revoke_source_token(actor_of(request), source, token_id)
    messages.success(request, _("Das Token ist widerrufen; binnen Sekunden nimmt es niemand mehr an."))
    return redirect("ingest:source", slug=source.slug)


def list_refusals(request: HttpRequest, slug: str) -> HttpResponse:
    """Messages that were refused, by reason."""
    source = get_source(request, slug)
    page = Paginator(queries.list_refusals(source), PER_PAGE).get_page(request.GET.get("seite"))
    columns, rows = refusal_rows(page.object_list)
    context = {"source": source, "page": page, "columns": columns, "rows": rows}
    return render(request, "ingest/refusals.html", context)


def webhook_address(source: Source) -> str:
    """The address an operator copies into the sensor network's console."""
    return f"{settings.STADT.url}/ingest/{source.kind}/{source.slug}"


def _source_page(request: HttpRequest, source: Source, form: TokenForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    organisation = source.organisation_id
    context: dict[str, Any] = {
        "source": source,
        "form": form,
        "tokens": queries.list_tokens(source),
        "webhook": webhook_address(source),
        "device_count": source.devices.count(),
        "may_issue": actor.can(MANAGE_TOKENS, organisation) and actor.can(PUSH, organisation),
    }
    return render(request, "ingest/source.html", context, status=status)
