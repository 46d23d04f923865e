"""The pages of the shell itself: search, the city's texts, account, language, mailbox, outlines, styleguide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stadt.core import city
from stadt.core.errors import NotFound
from stadt.core.registry import registry
from stadt.web import mailbox, styleguide, texts
from stadt.web.map_rendering import outline_collection
from stadt.web.models import DemoMessage
from stadt.web.search import clean_words
from stadt.web.search import search as search_all

CITY_TEXTS = {
    "impressum": gettext_noop("Impressum"),
    "datenschutz": gettext_noop("Datenschutz"),
    "barrierefreiheit": gettext_noop("Erklärung zur Barrierefreiheit"),
    "leichte-sprache": gettext_noop("Leichte Sprache"),
}
OUTLINE_SECONDS = 3600


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/suche?q=…`: grouped hits of all sources."""
    words = clean_words(request.GET.get("q", ""))
    groups = search_all(words)
    count = sum(len(group.hits) for group in groups)
    return render(request, "web/search.html", {"words": words, "groups": groups, "count": count})


@require_safe
def city_text(request: HttpRequest, name: str) -> HttpResponse:
    """`/impressum/` and its like: the city's text, or the sentence that there is none yet."""
    source = city.current().text(name, (get_language() or "de")[:2])
    body = texts.markdown(source) if source else None
    return render(
        request, "web/city_text.html", {"name": name, "title": gettext(CITY_TEXTS[name]), "body": body}
    )


@require_safe
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """`/konto/`: what the signed-in person can do with the own account."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    blocks = {
        slot: [
            {"template": p.template, "context": p.context(request)}
            for p in registry.panels(f"account.{slot}")
        ]
        for slot in ("overview", "doors")
    }
    return render(request, "web/account.html", blocks)


@require_safe
@never_cache
def mailbox_page(request: HttpRequest) -> HttpResponse:
    """`/demo/postfach/`: mail the demo did not send; 404 wherever it may not be read."""
    _require_mailbox(request)
    return render(request, "web/mailbox.html", {"mails": DemoMessage.objects.all()[:100]})


@require_safe
@never_cache
def mailbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """`/demo/postfach/<id>/`: one mail as plain text."""
    _require_mailbox(request)
    return render(request, "web/mailbox_message.html", {"mail": get_object_or_404(DemoMessage, pk=pk)})


def _require_mailbox(request: HttpRequest) -> None:
    if not mailbox.is_reachable(request):
        raise NotFound(gettext("Vielleicht ist die Adresse falsch geschrieben oder die Seite ist umgezogen."))


@require_safe
def outlines(request: HttpRequest) -> HttpResponse:
    """`/umrisse.geojson`: outlines of the city and its districts, the ground of every map."""
    response = JsonResponse(outline_collection(), content_type="application/geo+json")
    response.headers["Cache-Control"] = f"public, max-age={OUTLINE_SECONDS}"
    return response


@require_safe
def styleguide_page(request: HttpRequest) -> HttpResponse:
    """`/styleguide/`: every component with the snippet that makes it."""
    return render(request, "web/styleguide.html", {"sections": styleguide.shown_sections(request)})
